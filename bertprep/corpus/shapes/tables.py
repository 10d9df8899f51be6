"""Tables: lines cut into the same number of cells by commas, tabs, semicolons or bars."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from statistics import mean

from bertprep.corpus.formats.csv import quotes_enclose
from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

Row = list[str]

_DELIMITERS = {
    "\t": "tabs",
    ",": "commas",
    ";": "semicolons",
    "|": "bars",
    "^": "carets",
    "~": "tildes",
    "\x01": "control characters",
    "\x1f": "control characters",
}
_FEWEST_OF_TWO = 20
_FEWEST_ROWS_OF_CLASSES = 20
_FEWEST_ROWS = 3
_EQUAL_SHARE = 0.9
_MOST_ROWS = 400
_MOST_NAMES = 12
_NUMBER = re.compile(
    r"\s*(?:[-+]?[\d.,]+(?:e[-+]?\d+)?%?|\d{4}-\d\d(?:-\d\d)?[\d:TZ. +]*|https?://\S+|[0-9a-f]{8,})\s*",
    re.I,
)
_FIRST_CELL = re.compile(
    rb"(?:\d[\d.:/TZ-]*|\"\d[^\"\s]*\"|L\d+ (?=\+))"
    rb"([,;|~]|\+\+\+\$\+\+\+|:(?=\D[^:]*:))(?! ?\d\d?:\d\d)(?=\S| )"
)
_STOPPED = re.compile(rb"[.!?][\"')\]]*$")
_TERM = re.compile(r"(?<![^\s(\[{=<>+*/-])\|(?! )[^|\s](?:[^|]*[^|\s])?\|(?![\w|])")
# Cells between several signs, as of word lists and aligned sentences.
_WIDE = re.compile(rb" +\|{1,3} | ::+ |\|\||\t\|\t| => | <-?> | ={2,3} ")
_QUOTED_PAIR = re.compile(rb"([\"']).*\1([,;])([\"']).*\3$|([\"']).*\4([,;])[\w.-]{1,20}$")
_SPAN_TAG = re.compile(rb"O|[BIESLU]-\w+")
_HEADER_CELL = re.compile(r"\s*[^\W\d][\w .#/()-]{0,39}\s*")
_QUOTED = {
    d: re.compile(rf'(?:^|{re.escape(d)})"(?:[^"]|"")*"(?:{re.escape(d)}|$)', re.M)
    for d in _DELIMITERS
}
_COLUMN_NAMES = {
    "id", "text", "title", "label", "url", "date", "content", "body", "sentence", "review", "name",
    "category", "author", "class", "target", "comment", "article", "source", "sentiment", "lang",
    "rating", "score", "question", "answer", "abstract", "summary", "idx", "index", "document",
    "premise", "hypothesis", "sentence1", "sentence2", "user", "tweet", "message", "description",
}  # fmt: skip


def table(part: Part) -> Finding | None:
    """A table of two or more columns."""
    for delimiter in _DELIMITERS:
        if part.data.count(delimiter.encode()) < _EQUAL_SHARE * len(part.filled) / 4:
            continue
        if delimiter == "," and _is_spaced_prose(part):
            continue
        rows = _rows(part, delimiter)
        if rows and _is_table(rows, delimiter, part):
            is_named = part.starts and _is_header(rows[0])
            made = _finding(rows, delimiter, is_named, delimiter != "\t" or _is_quoted(part))
            return _behind_notes(made) if is_named and _is_note(part.filled[0]) else made
    found = _one_column(part) or _quoted_cells(part) or _long_cells(part) or _first_cells(part)
    return found or _wide_delimiters(part) or _quoted_pairs(part)


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


def _wide_delimiters(part: Part) -> Finding | None:
    """As many of one sign between blanks in each line."""
    lines = part.filled
    if len(lines) < _FEWEST_OF_TWO:
        return None
    found = Counter(m[0] for line in lines if (m := _WIDE.search(line)))
    if not found or found.most_common(1)[0][1] < 0.95 * len(lines):
        return None
    mark = found.most_common(1)[0][0].decode()
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
    fits = sum(bool(_QUOTED_PAIR.match(line)) for line in lines)
    if len(lines) < _FEWEST_OF_TWO or fits < _EQUAL_SHARE * len(lines):
        return None
    what = "is a table, not prose: its lines are cells in quotes"
    return Finding("a table", what, "write its text as JSON lines, one object a line")


def _is_spaced_prose(part: Part) -> bool:
    """Whether commas are followed by blanks, and no names of columns come first: most files."""
    if part.data.count(b", ") < 0.98 * part.data.count(b",") or part.data.count(b'"') > 2:
        return False
    first = part.filled[0].decode("utf-8", "replace").lower() if part.filled else ""
    return not {cell.strip() for cell in first.split(",")} & _COLUMN_NAMES


def _quoted_cells(part: Part) -> Finding | None:
    """A table of one column: each cell is in quotes, and many hold line breaks."""
    lines = part.filled
    if len(lines) < 2 * _FEWEST_ROWS or part.data.count(b'"') < len(lines) // 2:
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
    found = _finding([[""]], ",", is_named=False)
    return found._replace(what="is a table, not prose: one column, its cells in quotes")


def _are_dated(lines: Sequence[bytes]) -> bool:
    """Whether sentences stand behind years, as in a chronicle: 1843, in May."""
    spaced = sum(line.partition(b",")[2].startswith(b" ") for line in lines)
    stopped = sum(bool(_STOPPED.search(line)) for line in lines)
    return 2 * min(spaced, stopped) > len(lines)


def _first_cells(part: Part) -> Finding | None:
    """A number or a date and a delimiter before each line, whose other cells are not in quotes."""
    lines = part.filled
    if len(lines) < _FEWEST_OF_TWO:
        return None
    found = Counter(m[1] for line in lines if (m := _FIRST_CELL.match(line)))
    if not found or found.most_common(1)[0][1] < 0.95 * len(lines):
        return None
    mark = found.most_common(1)[0][0].decode()
    if mark == "," and _are_dated(lines):
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
    if not part.starts or len(lines) < 3 or lines[0].decode("latin-1").lower() not in _COLUMN_NAMES:
        return None
    if sum(line.startswith(b'"') for line in lines) < 0.3 * len(lines):
        return None
    found = _finding([[lines[0].decode()], [""]], ",", is_named=True)
    return found._replace(what="is a table, not prose: one column, whose name comes first")


def _long_cells(part: Part) -> Finding | None:
    """A table whose first row is longer than what is looked at: the names above it tell."""
    first = part.filled[0].decode("utf-8", "replace") if part.starts and part.filled else ""
    for delimiter in _DELIMITERS:
        names = [cell.strip('" ') for cell in first.split(delimiter)]
        if not part.ends and len(names) > 1 and {n.lower() for n in names} <= _COLUMN_NAMES:
            return _finding([names, _lengths_of(names)], delimiter, is_named=True)
    return None


def _lengths_of(names: Row) -> Row:
    """Cells as if the longest were that of the text."""
    texts = ("text", "content", "body", "article", "document", "review", "sentence")
    best = next((name for wanted in texts for name in names if name.lower() == wanted), names[-1])
    return ["x" if name == best else "" for name in names]


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
    if len(rows) == 2 and part.starts and not part.ends and _is_header(rows[0]):
        missing = len(rows[0]) - len(rows[1])  # of a first row that is longer than the part
        return [rows[0], rows[1] + [""] * missing] if 0 <= missing < len(rows[0]) - 1 else []
    rows = rows[0 if part.starts else 1 : len(rows) if part.ends else -1]
    if len(rows) < _FEWEST_ROWS - part.starts * bool(rows and _is_header(rows[0])):
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
    if part.starts and _is_header(rows[0]) and len(rows) > 1:
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


def _is_header(row: Row) -> bool:
    """Whether a row's cells are names of columns."""
    cells = [cell.strip().lower() for cell in row]
    return (
        len(cells) > 1
        and len(set(cells)) == len(cells)
        and all(map(_HEADER_CELL.fullmatch, row))
        and bool(_COLUMN_NAMES & set(cells))
    )


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


def _finding(
    rows: Sequence[Row], delimiter: str, is_named: bool, is_quoted: bool = True
) -> Finding:
    longest = max(range(len(rows[0])), key=lambda i: mean(len(row[i]) for row in rows[1:] or rows))
    what = f"is a table, not prose: {len(rows[0])} columns between {_DELIMITERS[delimiter]}"
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


def tagged_columns(part: Part) -> Finding | None:
    """A token and its tags a line, as CoNLL has them."""
    lines = [line.split() for line in part.filled if not line.startswith(b"#")]
    if len(lines) < 5:
        return None
    width, count = Counter(map(len, lines)).most_common(1)[0]
    tags = {line[-1] for line in lines if len(line) == width}
    spans = sum(bool(_SPAN_TAG.fullmatch(line[-1])) for line in lines)
    tag = re.compile(rb"O|[BIESLU]-\w+|[A-Z]{1,6}\$?|[.,:()`'_-]+")
    if width < 2 or count < _EQUAL_SHARE * len(lines) or len(tags) > 80:
        return None
    stops = any(line[0] in (b".", b",", b"-DOCSTART-") for line in lines)
    if not stops and (spans < 0.98 * len(lines) or len(lines) < _FEWEST_OF_TWO):
        return None
    if sum(bool(tag.fullmatch(line[-1])) for line in lines) < _EQUAL_SHARE * len(lines):
        return None
    return Finding(
        "tagged tokens",
        "is a token and its tags a line, not prose",
        "join its tokens to sentences",
        'awk \'NF {printf "%s ", $1} !NF {print ""}\'',
        options="--sentences lines",
    )


def conllu(part: Part) -> Finding | None:
    """CoNLL-U: ten columns between tabs, a number first."""
    row = re.compile(rb"\d+(?:[-.]\d+)?\t[^\t]*\t(?:[^\t]*\t){7}[^\t]*")
    if b"\t" not in part.data:
        return None
    lines = [line for line in part.filled if not line.startswith(b"#")]
    if len(lines) < 2 or sum(bool(row.fullmatch(line)) for line in lines) < 0.8 * len(lines):
        return None
    has_text = any(line.startswith(b"# text = ") for line in part.filled)
    sed = "sed -n 's/^# text = //p'"
    awk = "awk -F'\\t' '/^[0-9]+\\t/ {printf \"%s \", $2} !NF {print \"\"}'"
    return Finding(
        "CoNLL-U",
        "is CoNLL-U, a token a line, not prose",
        "take its sentences",
        sed if has_text else awk,
        options="--sentences lines",
    )
