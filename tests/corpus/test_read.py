"""From files to documents: what is taken, what is refused with one line, what is counted."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import ByteRange
from bertprep.corpus.read import read_split
from bertprep.corpus.sizes import ReadSizes
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from tests.corpus.reading import (
    BOM,
    TEXT,
    Result,
    documents_of,
    look_at,
    open_file,
    read,
    refusal,
)

# Documents


@pytest.mark.parametrize("rule", ["blank-line", "line", "file"])
def test_a_byte_order_mark_is_no_text(write: Any, rule: str) -> None:
    result = read(write(BOM + TEXT.encode()), documents=rule)
    assert result.documents[0][0] == 3
    assert "".join(result.texts).startswith("One panda.")


@pytest.mark.parametrize("rule", ["blank-line", "line"])
@pytest.mark.parametrize("content", [b"", BOM, b"\n", b" \r\n\t\n", b"\xe3\x80\x80" * 5])
def test_files_without_text_have_no_documents(write: Any, rule: str, content: bytes) -> None:
    assert read(write(content), documents=rule) == Result([], {}, [])


def test_documents_of_several_ranges_and_files_come_in_order(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a1\n\na2\n")
    (tmp_path / "b").write_text('{"text": "b1"}\n')
    files = [look_at(tmp_path / name, ReadOptions()) for name in "ab"]
    (split,) = plan_splits(files, ReadOptions())
    batches = list(read_split(split, open_file, ReadOptions(), Drops()))
    assert [batch.name for batch in batches] == ["a", "b"]
    assert [list(documents_of(batch)) for batch in batches] == [
        [(0, "a1"), (4, "a2")],
        [(0, "b1")],
    ]


def test_batches_are_columns_with_a_blank_line_between_documents(write: Any) -> None:
    file = look_at(write("aa\n\nbb\n\ncc"), ReadOptions())
    split, sizes = (ByteRange(file, 0, 10),), ReadSizes(batch=4)
    batches = list(read_split(split, open_file, ReadOptions(), Drops(), sizes))
    assert [(b.text, b.starts.tolist(), b.ends.tolist(), b.offsets.tolist()) for b in batches] == [
        (b"aa\n\nbb", [0, 4], [2, 6], [0, 4]),
        (b"cc", [0], [2], [8]),
    ]


def test_files_are_closed_when_read_and_when_not_read_to_the_end(write: Any) -> None:
    opened: list[BinaryIO] = []

    def opening(path: str) -> BinaryIO:
        opened.append(open_file(path))
        return opened[-1]

    for content in (b"a\n\nb", gzip.compress(b"a\n\nb")):
        file = look_at(write(content), ReadOptions())
        split = (ByteRange(file, 0, file.size),)
        how = opening, ReadOptions(), Drops(), ReadSizes(batch=1)
        batches = read_split(split, *how)
        assert next(batches).text == b"a"
        batches.close()  # type: ignore[attr-defined]
        list(read_split(split, *how))
    assert len(opened) == 4
    assert all(stream.closed for stream in opened)


# Bad input: one line that tells the place and the way out, or a count.


# Damaged gzip files


def noisy(documents: int) -> tuple[bytes, list[str]]:
    """Documents that hardly compress, one a line."""
    rng = random.Random(1)
    letters = str.maketrans("0123456789", "ghijklmnop")
    texts = [rng.randbytes(50).hex().translate(letters) for _ in range(documents)]
    return "".join(f"{text}\n" for text in texts).encode(), texts


@pytest.mark.slow
@pytest.mark.parametrize("left_out", [1, 8, 9, 1000, 40_000])
def test_a_truncated_gzip_file_fails_or_gives_what_is_there(write: Any, left_out: int) -> None:
    content, texts = noisy(1000)
    path = write(gzip.compress(content)[:-left_out])
    message = refusal(path, documents="line")
    assert "truncated" in message
    assert "fetch it again" in message
    assert "--bad-input drop" in message

    result = read(path, documents="line", bad_input="drop")
    assert result.counts == {"damaged_file": 1}
    # The last line may be cut, so it goes too.
    count = len(result.texts)
    assert result.texts == texts[:count]
    assert count >= 1000 - 1 - left_out // 40
    ((reason, offset, text),) = result.dropped
    assert (reason, text) == ("damaged_file", "")
    assert count * 101 <= offset <= len(content)


@pytest.mark.slow
def test_a_gzip_file_damaged_inside_fails_or_gives_what_comes_before(write: Any) -> None:
    content, texts = noisy(3000)
    compressed = bytearray(gzip.compress(content))
    compressed[100_000:100_100] = b"\xff" * 100
    path = write(compressed)
    message = refusal(path, documents="line")
    assert "damaged" in message
    assert "fetch it again" in message
    result = read(path, documents="line", bad_input="drop")
    # What follows the damage is no text any more, or not seen to be none before the checksum.
    assert result.counts["damaged_file"] == 1
    assert result.texts[:1500] == texts[:1500]


def test_a_wrong_checksum_and_bytes_after_the_end_are_damage(write: Any) -> None:
    sound = gzip.compress(b"one\n\ntwo\n\nthree")
    for content in (sound[:-8] + bytes(8), sound + b"garbage"):
        path = write(content)
        assert "is damaged" in refusal(path)
        result = read(path, bad_input="drop")
        assert result.texts == ["one", "two"]
        assert result.counts == {"damaged_file": 1}


def test_a_damaged_file_is_no_document_where_files_are(write: Any) -> None:
    path = write(gzip.compress(b"one\n\ntwo")[:-4])
    result = read(path, documents="file", bad_input="drop")
    assert result.texts == []
    assert result.counts == {"damaged_file": 1}


@pytest.mark.slow
def test_a_bad_record_before_the_damage_is_told_with_its_own_place(write: Any) -> None:
    content = b"good\n\nb\xffd\n\n" + noisy(1000)[0]
    path = write(gzip.compress(content)[:-100])
    assert refusal(path).startswith(": line 3 (byte 7) is not UTF-8 (0xff)")


def test_gzip_members_and_padding_are_one_stream(write: Any) -> None:
    # A document may go over from one member to the next, as `cat a.gz b.gz` makes it.
    content = gzip.compress(b"one\n\nt") + gzip.compress(b"") + gzip.compress(b"wo\n") + bytes(512)
    assert read(write(content)).documents == [(0, "one"), (5, "two")]


# Titles


@pytest.mark.slow
def test_a_line_of_fifty_megabytes_and_empty_documents_work(write: Any) -> None:
    line = b"The panda eats bamboo. " * (50_000_000 // 23)
    path = write(BOM + b"\n\n\n" + line + b"\n\n \n\nNext.")
    result = read(path, cuts=[20_000_000, 40_000_000])
    assert [(offset, len(text)) for offset, text in result.documents] == [
        (6, len(line) - 1),
        (6 + len(line) + 5, 5),
    ]
