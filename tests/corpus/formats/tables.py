"""Tables in Parquet and Arrow."""

from __future__ import annotations

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


def write_parquet(path: Path, table: pa.Table, rows: int = 100) -> None:
    pq.write_table(table, path, row_group_size=rows)


def check(path: Path, **options: Any) -> str:
    """The error that is told of a file before it is read."""
    chosen = ReadOptions(**options)
    file = looked_at(path, chosen)
    with open_file(str(path)) as stream, pytest.raises(InputError) as caught:
        FORMATS[file.format].check(stream, str(path), chosen)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{path} ")


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
