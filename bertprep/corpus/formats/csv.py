"""CSV and TSV: the first line names the columns, and one of them holds a document's text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, ClassVar, Literal, NamedTuple

import pyarrow as pa
import pyarrow.csv as pacsv

from bertprep.corpus.compression import Watched, arrow_damage
from bertprep.corpus.formats.csv_quotes import CountedQuotes, ends_within_quotes, quotes_enclose
from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.formats.rows import field_names
from bertprep.corpus.formats.text_columns import batch_documents, text_columns
from bertprep.corpus.records import Record
from bertprep.corpus.sample import HEAD_BYTES, Part, Sample
from bertprep.errors import InputError
from bertprep.options import FileFormat, ReadOptions

_LONGEST_NAMES = 1 << 14
_EQUAL_SHARE = 0.9
_QUOTED_SHARE = 0.3
_NAME = re.compile(r"\s*[^\W\d][\w .#/()-]{0,39}\s*|")


# What stands before a quote within quotes: another one, or as Spark and MySQL write it.
_ESCAPES = ("", "\\")


class Dialect(NamedTuple):
    """The delimiter of cells, whether quotes enclose them, and the names of the columns.

    ``escape`` stands before a quote within quotes; "" if that is another quote.
    """

    delimiter: str
    is_quoted: bool
    columns: list[str]
    escape: str = ""


class Csv(Format):
    """Cells between commas, semicolons or bars, in quotes where they hold such or a line break."""

    name: ClassVar[FileFormat] = "csv"
    shown: ClassVar[str] = "CSV"
    evidence: ClassVar[str] = "its first line names the column of text"
    has_fields: ClassVar[bool] = True
    has_rows: ClassVar[bool] = True
    delimiters: ClassVar[str] = ",;|"

    def recognises(self, sample: Sample) -> bool:
        """The first line names the text's column, and the others have as many cells."""
        first_line = sample.text[:_LONGEST_NAMES].partition(b"\n")[0]
        if not any(name.encode() in first_line for name in field_names(sample.text_field, ())):
            return False  # as most files, of which there may be many
        return any(
            _is_table_of_text(sample.first, sample.text_field, delimiter, escape)
            for delimiter in self.delimiters
            for escape in _escapes(sample.first)
        )

    def check(self, stream: BinaryIO, path: str, options: ReadOptions) -> int:
        dialect = self._dialect(stream, options)
        if not dialect.columns:
            return 0
        text_columns(_schema(dialect), options.text_field, path)
        return 0

    def documents(self, source: Source) -> Iterator[Document]:
        dialect = self._dialect(source.stream, source.options)
        if not dialect.columns:
            return
        schema = _schema(dialect)
        columns = text_columns(schema, source.options.text_field, source.name)
        watched, bad = CountedQuotes(source.stream), list[pacsv.InvalidRow]()
        reader, row = _opened(watched, dialect, columns, bad, source), 0
        batch, following = None, _next_batch(reader, watched, source)
        while following or bad:
            for invalid in bad:
                _bad_row(invalid, source)
            bad.clear()
            batch, following = following, following and _next_batch(reader, watched, source)
            if batch and not following and _is_open(watched, source, dialect):
                batch = _without_last(batch, row, source)
            if batch:
                yield from batch_documents(batch, set(schema.names), row, source)
                row += batch.num_rows

    def may_be_cut(self, options: ReadOptions) -> bool:
        return False  # a line break may be within quotes

    def _dialect(self, stream: BinaryIO, options: ReadOptions) -> Dialect:
        """That whose first line names the column of text, or the one with the most columns."""
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        part = Part(head, ends=len(head) < HEAD_BYTES)
        found = []
        for delimiter in self.delimiters:
            rows, is_quoted = _rows(part, delimiter)
            names = rows[0] if rows else []
            known = bool(set(field_names(options.text_field, names)) & set(names))
            found.append((known, len(names), Dialect(delimiter, is_quoted, names)))
        best = max(found, key=lambda option: option[:2])[2]
        for escape in _escapes(part):
            if _is_table_of_text(part, options.text_field, best.delimiter, escape):
                return best._replace(escape=escape)
        return best


class Tsv(Csv):
    """Cells between tabs."""

    name: ClassVar[FileFormat] = "tsv"
    shown: ClassVar[str] = "TSV"
    delimiters: ClassVar[str] = "\t"


def _escapes(part: Part) -> tuple[str, ...]:
    return _ESCAPES if '\\"' in part.text else _ESCAPES[:1]


def _is_table_of_text(part: Part, text_field: str, delimiter: str, escape: str) -> bool:
    """Whether the first row names the text's column, and the others have as many cells."""
    rows, _ = _rows(part, delimiter, escape)
    if not rows or not set(field_names(text_field, rows[0])) & set(rows[0]):
        return False
    return _is_table(rows, part)


def _rows(part: Part, delimiter: str, escape: str = "") -> tuple[list[list[str]], bool]:
    """The rows that a part holds as a whole, and whether quotes enclose cells.

    Between tabs they mostly do not, and a quote is one of the text.
    """
    text = part.text
    is_quoted = delimiter != "\t" or quotes_enclose(text, part.ends)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
    lines = io.StringIO(text, newline="")
    try:
        reader = csv.reader(
            lines,
            delimiter=delimiter,
            quoting=quoting,
            escapechar=escape or None,
            doublequote=not escape,
        )
        rows = [row for row in reader if row]
    except csv.Error:
        return [], is_quoted
    # Of a row that the part cuts there are cells to count, unless others are there as a whole.
    return (rows if part.ends or len(rows) < 3 else rows[:-1]), is_quoted


def _is_table(rows: Sequence[Sequence[str]], part: Part) -> bool:
    names, others = rows[0], rows[1:]
    if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        return False
    if not others and part.ends:
        return len(names) > 1  # what is written of no rows
    if len(names) == 1:
        quoted = sum(line.startswith(b'"') for line in part.filled)
        return len(others) > 1 and quoted >= _QUOTED_SHARE * len(part.filled)
    if len(others) == 1 and not part.ends:
        return 1 < len(others[0]) <= len(names)
    equal = sum(len(row) == len(names) for row in others)
    return equal >= max(1, _EQUAL_SHARE * len(others))


def _schema(dialect: Dialect) -> pa.Schema:
    return pa.schema([(name, pa.binary()) for name in dict.fromkeys(dialect.columns)])


def _opened(
    watched: Watched,
    dialect: Dialect,
    columns: list[str],
    bad: list[pacsv.InvalidRow],
    source: Source,
) -> pacsv.CSVStreamingReader:
    def skip(row: pacsv.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    with arrow_damage(watched), _long_rows(source):
        return pacsv.open_csv(
            pa.PythonFile(watched, mode="r"),
            pacsv.ReadOptions(use_threads=False, block_size=source.sizes.table_block),
            pacsv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if dialect.is_quoted else False,
                double_quote=not dialect.escape,
                escape_char=dialect.escape or False,
                newlines_in_values=dialect.is_quoted,
                invalid_row_handler=skip,
            ),
            pacsv.ConvertOptions(
                include_columns=columns,
                column_types={column: pa.binary() for column in columns},
                strings_can_be_null=False,
            ),
        )


def _is_open(watched: CountedQuotes, source: Source, dialect: Dialect) -> bool:
    """Whether nothing closes the last quote: few files have an odd number, and are looked at."""
    is_odd = dialect.is_quoted and not dialect.escape and watched.quotes % 2 == 1
    return is_odd and ends_within_quotes(source.stream, dialect.delimiter)


def _without_last(batch: pa.RecordBatch, row: int, source: Source) -> pa.RecordBatch:
    """A batch without its last row, which is bad; ``row`` is the number of its first."""
    last = row + batch.num_rows - 1
    what = "begins a cell with a quote that nothing closes"
    source.bad("bad_row", Record(last, last, b""), what, None)
    return batch.slice(0, batch.num_rows - 1)


@contextmanager
def _long_rows(source: Source) -> Iterator[None]:
    try:
        yield
    except pa.ArrowInvalid as error:
        if "straddling" not in str(error):
            raise
        raise InputError(
            f"{source.name} has a row of over {source.sizes.table_block >> 20} MiB, or a quote "
            "that nothing closes; mend it, or make JSON lines of it"
        ) from None


def _next_batch(
    reader: pacsv.CSVStreamingReader, watched: Watched, source: Source
) -> pa.RecordBatch | None:
    with arrow_damage(watched), _long_rows(source):
        return next(reader, None)


def _bad_row(row: pacsv.InvalidRow, source: Source) -> None:
    record = Record(row.number - 2, row.number - 2, row.text.encode())  # the names are its first
    what = f"has {row.actual_columns} cells, not {row.expected_columns} as the first line"
    source.bad("bad_row", record, what, None)
