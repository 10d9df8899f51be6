"""A token and its tags a line, as CoNLL and CoNLL-U have them."""

from __future__ import annotations

import re
from collections import Counter

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding, tokens_in_lines

_CONLLU_ROW = re.compile(rb"\d+(?:[-.]\d+)?\t[^\t]*\t(?:[^\t]*\t){7}[^\t]*")
_SPAN_TAG = re.compile(rb"O|[BIESLU]-\w+")
_TAG = re.compile(rb"O|[BIESLU]-\w+|[A-Z]{1,6}\$?|[.,:()`'_-]+")
_SHARE, _FEWEST_LINES = 0.9, 20


def tagged_columns(part: Part) -> Finding | None:
    """A token and its tags a line, as CoNLL has them."""
    lines = [line.split() for line in part.filled if not line.startswith(b"#")]
    if len(lines) < 5:
        return None
    width, count = Counter(map(len, lines)).most_common(1)[0]
    tags = {line[-1] for line in lines if len(line) == width}
    spans = sum(bool(_SPAN_TAG.fullmatch(line[-1])) for line in lines)
    if width < 2 or count < _SHARE * len(lines) or len(tags) > 80:
        return None
    stops = any(line[0] in (b".", b",", b"-DOCSTART-") for line in lines)
    if not stops and (spans < 0.98 * len(lines) or len(lines) < _FEWEST_LINES):
        return None
    if sum(bool(_TAG.fullmatch(line[-1])) for line in lines) < _SHARE * len(lines):
        return None
    what = "is a token and its tags a line, not prose"
    return tokens_in_lines("tagged tokens", what, "its tokens")


def conllu(part: Part) -> Finding | None:
    """CoNLL-U: ten columns between tabs, a number first."""
    if b"\t" not in part.data:
        return None
    lines = [line for line in part.filled if not line.startswith(b"#")]
    if len(lines) < 2 or sum(bool(_CONLLU_ROW.fullmatch(line)) for line in lines) < 0.8 * len(
        lines
    ):
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
