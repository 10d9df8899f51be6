"""Text that some tokenizer, tagger or parser has been through: its marks are no text."""

from __future__ import annotations

import re
from collections import Counter

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_TAGGED = re.compile(rb"\S+[/_]((?:[BIESL]-)?[A-Za-z]{1,6}\d{0,2}[$*]?|[.,:()'`-]{1,3})")
_NODE = re.compile(rb"\((?:[A-Z][A-Z0-9$|=-]*|[.,:`'-]+|) ?")
_CONTINUED = re.compile(rb"(?<=\S )##[^\s#]")
_FEWEST_WORDS = 50
_MOST_TAGS = 120
_SPACE_MARKS = ("▁", "\u0120")
_MARKS = (b"@@", b" ##", *(mark.encode() for mark in _SPACE_MARKS))
_PIECE_SHARE = 0.02


def tagged_words(part: Part) -> Finding | None:
    """Words with their parts of speech: the/DT, the_DT."""
    blanks = part.data.count(b" ")
    if part.data.count(b"/") + part.data.count(b"_") < 0.8 * blanks or not blanks:
        return None
    words = part.data.split()
    if len(words) < _FEWEST_WORDS:
        return None
    tags = Counter(match[1] for word in words if (match := _TAGGED.fullmatch(word)))
    if tags.total() < 0.85 * len(words) or len(tags) > min(_MOST_TAGS, 0.5 * len(words)):
        return None
    what = "has a tag behind each word, which is no text"
    return Finding("tagged words", what, "cut them off", "sed -E 's:[/_][^/_ ]*( |$):\\1:g'")


def trees(part: Part) -> Finding | None:
    """A treebank's brackets."""
    if part.data.count(b"(") < 0.02 * len(part.data):
        return None
    words = len(part.data.split())
    nodes = len(_NODE.findall(part.data))
    if words < _FEWEST_WORDS or nodes < 0.3 * words or b"(NN" not in part.data:
        return None
    what = "holds trees of a treebank, not prose"
    sed = "sed -E 's/\\([^ ()]* ?//g; s/\\)//g'"
    return Finding("trees", what, "take their words", sed, options="--documents file")


def pieces(part: Part) -> Finding | None:
    """Words cut into pieces: by subword-nmt (@@), SentencePiece or WordPiece (##)."""
    if not any(mark in part.data for mark in _MARKS):  # there may be many files
        return None
    words = part.data.split()
    if len(words) < _FEWEST_WORDS:
        return None
    least = _PIECE_SHARE * len(words)
    if sum(word.endswith(b"@@") and len(word) > 2 for word in words) >= least:
        return _cut("@@", "sed -E 's/@@( |$)//g'")
    for mark in _SPACE_MARKS:
        if sum(word.startswith(mark.encode()) for word in words) >= 0.3 * len(words):
            return _cut(mark, f"sed 's/ //g; s/{mark}/ /g'")
    if len(_CONTINUED.findall(part.data)) >= least:
        return _cut("##", "sed 's/ ##//g'")
    return None


def _cut(mark: str, command: str) -> Finding:
    what = f"has its words cut into pieces already ({mark})"
    return Finding("pieces of words", what, "join them again", command)
