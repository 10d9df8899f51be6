"""Lines of columns between blanks, and lines that begin with what counts or names them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import STOPPED_BYTES, Finding, tokens_in_lines

_NUMBER = re.compile(rb"[-+]?\d+(?:[.,]\d+)*")
_PLACE = re.compile(rb"(?=[^\s:]*[A-Za-z/_])[^\s:]+:\d+:")
_COUNTED = re.compile(rb"(\d+)[ \t]+\S")
# As of recordings: parts with a number, but no date, nor the number of a section.
_ID = re.compile(
    rb"(?!\d{2,4}-\d\d?-\d\d?)(?=\D*\d)(?=\S*(?:[A-Za-z_]|-0\d))"
    rb"(?:[A-Za-z0-9]+_[A-Za-z0-9]+|[A-Za-z0-9]+-[A-Za-z0-9]+[-_][A-Za-z0-9]+)(?:[-_][A-Za-z0-9]+)*"
)
# Shortened digests of commits, seconds since 1970, numbers of records: no year and no small number.
_NUMBER_OF_RECORD = re.compile(rb"(?:(?=[0-9a-f]*\d)[0-9a-f]{7,40}|\d{6,}(?:\.\d+)?)")
# As in a set of classed questions: DESC:manner.
_CLASS = re.compile(rb"[A-Z]+:[A-Za-z]+")
# As in the texts of COCA.
_MARKED = re.compile(rb"(?:##|@@)\d+(?=\s)")
_SPACE_MARKS = ("\u0120".encode(), "▁".encode())
_LEADING = 6
_MERGES = Finding(
    "merges",
    "holds the merges of a byte-pair encoding, not prose",
    "leave it out by --exclude",
    is_side=True,
)
_STOPS = {b".", b",", "。".encode()}
_STOPS_OF_WORDS = b".,;:!?()'\"-"
_FEWEST_LINES = 20
_FEWEST_OF_TWO = 100
_FEWEST_COUNTED = 50
_MOST_CLASSES = 12
_SHARE = 0.95


def columns(part: Part) -> Finding | None:
    """As many words in each line, most columns of them numbers or one sign."""
    rows = [line.split() for line in part.filled if not line.startswith(b"#")]
    if len(rows) < _FEWEST_LINES:
        return None
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width < 2 or count < _SHARE * len(rows):
        return None
    cells = list(zip(*(row for row in rows if len(row) == width), strict=True))
    numbers = sum(map(_is_of_numbers, cells))
    signs = sum(map(_is_of_one_sign, cells))
    if width == 2:
        enough = numbers == 1 and len(rows) >= _FEWEST_OF_TWO
    else:
        enough = numbers > 1 and 2 * (numbers + signs) > width
    if not enough:
        return None
    what = f"has {width} columns between blanks, not prose"
    return Finding("columns", what, "cut out the one of text, if there is one, as by awk")


def _is_of_numbers(cells: Sequence[bytes]) -> bool:
    return sum(bool(_NUMBER.fullmatch(cell)) for cell in cells) >= _SHARE * len(cells)


def _is_of_one_sign(cells: Sequence[bytes]) -> bool:
    sign, count = Counter(cells).most_common(1)[0]
    is_word = len(sign) > 1 and sign.translate(None, _STOPS_OF_WORDS).isalpha()
    return count >= _SHARE * len(cells) and not is_word and not _NUMBER.fullmatch(sign)


def leading_columns(part: Part) -> Finding | None:
    """Several numbers before the text of each line, as of recordings and their times."""
    rows = [line.split(None, _LEADING)[:_LEADING] for line in part.filled]
    if len(rows) < _FEWEST_LINES or sum(len(row) == _LEADING for row in rows) < _SHARE * len(rows):
        return None
    cells = zip(*(row for row in rows if len(row) == _LEADING), strict=True)
    numbers = [column for column in cells if _is_of_numbers(column)]
    if len(numbers) < 2 or not (len(numbers) > 2 or any(b"." in column[0] for column in numbers)):
        return None
    return Finding(
        "leading columns",
        f"has {len(numbers)} columns of numbers before the text of each line",
        "they are taken as text; cut them off first, as by awk or cut",
        is_warning=True,
    )


def merges(part: Part) -> Finding | None:
    """The merges of a byte-pair encoding: two pieces a line, all lines different."""
    lines = part.filled
    if part.starts and lines and lines[0].startswith(b"#version:"):
        return _MERGES
    rows = [line.split() for line in lines]
    if len(rows) < _FEWEST_OF_TWO or sum(len(row) == 2 for row in rows) < _SHARE * len(rows):
        return None
    pairs = {(row[0], row[1]) for row in rows if len(row) == 2}
    if len(pairs) < _SHARE * len(rows):
        return None
    marked = sum(b.endswith(b"</w>") or a.startswith(_SPACE_MARKS) for a, b in pairs)
    pieces = {piece for pair in pairs for piece in pair}
    used = sum(a + b in pieces for a, b in pairs)
    return _MERGES if max(marked, 2 * used) >= 0.3 * len(pairs) else None


def token_lines(part: Part) -> Finding | None:
    """One token a line: even stops stand alone, which they do in no poem."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES or sum(b" " in line for line in lines) > 0.02 * len(lines):
        return None
    if sum(line in _STOPS for line in lines) < 0.02 * len(lines):
        return None
    return tokens_in_lines("tokens", "is a token a line, not prose", "them")


def line_labels(part: Part) -> Finding | None:
    """Each line begins with its number, its place (as grep -n prints), or the id of a recording."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES and not _MARKED.match(lines[0] if lines else b""):
        return None
    least = _SHARE * len(lines)
    if len({m[0] for line in lines if (m := _PLACE.match(line))}) >= least:
        return _labelled("its place in a file", "sed -E 's/^[^: ]+:[0-9]+://'")
    if _are_counted(lines):
        return _labelled("its number", r"sed -E 's/^[[:space:]]*[0-9]+[[:space:]]+//'")
    if len({m[0] for line in lines if (m := _MARKED.match(line))}) >= least:
        return _labelled("an id", r"sed -E 's/^(##|@@)[0-9]+[[:space:]]+//'")
    first = [line.split(None, 1)[0] for line in lines]
    ids = {word for word in first if _ID.fullmatch(word)}
    if max(len(ids), len({word for word in first if _NUMBER_OF_RECORD.fullmatch(word)})) >= least:
        return _labelled("an id", r"sed -E 's/^[^[:space:]]+[[:space:]]+//'")
    if len(lines) >= _FEWEST_OF_TWO and sum(bool(_CLASS.fullmatch(w)) for w in first) >= least:
        return _labelled("its class", r"sed -E 's/^[^[:space:]]+[[:space:]]+//'")
    return None


def trailing_labels(part: Part) -> Finding | None:
    """Behind each sentence one of a few words or numbers, which stand for its class."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES:
        return None
    pairs = [line.rsplit(None, 1) for line in lines]
    last = {pair[1] for pair in pairs if len(pair) == 2}
    if not 1 < len(last) <= _MOST_CLASSES or min(map(len, pairs)) < 2:
        return None
    stopped = sum(bool(STOPPED_BYTES.search(pair[0])) for pair in pairs)
    short = len(lines) >= _FEWEST_OF_TWO and all(word.isalpha() and len(word) < 3 for word in last)
    if (stopped < _SHARE * len(lines) and not short) or any(map(STOPPED_BYTES.search, last)):
        return None
    shown = ", ".join(sorted(word.decode("utf-8", "replace") for word in last)[:4])
    return Finding(
        "labels",
        f"has a label behind each line ({shown}), which is no text",
        "cut them off",
        r"sed -E 's/[[:space:]]+[^[:space:]]+[[:space:]]*$//'",
        options="--documents line",
    )


def _are_counted(lines: Sequence[bytes]) -> bool:
    """Whether the number that begins a line is mostly one more than that of the line before."""
    if len(lines) < _FEWEST_COUNTED:
        return False
    found = [int(m[1][:12]) if (m := _COUNTED.match(line)) else -2 for line in lines]
    steps = sum(b == a + 1 for a, b in pairwise(found))
    return steps >= 0.98 * (len(found) - 1)


def _labelled(what: str, command: str) -> Finding:
    return Finding(
        "labelled lines",
        f"has {what} before each line, which is no text",
        "cut that off",
        command,
        options="--documents line",
    )
