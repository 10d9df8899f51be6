"""Speech with its times other than in SRT and WebVTT: of films, recognizers, video sites."""

from __future__ import annotations

import re
from itertools import pairwise

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_DIALOGUE = re.compile(rb"Dialogue: ?[^,]*,\d+:\d\d:\d\d\.\d+,")
_SPAN = re.compile(rb"(?:\d+:)?\d+:\d\d\.\d+,(?:\d+:)?\d+:\d\d\.\d+")
_FRAMES = re.compile(rb"\{\d+\}\{\d+\}|\[\d+\]\[\d+\]")
_BRACKETED = re.compile(rb"\[(?:\d+:)?\d+:\d\d\.\d+ --> (?:\d+:)?\d+:\d\d\.\d+\]")
_CLOCK = re.compile(rb"(?:(\d+):)?(\d+):(\d\d)")
# Pattern of a line, the share of lines that it fits, and what takes the text of such.
_KINDS = (
    (_DIALOGUE, 0.3, r"sed -nE 's/^Dialogue: ?([^,]*,){9}//p'"),
    (_SPAN, 0.2, "sed -E '/^[0-9:.,]+[[:space:]]*$/d'"),
    (_FRAMES, 0.8, r"sed -E 's/^[{[][0-9]+[]}][{[][0-9]+[]}] *//'"),
    (_BRACKETED, 0.8, r"sed -E 's/^\[[0-9:.]+ --> [0-9:.]+\] *//'"),
)
_FEWEST_LINES, _FEWEST_CLOCKS = 3, 20


def timed_text(part: Part) -> Finding | None:
    """SSA, SBV, MicroDVD, what Whisper prints, or times on lines of their own."""
    lines = part.filled
    if len(lines) < _FEWEST_LINES:
        return None
    for pattern, share, command in _KINDS:
        if sum(bool(pattern.match(line)) for line in lines) >= share * len(lines):
            return _finding(command)
    return _clocks(part) or _from_zero(part)


def _clocks(part: Part) -> Finding | None:
    """Times that go on and on, one to each line of text; notes have them, too, but fewer."""
    found = [match for line in part.filled if (match := _CLOCK.fullmatch(line))]
    if len(found) < max(_FEWEST_CLOCKS, 0.4 * len(part.filled)):
        return None
    times = [(int(hour or 0), int(minute), int(second)) for hour, minute, second in
             (match.groups() for match in found)]  # fmt: skip
    if sum(a <= b for a, b in pairwise(times)) < 0.98 * (len(times) - 1):
        return None
    return _finding("sed -E '/^[0-9:]+[[:space:]]*$/d'")


def _from_zero(part: Part) -> Finding | None:
    """A time before each line, from zero on; a chat has times of day, and verses go by ones."""
    found = [match for line in part.filled if (match := _CLOCK.match(line))]
    if len(found) < max(_FEWEST_CLOCKS, 0.95 * len(part.filled)) or not part.starts:
        return None
    times = [int(h or 0) * 3600 + int(m) * 60 + int(s) for h, m, s in (f.groups() for f in found)]
    steps = [b - a for a, b in pairwise(times)]
    if times[0] >= 60 or min(steps) < 0 or max(steps) > 600 or steps.count(1) > 0.5 * len(steps):
        return None
    return _finding("sed -E 's/^[0-9:]+[[:space:]]+//'")


def _finding(command: str) -> Finding:
    what = "holds speech with its times, not prose"
    return Finding("subtitles", what, "take their text", command, options="--documents file")
