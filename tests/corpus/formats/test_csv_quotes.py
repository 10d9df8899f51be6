"""A quote that nothing closes takes the rest of a file into its cell: that is told."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.corpus.formats.csv_quotes import ends_within_quotes
from bertprep.errors import InputError
from tests.corpus.published import read


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ('id,text\n1,"One.\nTwo."\n', False),
        ('id,text\n1,"One.\nTwo.\n', True),
        ("id,text\n1,He is 5'2\" tall.\n", False),
        ('id,text\n1,"He is 5\'2"" tall.\n', True),
        ('id,text\n1,"He said ""no"""', False),
        ('"id","text"\r\n"1",""\r\n', False),
        ('id,text\n1,"', True),
        ("", False),
    ],
)
def test_whether_a_file_ends_within_quotes(text: str, is_open: bool) -> None:
    assert ends_within_quotes(io.BytesIO(text.encode()), ",") is is_open


@given(st.lists(st.lists(st.text('a",\n;', max_size=6), min_size=2, max_size=2), max_size=5))
def test_what_is_written_by_a_library_is_closed(rows: list[list[str]]) -> None:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    data = lines.getvalue().encode()
    assert not ends_within_quotes(io.BytesIO(data), ",")
    assert ends_within_quotes(io.BytesIO(data + b'1,"open'), ",")


@pytest.mark.parametrize("stored", [bytes, gzip.compress])
def test_the_row_is_named_and_left_out(tmp_path: Path, stored: type[bytes]) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(stored(b'id,text\n1,One.\n2,"Two,\nand a half."\n3,"Three.\n4,Four.\n'))
    with pytest.raises(InputError, match="row 3 begins a cell with a quote that nothing closes"):
        read(path)
    texts, drops, _ = read(path, bad_input="drop")
    assert texts == ["One.", "Two,\nand a half."]
    assert drops.counts == {"bad_row": 1}


def test_an_odd_quote_within_a_cell_is_one_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("id,text\n1,He is 5'2\" tall.\n2,And so on.\n")
    assert read(path)[0] == ["He is 5'2\" tall.", "And so on."]
