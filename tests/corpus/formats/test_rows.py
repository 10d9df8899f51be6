"""Parquet, Arrow and `datasets`: rows as documents, by row groups and record batches."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import ByteRange, InputFile
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.read import read_split
from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.errors import InputError
from bertprep.options import ReadOptions

TEXTS = [f"The panda number {n} eats.\nIt sleeps. 熊猫" for n in range(1000)]


def open_file(path: str) -> BinaryIO:
    return open(path, "rb", buffering=0)


def looked_at(path: Path, options: ReadOptions) -> InputFile:
    content = path.read_bytes()
    return recognise(content[:HEAD_BYTES], str(path), path.name, len(content), options)


def read(
    path: Path, cuts: Sequence[int] = (), sizes: ReadSizes = READ_SIZES, **options: Any
) -> tuple[list[tuple[int, str]], dict[str, int]]:
    """(row, text) of a file's documents, read in ranges between the cuts; what is left out."""
    chosen = ReadOptions(**options)
    file = looked_at(path, chosen)
    edges = sorted({0, file.size, *cuts})
    drops = Drops()
    found = [
        (int(offset), batch.text[start:end].decode())
        for a, b in pairwise(edges)
        for batch in read_split((ByteRange(file, a, b),), open_file, chosen, drops, sizes)
        for offset, start, end in zip(batch.offsets, batch.starts, batch.ends, strict=True)
    ]
    return found, dict(drops.counts)


def check(path: Path, **options: Any) -> str:
    """What is said of a file before it is read."""
    chosen = ReadOptions(**options)
    file = looked_at(path, chosen)
    with open_file(str(path)) as stream, pytest.raises(InputError) as caught:
        FORMATS[file.format].check(stream, str(path), chosen)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{path} ")


def write_parquet(path: Path, table: pa.Table, rows: int = 100) -> None:
    pq.write_table(table, path, row_group_size=rows)


def write_stream(path: Path, table: pa.Table, rows: int = 100) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, rows)


def write_file(path: Path, table: pa.Table, rows: int = 100) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, rows)


def write_feather(path: Path, table: pa.Table, rows: int = 100) -> None:
    feather.write_feather(table, path, compression="lz4", chunksize=rows)


WRITERS = {
    "parquet": write_parquet,
    "stream": write_stream,
    "file": write_file,
    "feather": write_feather,
}
every_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=list(WRITERS))


@every_writer
def test_rows_are_documents_whatever_the_ranges(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    other = [random.Random(n).randbytes(500) for n in range(1000)]
    write(path, pa.table({"id": range(1000), "text": TEXTS, "other": other}))
    expected = list(enumerate(TEXTS))
    assert read(path) == (expected, {})
    rng = random.Random(1)
    for _ in range(10):
        cuts = rng.sample(range(path.stat().st_size), 7)
        assert read(path, cuts) == (expected, {})


@every_writer
@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_text_of_every_type(write: Any, kind: pa.DataType, tmp_path: Path) -> None:
    if write in (write_feather, write_parquet) and pa.types.is_string_view(kind):
        pytest.skip("not written by it")
    path = tmp_path / "in"
    write(path, pa.table({"text": pa.array(TEXTS[:250]).cast(kind)}))
    assert [text for _, text in read(path)[0]] == TEXTS[:250]


@every_writer
def test_fields_within_lists_and_several(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "in"
    rows = [
        {"data": {"text": ["One.", "Two."], "n": 1}, "more": "Three."},
        {"data": {"text": ["Four."], "n": 2}, "more": None},
        {"data": None, "more": "Five."},
    ]
    write(path, pa.Table.from_pylist(rows))
    both = read(path, text_field="data.text,more")
    assert both == ([(0, "One.\nTwo.\n\nThree."), (1, "Four."), (2, "Five.")], {})
    only = read(path, text_field="more", bad_input="drop")
    assert only == ([(0, "Three."), (2, "Five.")], {"no_text": 1})
    with pytest.raises(
        InputError, match=r': row 2 has a null as "more", not a string; --bad-input'
    ):
        read(path, text_field="more")


@every_writer
def test_a_column_that_is_missing_or_holds_no_text_names_those_that_do(
    write: Any, tmp_path: Path
) -> None:
    path = tmp_path / "in"
    write(path, pa.table({"id": [1], "body": ["One."], "title": ["A"]}))
    assert check(path) == (
        'has no column "text"; name one of its columns of text by --text-field: "body", "title"'
    )
    assert check(path, text_field="id").startswith('has int64 in its column "id", not text; name')
    assert check(path, text_field="a.b,c").startswith('has no column "a.b" or "c"; name one')
    write(path, pa.table({"ids": [1]}))
    assert check(path) == 'has no column "text"; none of its columns holds text ("ids")'


@every_writer
def test_a_column_of_bytes_that_are_no_text(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "in"
    write(path, pa.table({"text": [b"One.", b"b\xffd", b"Two."]}))
    assert read(path, bad_input="drop") == ([(0, "One."), (2, "Two.")], {"not_utf8": 1})
    with pytest.raises(InputError, match="row 2 has a text that is not UTF-8"):
        read(path)


@every_writer
def test_a_cut_file_is_told(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "in"
    write(path, pa.table({"text": TEXTS}))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    if write is write_parquet:  # it says at its end what is in it
        assert "is damaged" in check(path)
        return
    with pytest.raises(InputError, match=r"in is truncated: .*fetch it again, or take"):
        read(path)
    found, counts = read(path, bad_input="drop")
    assert [text for _, text in found] == TEXTS[: len(found)]
    assert 500 <= len(found) < 1000
    assert counts == {"damaged_file": 1}


def test_a_damaged_page_is_told(tmp_path: Path) -> None:
    path = tmp_path / "in"
    write_parquet(path, pa.table({"text": TEXTS}), 500)
    content = bytearray(path.read_bytes())
    place = pq.read_metadata(path).row_group(1).column(0).dictionary_page_offset
    content[place : place + 3000] = b"\xff" * 3000
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"in is damaged \(.*no sound parquet file"):
        read(path)
    found, counts = read(path, bad_input="drop")
    assert [text for _, text in found] == TEXTS[:500]
    assert counts == {"damaged_file": 1}


def test_the_bytes_of_text_are_known_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "in"
    noise = [random.Random(n).randbytes(999) for n in range(1000)]
    write_parquet(path, pa.table({"text": TEXTS, "noise": noise}))
    with open_file(str(path)) as stream:
        size = FORMATS["parquet"].check(stream, str(path), ReadOptions())
    total = sum(len(text.encode()) for text in TEXTS)
    assert total <= size < 1.5 * total


def test_no_option_makes_anything_else_of_them(tmp_path: Path) -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": TEXTS}), stream)
    path = tmp_path / "in"
    path.write_bytes(stream.getvalue())
    with pytest.raises(InputError, match="is a Parquet file"):
        read(path, input_format="text")
    path.write_text("Prose.")
    with pytest.raises(InputError, match="in is no Parquet file; leave --input-format parquet out"):
        read(path, input_format="parquet")


@pytest.mark.parametrize("write", [write_parquet, write_stream])
def test_a_field_of_each_item_of_a_list(tmp_path: Path, write: Any) -> None:
    passages = [[{"text": "One.", "n": 1}, {"text": "Two.", "n": 2}], [], None]
    table = pa.table({"passages": passages, "url": [1, 2, 3]})
    write(tmp_path / "in", table)
    found, drops = read(tmp_path / "in", text_field="passages.text", bad_input="drop")
    assert [text for _, text in found] == ["One.\nTwo.", ""]
    assert drops == {"no_text": 1}
    said = check(tmp_path / "in")
    assert said.endswith('name one of its columns of text by --text-field: "passages.text"')
