"""Texts beside what was found in them: PubTator, brat, AMR, ARFF, affix lists of spell checkers."""

from __future__ import annotations

import re

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_PUBTATOR = re.compile(rb"\d+\|[ta]\|")
_BRAT = re.compile(rb"[TREAMN#]\d+\t\S")
_ROLE = re.compile(rb"\s*:[A-Za-z][\w-]*\s+(?:\(|[\"\w+-]+\)*$)|\(\w+ / [\w-]+")
_ARFF = re.compile(rb"@(?:relation|attribute|data)\b", re.I)
_AFFIXES = re.compile(rb"[^\s/]+/[A-Za-z0-9,]{1,20}")
_FEWEST = 10


def annotated(part: Part) -> Finding | None:
    """One of those, each with what takes the text where that is a line."""
    lines = part.filled
    if len(lines) < _FEWEST:
        return None
    if sum(bool(_PUBTATOR.match(line)) for line in lines) >= max(2, 0.05 * len(lines)):
        sed = r"sed -E '/^[0-9]+\t/d; s/^[0-9]+\|[ta]\|//'"
        return Finding("PubTator", "is PubTator, not prose", "take its titles and abstracts", sed)
    if sum(bool(_BRAT.match(line)) for line in lines) >= 0.8 * len(lines):
        return _refused(
            "brat", "holds annotations of brat, not the text", "give the .txt beside it"
        )
    if sum(bool(_ROLE.match(line)) for line in lines) >= 0.5 * len(lines):
        sed = "sed -n 's/^# ::snt //p'"
        return Finding("AMR", "holds graphs of meaning (AMR), not prose", "take its sentences", sed,
                       options="--documents file --sentences lines")  # fmt: skip
    if part.starts and sum(bool(_ARFF.match(line)) for line in lines) >= 3:
        return _refused("ARFF", "is a table (ARFF), not prose", "write its text as JSON lines")
    if sum(bool(_AFFIXES.fullmatch(line)) for line in lines) >= 0.5 * len(lines):
        return _refused("an affix list", "is a word list of a spell checker, not prose",
                        "leave it out by --exclude")  # fmt: skip
    return None


def _refused(kind: str, what: str, advice: str) -> Finding:
    return Finding(kind, what, advice, is_side=True)
