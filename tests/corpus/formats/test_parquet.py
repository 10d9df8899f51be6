"""Parquet: what is known before it is read, and what is damaged."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.corpus.formats.registry import FORMATS
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from tests.corpus.formats.tables import TEXTS, open_file, read, write_parquet


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
        read(path, input_format="mail")
    path.write_text("Prose.")
    with pytest.raises(InputError, match="in is no Parquet file; leave --input-format parquet out"):
        read(path, input_format="parquet")


def test_oscar_in_rows_has_its_text_in_content(tmp_path: Path) -> None:
    rows = {"id": [1], "content": ["A panda."], "warc_headers": [{"warc-type": "conversion"}]}
    pq.write_table(pa.table(rows), tmp_path / "in")
    assert read(tmp_path / "in")[0] == [(0, "A panda.")]
