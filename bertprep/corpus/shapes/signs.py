"""Signs in the place of letters: drawings, Morse, Braille, emoji."""

from __future__ import annotations

import regex

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_VISIBLE = regex.compile(r"\S")
_SPOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]")
_MOST, _FEWEST = 8000, 400
# Of the oddest prose, a treebank's lines or chats of emoji, a third.
_REFUSED, _WARNED, _SAME = 0.1, 0.25, 0.9


def no_letters(part: Part) -> Finding | None:
    """Text hardly any of whose characters are letters or figures."""
    text = part.text[:_MOST]
    visible = len(_VISIBLE.findall(text))
    if visible < _FEWEST or text.count("\ufffd") > 0.01 * len(text):
        return None
    most = max(map(text.count, set(text[:_FEWEST].replace(" ", ""))))
    if most > _SAME * visible:  # a rule, or one key held down
        return None
    share = len(_SPOKEN.findall(text)) / visible
    if share >= _WARNED:
        return None
    what = f"does not look like text: {share:.0%} of its characters are letters or figures"
    advice = "leave it out by --exclude, or take its text out of it first"
    return Finding("no letters", what, advice, is_warning=share >= _REFUSED)
