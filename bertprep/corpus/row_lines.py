"""Rows that are no documents, but the lines of one text, one after the other.

The Hugging Face hub has WikiText, CC-100 and BookCorpus so: each line of their files became a row
of a table.  Such rows are read as the lines that they were, by the format of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO, cast

from bertprep.common.drops import Drops
from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.format import Source
from bertprep.corpus.formats.registry import FORMATS, LINE_FORMATS, ROW_FORMATS
from bertprep.corpus.formats.rows import field_names
from bertprep.corpus.sample import HEAD_BYTES, Sample
from bertprep.corpus.seekable import DamagedError, Pieces, PieceStream
from bertprep.options import FileFormat, ReadOptions

_ROWS_TO_LOOK_AT, _FEWEST_ROWS = 500, 100
_LEAST_BYTES = 3072
_ENDED_SHARE, _BLANK_SHARE = 0.95, 0.005
_LINE_ENDS = b"\r\n"
_TABLES = ("parquet", "arrow")
_GAPS = (
    "has a line in each row, and some rows without text, as a file of lines read by "
    '`load_dataset("text")` has: each row is a document; if the empty ones stand between '
    "documents, say --input-format text"
)
# Fields that only count rows.
_NUMBERS = {"id", "idx", "index", "__index_level_0__"}


def lines_of(rows: FileFormat, source: Source) -> BinaryIO:
    """The texts of the rows of a file as a stream of lines; one without text is a blank line."""

    def pieces() -> Pieces:
        return map(_line, _texts(rows, source))

    return cast(BinaryIO, PieceStream(pieces))


def _line(text: bytes) -> bytes:
    return text.rstrip(_LINE_ENDS) + b"\n"


def _texts(rows: FileFormat, source: Source) -> Iterator[bytes]:
    return (document.text for document in FORMATS[rows].documents(source))


def with_lines(file: InputFile, content: BinaryIO, options: ReadOptions) -> InputFile:
    """The file as it is read: if its rows certainly are the lines of one text, as that text.

    Args:
        file: as it was recognised.
        content: of it, decompressed and in UTF-8; its first rows are read.
        options: how it is read; who names the format of a file is believed.
    """
    if options.input_format != "auto" or file.format not in ROW_FORMATS or _is_little(file):
        return file
    fields: set[str] = set()
    source = Source(
        file.name, content, 0, file.size, options, Drops(), lambda *_: None, fields=fields
    )
    try:
        texts = _lone_lines(file.format, source)
    except DamagedError:  # is told when it is read
        return file
    found, labelled = _format_of_lines(file, texts), _are_labelled(fields, options)
    if found and not (found == "bookcorpus" and labelled):
        return replace(file, format=found, rows=file.format)
    if file.format in _TABLES and not labelled and _have_gaps(texts):
        return replace(file, warning=f"{file.path} {_GAPS}")
    return file


def _is_little(file: InputFile) -> bool:
    """Whether there are a few rows at most: of such files there may be very many."""
    is_plain = file.compression == "none" and not FORMATS[file.format].has_rows
    return is_plain and file.size < _LEAST_BYTES


def _are_labelled(fields: set[str], options: ReadOptions) -> bool:
    """Whether there is something of each row beside its text: then it is one by itself."""
    return bool(fields - {*field_names(options.text_field, fields), *_NUMBERS})


def _lone_lines(rows: FileFormat, source: Source) -> list[bytes]:
    """The texts of the first rows; none if one of them has several lines."""
    texts = []
    for text in islice(_texts(rows, source), _ROWS_TO_LOOK_AT):
        if b"\n" in text.rstrip(_LINE_ENDS):
            return []
        texts.append(text)
    return texts


def _format_of_lines(file: InputFile, texts: list[bytes]) -> FileFormat | None:
    is_whole = len(texts) < _ROWS_TO_LOOK_AT
    sample = Sample(file.path, b"".join(map(_line, texts))[:HEAD_BYTES], is_whole)
    for name in LINE_FORMATS[:-1]:
        if FORMATS[name].recognises(sample):
            return name
    return "text" if _have_line_ends(texts) else None


def _have_line_ends(texts: list[bytes]) -> bool:
    """Whether each row ends as a line does and some are blank, as between documents."""
    ended = sum(text.endswith(b"\n") for text in texts)
    return ended >= _ENDED_SHARE * len(texts) and _have_gaps(texts)


def _have_gaps(texts: list[bytes]) -> bool:
    """Whether some of many rows are blank, as the lines between documents are."""
    blank = sum(not text.strip() for text in texts)
    return len(texts) >= _FEWEST_ROWS and blank >= _BLANK_SHARE * len(texts)
