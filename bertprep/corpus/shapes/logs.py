"""Logs of programs: a time or a level before each line, the same messages again and again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding, share_matching

_LOG = re.compile(
    rb"\[?\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d|\[?[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d "
    rb"|\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:|\d\d:\d\d:\d\d[.,]\d+ |[IWEF]\d{4} \d\d:\d\d:\d\d"
    rb"|\d\d-\d\d \d\d:\d\d:\d\d\.\d+|\[ *\d+\.\d{6}\]"
    rb"|\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE|CRITICAL)\b[]:| ]"
)
_LEVEL = re.compile(
    rb"\b(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE|CRITICAL)\b|HTTP/\d|\w+\[\d+\]:"
    rb"|\[(?:error|warn|info|notice|debug|crit|alert)\]|\w\.(?:cc|cpp|c|py|java|go|rs|js):\d+[\]:]"
    rb"|\d [VDIWEF] [\w.]+ *:|^\[ *\d+\.\d{6}\]|^\d{4}-\d\d-\d\dT\S+ \S+ [\w./-]+:"
)
# A date and a time within the first words of a line, in whatever form.
_STAMP = re.compile(
    rb"(?:\S+ ){0,3}?[\[(<]?(?:\w{2,4},? )?"
    rb"(?:\d{1,4}[-/.]\d\d?[-/.]\d{1,4},?|[A-Z][a-z]{2} +\d\d?(?: \d{4})?"
    rb"|\d\d? [A-Z][a-z]{2} \d{4})(?:[ T.:-]+| - )\d\d?[:.]\d\d[:.]\d\d"
    rb"|\[\d\d\.\d\d \d\d:\d\d:\d\d\]|(?:\S+ )?\d{10}(?:\.\d+)?\b"
)
_EVENT = re.compile(rb"\*\*\* \S+ (?:\(\S+\) |\[\S+\] )?(?:has |is now|sets |set )|-!-|-->|<--")
_CHANGING = re.compile(rb"[^\s]*[\d_/@][^\s]*|0x[0-9a-f]+")
_FEWEST_LINES = 20
_MESSAGES = 0.35


def log(part: Part) -> Finding | None:
    """The log of a program."""
    lines = part.filled
    if len(lines) < 3:
        return None
    is_stamped = share_matching(_LOG.match, lines) >= 0.8
    if not is_stamped and len(lines) >= _FEWEST_LINES:
        is_stamped = (
            share_matching(_STAMP.match, lines) >= 0.8 or share_matching(_EVENT.match, lines) >= 0.8
        )
    if not is_stamped:
        return None
    has_levels = sum(bool(_LEVEL.search(line)) for line in lines) >= 0.5 * len(lines)
    if not has_levels and (len(lines) < _FEWEST_LINES or not _repeat(lines)):
        return None
    advice = "leave it out by --exclude"
    return Finding("a log", "is the log of a program, not prose", advice, is_side=True)


def _repeat(lines: Sequence[bytes]) -> bool:
    """Whether few messages come again and again but for numbers and names, as nobody chats."""
    messages = [tuple(_CHANGING.sub(b"", line).split()[-3:]) for line in lines]
    return len(set(messages)) <= _MESSAGES * len(messages)
