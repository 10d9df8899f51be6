"""Text laid out for the eye: columns of fixed width, drawn tables, contents, directories."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding, share_matching

_DRAWN = re.compile(rb"\|.*\||\+[-=+]{3,}|[|+]?[-=]{3,}[|+][-=|+]*$")
_LEADER = re.compile(rb"\S ?(?:\. ?){4,} ?[\divxlc]+$")
_LEADER_BYTES = 100
_TELEPHONE = re.compile(
    rb".*?(?:^|[\s:(+])\+?\(?(?:\d{3,5}[) /.-]{1,2})?(?:\d{2,4}[ -]\d{3,4}(?:[ -]\d{2,4})*|\d{6,})$"
)
_DATE = re.compile(rb".*\d{4}[-/.]\d\d?[-/.]\d\d?$|.*\d\d?[-/.]\d\d?[-/.]\d{4}$")
_MODE = re.compile(rb"[dlbcps-][r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-]")
_FEWEST_LINES, _MOST_LINES = 20, 80
_MOST_WIDTH = 160
_SHARE = 0.95
_FILLED = 0.8
_WORDS_OF_TEXT = 5
_DRAWN_SHARE, _LEADER_SHARE, _TELEPHONE_SHARE, _MODE_SHARE = 0.6, 0.5, 0.15, 0.5


def laid_out(part: Part) -> Finding | None:
    """Tables that are drawn or padded, contents with leaders, directories, listings of files."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES:
        return None
    if share_matching(_DRAWN.match, lines) >= _DRAWN_SHARE:
        return _refused("a drawn table", "is a table, not prose: its columns are drawn")
    if share_matching(_MODE.match, lines) >= _MODE_SHARE:
        return _refused("a listing", "is a listing of files, not prose")
    has_leaders = b". . ." in part.data or b"....." in part.data
    if has_leaders and share_matching(_has_leader, lines) >= _LEADER_SHARE:
        return _refused("contents", "is a table of contents, not prose")
    return _fixed_width(part)


def _has_leader(line: bytes) -> object:
    return _LEADER.search(line[-_LEADER_BYTES:])


def directory(part: Part) -> Finding | None:
    """Telephone numbers at the ends of lines."""
    lines = part.filled
    numbers = [line for line in lines if line[-1:].isdigit() and _TELEPHONE.match(line)]
    numbers = [line for line in numbers if not _DATE.match(line)]
    if len(numbers) < max(_FEWEST_LINES, _TELEPHONE_SHARE * len(lines)):
        return None
    what = f"has telephone numbers at the ends of {len(numbers)} of {len(lines)} lines"
    return Finding("a directory", what, "leave it out by --exclude", is_warning=True)


def _refused(kind: str, what: str) -> Finding:
    return Finding(kind, what, "leave it out by --exclude", is_side=True)


def _fixed_width(part: Part) -> Finding | None:
    """Blanks below blanks, in the same places of nearly all lines."""
    if part.data.count(b"  ") < _FILLED * len(part.filled):
        return None
    lines = [line.rstrip() for line in part.lines if line.strip()][:_MOST_LINES]
    gutters = _gutters(lines)
    left = {line[: gutters[0]].strip() for line in lines} if gutters else set()
    if not gutters or (len(gutters) == 1 and len(left) < _FILLED * len(lines)):
        return None
    what = f"is a table, not prose: {len(gutters) + 1} columns of fixed width"
    places = "-".join(str(place) for place in (gutters[-1] + 1, ""))
    return Finding(
        "columns of fixed width",
        what,
        f"cut out the one of text, as by cut -c {places} for the last",
        is_warning=len(gutters) == 1 or _are_texts([line[gutters[-1] :] for line in lines]),
    )


def _are_texts(cells: Sequence[bytes]) -> bool:
    return sum(len(cell.split()) for cell in cells) > _WORDS_OF_TEXT * len(cells)


def _gutters(lines: Sequence[bytes]) -> list[int]:
    """Where columns begin: after two blanks or more that nearly all lines have in one place."""
    width = min(_MOST_WIDTH, max(map(len, lines)))
    padded = [line[:width].ljust(width) for line in lines]
    blank = [sum(line[i] == 32 for line in padded) >= _SHARE * len(lines) for i in range(width)]
    starts = []
    for i in range(2, width):
        if blank[i - 1] and blank[i - 2] and not blank[i] and _divides(lines, i):
            starts.append(i)
    return starts


def _divides(lines: Sequence[bytes], place: int) -> bool:
    """Whether most lines have something on both sides of a place."""
    both = sum(bool(line[:place].strip()) and len(line) > place for line in lines)
    return both >= _FILLED * len(lines)
