"""Tables: lines cut into the same number of cells by commas, tabs, semicolons or bars."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from bertprep.corpus.formats.csv_quotes import quotes_enclose
from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding
from bertprep.corpus.shapes.odd_tables import odd_table
from bertprep.corpus.shapes.table_columns import (
    COLUMN_NAMES,
    DELIMITERS,
    Row,
    is_header,
    table_finding,
)

_FEWEST_OF_TWO = 20
_FEWEST_ROWS_OF_CLASSES = 20
_FEWEST_ROWS = 3
_EQUAL_SHARE = 0.9
_MOST_ROWS = 400
_NUMBER = re.compile(
    r"\s*(?:[-+]?[\d.,]+(?:e[-+]?\d+)?%?|\d{4}-\d\d(?:-\d\d)?[\d:TZ. +]*|https?://\S+|[0-9a-f]{8,})\s*",
    re.I,
)
_TERM = re.compile(r"(?<![^\s(\[{=<>+*/-])\|(?! )[^|\s](?:[^|]*[^|\s])?\|(?![\w|])")
_QUOTED = {
    d: re.compile(rf'(?:^|{re.escape(d)})"(?:[^"]|"")*"(?:{re.escape(d)}|$)', re.M)
    for d in DELIMITERS
}


def table(part: Part) -> Finding | None:
    """A table of two or more columns."""
    for delimiter in DELIMITERS:
        if part.data.count(delimiter.encode()) < _EQUAL_SHARE * len(part.filled) / 4:
            continue
        if delimiter == "," and _is_spaced_prose(part):
            continue
        rows = _rows(part, delimiter)
        if rows and _is_table(rows, delimiter, part):
            is_named = part.starts and is_header(rows[0])
            made = table_finding(rows, delimiter, is_named, delimiter != "\t" or _is_quoted(part))
            return _behind_notes(made) if is_named and _is_note(part.filled[0]) else made
    return odd_table(part)


def _is_note(line: bytes) -> bool:
    return line.startswith(b"# ")


def _behind_notes(found: Finding) -> Finding:
    """The finding where the names of the columns are not in the first line."""
    return found._replace(
        what=f"{found.what}, below lines that begin with #",
        advice="cut these off",
        command="grep -v '^# '",
        made=".csv",
        options=found.advice.partition(": ")[2],
    )


def _is_spaced_prose(part: Part) -> bool:
    """Whether commas are followed by blanks, and no names of columns come first: most files."""
    if part.data.count(b", ") < 0.98 * part.data.count(b",") or part.data.count(b'"') > 2:
        return False
    first = part.filled[0].decode("utf-8", "replace").lower() if part.filled else ""
    return not {cell.strip() for cell in first.split(",")} & COLUMN_NAMES


def _rows(part: Part, delimiter: str) -> list[Row]:
    """Rows of the most frequent width if nearly all have it, and it is two or more; else none."""
    text = "\n".join(line for line in part.text.splitlines() if not line.startswith("# "))
    if delimiter not in text:
        return []
    try:
        lines = io.StringIO(text, newline="")
        if delimiter == "\t" and not _is_quoted(part):
            reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(lines, delimiter=delimiter)
        rows = [row for row in islice(reader, _MOST_ROWS) if any(cell.strip() for cell in row)]
    except csv.Error:
        return []
    if delimiter == "\t" and part.starts and rows:  # the names may be in quotes
        rows[0] = [cell.strip('"') for cell in rows[0]]
    if len(rows) == 2 and part.starts and not part.ends and is_header(rows[0]):
        missing = len(rows[0]) - len(rows[1])  # of a first row that is longer than the part
        return [rows[0], rows[1] + [""] * missing] if 0 <= missing < len(rows[0]) - 1 else []
    rows = rows[0 if part.starts else 1 : len(rows) if part.ends else -1]
    if len(rows) < _FEWEST_ROWS - part.starts * bool(rows and is_header(rows[0])):
        return []
    width, count = Counter(map(len, rows)).most_common(1)[0]
    good = [row for row in rows if len(row) == width]
    return good if width > 1 and count >= _EQUAL_SHARE * len(rows) else []


def _is_quoted(part: Part) -> bool:
    """Whether quotes enclose cells between tabs, which may hold line breaks then."""
    text = part.text
    if not part.starts:  # the row that it cuts may end within quotes
        text = text[text.find("\n") + 1 :]
    return '\t"' in text and quotes_enclose(text, part.ends)


def _is_table(rows: Sequence[Row], delimiter: str, part: Part) -> bool:
    width = len(rows[0])
    if part.starts and is_header(rows[0]) and len(rows) > 1:
        return True
    if delimiter == "\t":
        return all(cell.strip() for row in rows for cell in row) or width > 2
    if delimiter == "|" and width > 2:
        return not _are_around_terms(part)
    quoted = len(_QUOTED[delimiter].findall(part.text))
    if delimiter in ",;" and quoted >= 0.5 * len(rows):
        return True
    if _are_spaced(rows):  # as after the commas of prose
        return False
    if delimiter in "\x01\x1f":
        return True
    if len(rows) < _FEWEST_OF_TWO and width == 2 and delimiter == ",":
        return False
    return len(rows) > 4 and (_has_numbers(rows) or (quoted > 0 and _has_classes(rows)))


def _are_around_terms(part: Part) -> bool:
    """Whether bars open and close, as those of |x| < 1 do."""
    barred = [line for line in part.text.splitlines() if "|" in line]
    closed = sum("|" not in _TERM.sub("", line) for line in barred)
    return closed >= _EQUAL_SHARE * len(barred)


def _are_spaced(rows: Sequence[Row]) -> bool:
    """Whether a blank stands behind most delimiters."""
    behind = [cell for row in rows for cell in row[1:]]
    return sum(cell.startswith(" ") for cell in behind) > 0.5 * len(behind)


def _has_classes(rows: Sequence[Row]) -> bool:
    """Whether the first or last column has a few short values, again and again."""
    ends = ([row[0] for row in rows], [row[-1] for row in rows])
    return len(rows) >= _FEWEST_ROWS_OF_CLASSES and any(
        len(set(column)) <= 0.05 * len(rows) + 2 and all(0 < len(c) < 20 for c in column)
        for column in ends
    )


def _has_numbers(rows: Sequence[Row]) -> bool:
    """Whether a column is of numbers, dates or addresses."""
    columns = list(zip(*rows, strict=True))
    return any(
        sum(bool(_NUMBER.fullmatch(cell)) for cell in column) >= _EQUAL_SHARE * len(rows)
        for column in columns
    )
