"""Compressed files of every kind: found, read whole, read up to damage, and told from bad disks."""

from __future__ import annotations

import gzip
import io
import lzma
import random
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.compression import (
    COMPRESSED_HEAD_BYTES,
    Compression,
    compression_of,
    decompressed,
    text_bytes,
)
from bertprep.corpus.files import InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.recognise import RefusedError, recognise
from bertprep.corpus.seekable import DamagedError
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from tests.corpus.compressed import COMPRESS, PROSE, by_arrow, every_kind, opened

SKIPPED_FRAME = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"


def read(path: Path, **options: Any) -> tuple[list[str], dict[str, int]]:
    chosen = ReadOptions(**options)
    content = path.read_bytes()
    file = recognise(content[:COMPRESSED_HEAD_BYTES], str(path), path.name, len(content), chosen)
    drops = Drops()
    texts = [
        batch.text[start:end].decode()
        for split in plan_splits([file], chosen)
        for batch in read_split(split, open_file, chosen, drops)
        for start, end in zip(batch.starts, batch.ends, strict=True)
    ]
    return texts, dict(drops.counts)


def open_file(path: str) -> BinaryIO:
    return open(path, "rb", buffering=0)


@pytest.mark.slow
@every_kind
def test_a_compressed_file_reads_as_the_plain_one(kind: Compression, tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain.bz2", tmp_path / "packed.txt"
    plain.write_bytes(PROSE)
    packed.write_bytes(COMPRESS[kind](PROSE))
    assert compression_of(packed.read_bytes()) == kind
    texts, counts = read(packed)
    assert len(texts) == 400
    assert (texts, counts) == read(plain)


@every_kind
def test_streams_one_after_the_other_are_one(kind: Compression) -> None:
    content = random.Random(1).randbytes(600_000)
    compress = COMPRESS[kind]
    members = compress(content[:1000]) + compress(b"") + compress(content[1000:])
    stream = opened(members, kind)
    assert stream.read(300_000) == content[:300_000]
    assert stream.read(0) == b""
    assert stream.tell() == 300_000
    assert stream.read() == content[300_000:]
    assert stream.read(10) == b""
    assert stream.seek(5) == 5
    assert stream.read(7) == content[5:12]
    assert stream.seek(590_000) == 590_000
    assert stream.read() == content[590_000:]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("gzip", gzip.compress(PROSE, mtime=0) + bytes(512)),
        ("xz", lzma.compress(PROSE) + bytes(8)),
        ("zstd", SKIPPED_FRAME + by_arrow("zstd")(PROSE)),
    ],
)
def test_padding_is_no_text(kind: Compression, content: bytes) -> None:
    assert compression_of(content) == kind
    assert opened(content, kind).read() == PROSE


def test_a_wrong_checksum_is_told_after_the_text() -> None:
    stream = opened(gzip.compress(PROSE)[:-8] + bytes(8), "gzip")
    assert stream.read(len(PROSE)) == PROSE
    for _ in range(2):
        with pytest.raises(DamagedError, match="CRC"):
            stream.read(1000)


@pytest.mark.slow
@every_kind
def test_damage_fails_or_gives_the_documents_before_it(kind: Compression, tmp_path: Path) -> None:
    rng = random.Random(2)
    texts = [f"A line of {rng.randbytes(40).hex()} and some." for _ in range(16_000)]
    content = "\n".join(texts).encode()
    compressed = bytearray(COMPRESS[kind](content))
    place = len(compressed) * 3 // 5
    # zstd has no checksum here: only the head of a block, one in 128 KiB, shows damage.
    compressed[place : place + 150_000] = b"\xff" * 150_000
    path = tmp_path / "in.txt"
    path.write_bytes(compressed)
    with pytest.raises(InputError) as caught:
        read(path, documents="line")
    message = str(caught.value)
    assert message.startswith(f"{path} is damaged (")
    assert "fetch it again, or take the documents before the damage by --bad-input" in message
    found, counts = read(path, documents="line", bad_input="drop")
    # Bytes that are no UTF-8 any more may come before the damage is seen.
    assert counts["damaged_file"] == 1
    sound = next((n for n, text in enumerate(found) if text != texts[n]), len(found))
    assert sound > 5_000


@pytest.mark.parametrize("kind", [kind for kind in COMPRESS if kind != "gzip"])
def test_bytes_after_the_end_are_damage(kind: Compression, tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(COMPRESS[kind](PROSE) + b"garbage")
    with pytest.raises(InputError, match="no sound"):
        read(path)


@pytest.mark.slow
@every_kind
def test_a_disk_that_fails_is_no_damage(kind: Compression) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 1 << 19:
                raise OSError("the disk is gone")
            return super().read(size)

    noise = random.Random(1).randbytes(2 << 20)
    stream = decompressed(Failing(COMPRESS[kind](noise)), kind)
    with pytest.raises(OSError, match="the disk is gone"):
        while stream.read(1 << 16):
            pass


@every_kind
def test_what_it_holds_is_looked_at(kind: Compression, tmp_path: Path) -> None:
    rows = "".join(f"{n},A title,2020-01-0{n}\n" for n in range(1, 9))
    path = tmp_path / "in.dat"
    path.write_bytes(COMPRESS[kind](("id,title,date\n" + rows).encode()))
    with pytest.raises(RefusedError, match="is a table, not prose: 3 columns"):
        read(path)


def test_text_that_begins_like_a_magic_is_text() -> None:
    for text in (b"BZh91 is a model\n", b"P*M is none\n", b"BZh is short"):
        assert compression_of(text) == "none"


def test_a_zstd_file_that_needs_too_much_memory_says_how_to_go_on() -> None:
    error = DamagedError("ZSTD decompress failed: Frame requires too much memory for decoding")
    assert "zstd -dc --long=31 OLD | zstd > NEW" in error.describe("zstd")


def test_the_text_of_a_compressed_file_is_taken_for_several_times_its_size() -> None:
    assert text_bytes(InputFile("/corpus/a", "a", 10)) == 10
    assert text_bytes(InputFile("/corpus/a.gz", "a.gz", 10, "gzip")) == 30
    assert text_bytes(InputFile("/corpus/a.bz2", "a.bz2", 10, "bzip2")) == 35
    assert text_bytes(InputFile("/corpus/a.gz", "a.gz", 10, "gzip", text_size=77)) == 77
