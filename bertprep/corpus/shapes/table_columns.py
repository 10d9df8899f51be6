"""The columns of a table: what parts them, how they are named, and what is said of them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from statistics import mean

from bertprep.corpus.shapes.finding import Finding

Row = list[str]

DELIMITERS = {
    "\t": "tabs",
    ",": "commas",
    ";": "semicolons",
    "|": "bars",
    "^": "carets",
    "~": "tildes",
    "\x01": "control characters",
    "\x1f": "control characters",
}
_MOST_NAMES = 12
_HEADER_CELL = re.compile(r"\s*[^\W\d][\w .#/()-]{0,39}\s*")
COLUMN_NAMES = {
    "id", "text", "title", "label", "url", "date", "content", "body", "sentence", "review", "name",
    "category", "author", "class", "target", "comment", "article", "source", "sentiment", "lang",
    "rating", "score", "question", "answer", "abstract", "summary", "idx", "index", "document",
    "premise", "hypothesis", "sentence1", "sentence2", "user", "tweet", "message", "description",
}  # fmt: skip


def is_header(row: Row) -> bool:
    """Whether a row's cells are names of columns."""
    cells = [cell.strip().lower() for cell in row]
    return (
        len(cells) > 1
        and len(set(cells)) == len(cells)
        and all(map(_HEADER_CELL.fullmatch, row))
        and bool(COLUMN_NAMES & set(cells))
    )


def table_finding(
    rows: Sequence[Row], delimiter: str, is_named: bool, is_quoted: bool = True
) -> Finding:
    """The finding of a table; the way out is to name the column of text, or to take it alone.

    Args:
        rows: some of them, the names of the columns first if there are any.
        delimiter: between the cells.
        is_named: whether the columns have names.
        is_quoted: whether quotes may enclose cells.
    """
    longest = max(range(len(rows[0])), key=lambda i: mean(len(row[i]) for row in rows[1:] or rows))
    what = f"is a table, not prose: {len(rows[0])} columns between {DELIMITERS[delimiter]}"
    if is_named:
        names = ", ".join(f'"{name.strip()[:40]}"' for name in rows[0][:_MOST_NAMES])
        advice = f"name the one of text: --text-field {shlex.quote(rows[0][longest].strip())}"
        return Finding("a table", f"{what} ({names})", advice)
    if delimiter == "\t" and len(rows[0]) == 2 and not is_quoted:
        return _two_columns(longest)
    quoting = "" if is_quoted else ", quoting=csv.QUOTE_NONE"
    made = f"[print(json.dumps({{'text': row[{longest}]}})) for row in csv.reader(sys.stdin, "
    made += f"delimiter={delimiter!r}{quoting})]"
    return Finding(
        "a table",
        what,
        "make JSON lines of it",
        f'python3 -c "import csv,json,sys; csv.field_size_limit(1<<30); {made}"',
        ".jsonl",
    )


def _two_columns(longest: int) -> Finding:
    return Finding(
        "a table",
        "is a table, not prose: its lines have two columns, a tab between, that do not both look "
        "like sentences; say --input-format sentence-pairs if they are, or",
        "cut out the one of text",
        f"cut -f{longest + 1}",
        options="--documents line",
    )
