"""Formats by their names."""

from __future__ import annotations

from typing import get_args

from bertprep.corpus.formats.registry import FORMATS
from bertprep.options import FileFormat, InputFormat
from tests.corpus.reading import (
    LINES,
)


def test_every_format_has_a_name_an_option_and_a_sample() -> None:
    assert {"auto", *FORMATS} == set(get_args(InputFormat))
    not_cut = {"json", "warc", "html", "gutenberg", "mail", "imdb"}
    in_lines = {name for name, known in FORMATS.items() if not known.has_rows} - not_cut
    assert set(FORMATS) == set(get_args(FileFormat))
    assert in_lines == set(LINES)
