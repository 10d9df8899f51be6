"""Tables that no count of delimiters shows: by quotes, by first cells, by the names above them."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import mean

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import STOPPED_BYTES, Finding
from bertprep.corpus.shapes.table_columns import (
    COLUMN_NAMES,
    DELIMITERS,
    Row,
    table_finding,
)

_FIRST_CELL = re.compile(
    rb"(?:\d[\d.:/TZ-]*|\"\d[^\"\s]*\"|L\d+ (?=\+))"
    rb"([,;|~]|\+\+\+\$\+\+\+|:(?=\D[^:]*:))(?! ?\d\d?:\d\d)(?=\S| )"
)
# Cells between several signs, as of word lists and aligned sentences.
_WIDE = re.compile(rb" +\|{1,3} | ::+ |\|\||\t\|\t| => | <-?> | ={2,3} ")
_QUOTES, _BARE_CELL = (b'"', b"'"), re.compile(rb"([\"'])[,;][\w.-]{1,20}$")
_BARE_CELL_BYTES = 22
_FEWEST_LINES, _FEWEST_QUOTED, _SHARE = 20, 6, 0.9


def odd_table(part: Part) -> Finding | None:
    """A table of one column, or of columns between other signs, by the first test that fits."""
    found = _one_column(part) or _quoted_cells(part) or _long_cells(part) or _first_cells(part)
    return found or _wide_delimiters(part) or _quoted_pairs(part)


def _usual(marks: Iterable[bytes], lines: Sequence[bytes]) -> str:
    """The mark that nearly as many lines have as there are; empty if none is."""
    mark, count = next(iter(Counter(marks).most_common(1)), (b"", 0))
    return mark.decode() if count >= 0.95 * len(lines) else ""


def _wide_delimiters(part: Part) -> Finding | None:
    """As many of one sign between blanks in each line."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES:
        return None
    mark = _usual((m[0] for line in lines if (m := _WIDE.search(line))), lines)
    if not mark:
        return None
    cells = [line.decode("utf-8", "replace").split(mark) for line in lines]
    longest = max(range(min(map(len, cells))), key=lambda i: mean(len(row[i]) for row in cells))
    escaped = re.sub(r"([|=])", r"[\1]", mark)
    return Finding(
        "a table",
        f"is a table, not prose: {mark.strip()} stands between the cells of each line",
        "cut out the one of text",
        f"awk -F {shlex.quote(escaped)} '{{print ${longest + 1}}}'",
        options="--documents line",
    )


def _quoted_pairs(part: Part) -> Finding | None:
    """Lines of cells in quotes, whatever quotes stand within them."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES or sum(map(_is_quoted_pair, lines)) < _SHARE * len(lines):
        return None
    what = "is a table, not prose: its lines are cells in quotes"
    return Finding("a table", what, "write its text as JSON lines, one object a line")


def _is_quoted_pair(line: bytes) -> bool:
    """Whether a cell in quotes is followed by another, or by a last one of a word or a number."""
    first, last = line[:1], line[-1:]
    if first not in _QUOTES:
        return False
    if (end := _BARE_CELL.search(line[1:][-_BARE_CELL_BYTES:])) and end[1] == first:
        return True
    return last in _QUOTES and any(first + sign + last in line[1:-1] for sign in (b",", b";"))


def _quoted_cells(part: Part) -> Finding | None:
    """A table of one column: each cell is in quotes, and many hold line breaks."""
    lines = part.filled
    if len(lines) < _FEWEST_QUOTED or part.data.count(b'"') < len(lines) // 2:
        return None
    try:
        rows = [row for row in csv.reader(io.StringIO(part.text, newline=""), strict=True) if row]
    except csv.Error:
        return None
    opened = sum(line.startswith(b'"') for line in lines)
    if (
        max(map(len, rows), default=0) > 1
        or opened < 0.9 * len(rows)
        or len(rows) > 0.9 * len(lines)
    ):
        return None
    found = table_finding([[""]], ",", is_named=False)
    return found._replace(what="is a table, not prose: one column, its cells in quotes")


def _are_dated(lines: Sequence[bytes]) -> bool:
    """Whether sentences stand behind years, as in a chronicle: 1843, in May."""
    spaced = sum(line.partition(b",")[2].startswith(b" ") for line in lines)
    stopped = sum(bool(STOPPED_BYTES.search(line)) for line in lines)
    return 2 * min(spaced, stopped) > len(lines)


def _first_cells(part: Part) -> Finding | None:
    """A number or a date and a delimiter before each line, whose other cells are not in quotes."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES:
        return None
    mark = _usual((m[1] for line in lines if (m := _FIRST_CELL.match(line))), lines)
    if not mark or (mark == "," and _are_dated(lines)):
        return None
    return Finding(
        "a table",
        f"is a table, not prose: a number or a date and {mark!r} before each line",
        "cut that off",
        f"cut -d {shlex.quote(mark)} -f 2-",
        options="--documents line",
    )


def _one_column(part: Part) -> Finding | None:
    """A table of one column has its name first, then cells in quotes."""
    lines = part.filled
    if not part.starts or len(lines) < 3 or lines[0].decode("latin-1").lower() not in COLUMN_NAMES:
        return None
    if sum(line.startswith(b'"') for line in lines) < 0.3 * len(lines):
        return None
    found = table_finding([[lines[0].decode()], [""]], ",", is_named=True)
    return found._replace(what="is a table, not prose: one column, whose name comes first")


def _long_cells(part: Part) -> Finding | None:
    """A table whose first row is longer than what is looked at: the names above it tell."""
    first = part.filled[0].decode("utf-8", "replace") if part.starts and part.filled else ""
    for delimiter in DELIMITERS:
        names = [cell.strip('" ') for cell in first.split(delimiter)]
        if not part.ends and len(names) > 1 and {n.lower() for n in names} <= COLUMN_NAMES:
            return table_finding([names, _lengths_of(names)], delimiter, is_named=True)
    return None


def _lengths_of(names: Row) -> Row:
    """Cells as if the longest were that of the text."""
    texts = ("text", "content", "body", "article", "document", "review", "sentence")
    best = next((name for wanted in texts for name in names if name.lower() == wanted), names[-1])
    return ["x" if name == best else "" for name in names]
