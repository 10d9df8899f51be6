"""Cuts text at blanks, for tokenizers that never look beyond one, and tells what is not to be cut.

A piece begins with the blanks before a word and ends before the next ones.  Sentences in which an
added token may stand are one piece each.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bertprep.text.pieces import NOWHERE, UNKNOWN_WORD, code_points, places_of
from bertprep.vocabulary.safe_cuts import locality_of
from bertprep.vocabulary.vocabulary import Vocabulary
from bertprep.vocabulary.whole_tokenizer import contents

Ints = NDArray[np.int64]

_BLANK = ord(" ")
# Letters that Unicode keeps together with what follows them, and tokenizers' own mark of a blank.
_NOT_BEHIND = {0x0D4E, 0x111C2, 0x111C3, 0x1193F, 0x11941, 0x11A3A, 0x11D46, 0x2581, 0xFFFD} | set(
    range(0x11A84, 0x11A8A)
)
_TABLE_END = 0x20000
_BLANK_AND_VISIBLE = re.compile(rb" [!-~]+")
# Classes of bytes; from _QUOTE on they are visible ASCII.
_CONTROL, _BLANK_CLASS, _BEYOND, _QUOTE, _MARK, _LETTER = range(6)


def _byte_classes() -> NDArray[np.uint8]:
    classes = np.full(256, _BEYOND, np.uint8)
    classes[:0x80] = _MARK
    classes[[*range(0x20), 0x7F]] = _CONTROL
    classes[_BLANK] = _BLANK_CLASS
    classes[ord("'")] = _QUOTE
    classes[[byte for byte in range(0x80) if chr(byte).isalnum()]] = _LETTER
    return classes


_CLASSES = _byte_classes()


@cache
def _visible() -> NDArray[np.bool_]:
    """bool[0x20000]: the characters behind which a blank is surely one."""
    found = [unicodedata.category(chr(point))[0] not in "ZC" for point in range(_TABLE_END)]
    table = np.array(found)
    table[list(_NOT_BEHIND)] = False
    return table


def _is_visible(text: NDArray[np.uint8], last: Ints) -> NDArray[np.bool_]:
    """Whether the characters beyond ASCII that end with these bytes are visible."""
    for _ in range(3):
        last = np.where(text[last] & 0xC0 == 0x80, last - 1, last)
    points = code_points(text, last)
    good: NDArray[np.bool_] = _visible()[np.minimum(points, _TABLE_END - 1)]
    return good & (points < _TABLE_END)


class BlankCutter:
    """Cuts the sentences of a text for one vocabulary whose tokenizer.json decides the tokens."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        settings = vocabulary.settings
        found = locality_of(contents(vocabulary), settings.roles)
        self._cuts, self._at_marks = not found.why_not, found.at_marks
        self._after_ascii = found.after_ascii
        self._joins = self._cuts and found.one_mark and bool(settings.word_mark)
        added = [vocabulary.tokens[token.id].encode("utf-8") for token in settings.searched]
        self._pattern = re.compile(b"|".join(map(re.escape, added))) if added else None
        self._beginnings = _beginnings(added)
        normalized = (vocabulary.tokens[t.id] for t in settings.searched if t.normalized)
        self._composed = tuple(unicodedata.normalize("NFC", token) for token in normalized)

    def __call__(
        self, text: NDArray[np.uint8], starts: Ints, ends: Ints, *, marked: bool = False
    ) -> tuple[Ints, Ints]:
        """Where the pieces of the sentences ``text[start:end]`` start and end, int64[n] each.

        Args:
            text: uint8[bytes], in UTF-8.
            starts: int64[n], where the sentences start.
            ends: int64[n], where they end.
            marked: whether ``UNKNOWN_WORD`` is a piece of its own, which has no length then.
        """
        marks = _marks(text, starts, ends) if marked else NOWHERE
        if not len(marks):
            return self._pieces(text, starts, ends)
        starts = np.sort(np.concatenate((starts, marks + len(UNKNOWN_WORD))))
        ends = np.sort(np.concatenate((ends, _without_blanks(text, marks))))
        first, last = self._pieces(text, starts, ends)
        inside = first < ends[np.searchsorted(starts, first, side="right") - 1]
        first, last = first[inside], last[inside]
        first, last = np.concatenate((first, marks)), np.concatenate((last, marks))
        order = np.argsort(first, kind="stable")
        return first[order], last[order]

    def _pieces(self, text: NDArray[np.uint8], starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        starts, ends = starts[ends > starts], ends[ends > starts]
        if not self._cuts or not len(starts):
            return starts, ends
        cuts = self._places(text)
        for first, last in self._uncut(text, starts, ends):
            cuts[first + 1 : last] = False
        cuts[starts] = cuts[ends] = True
        bounds = np.flatnonzero(cuts)
        return bounds[:-1], bounds[1:]

    def _places(self, text: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """bool[bytes + 1]: where text may be cut: at blanks behind visible characters."""
        classes = _CLASSES[text]
        cuts = np.zeros(len(text) + 1, bool)
        before, after = classes[:-1], classes[1:]
        cuts[1:-1] = (after == _BLANK_CLASS) & (before >= _QUOTE)
        if self._at_marks:
            cuts[1:-1] |= (before == _LETTER) & ((after == _MARK) | (after == _QUOTE))
            cuts[1:-1] |= (before == _MARK) & (after == _LETTER)
        if not self._after_ascii:
            blanks = np.flatnonzero((after == _BLANK_CLASS) & (before == _BEYOND)) + 1
            cuts[blanks] = _is_visible(text, blanks - 1)
        return cuts

    def _uncut(self, text: NDArray[np.uint8], starts: Ints, ends: Ints) -> list[tuple[int, int]]:
        """The sentences in which an added token may stand."""
        if self._pattern is None:
            return []
        data = text.tobytes()
        pairs = text[:-1].astype(np.uint16) << 8 | np.append(text[1:], 0)[: len(text) - 1]
        places = np.flatnonzero(np.append(self._beginnings[pairs], True))
        numbers = np.unique(np.searchsorted(starts, places, side="right") - 1)
        if self._composed and not data.isascii():
            numbers = np.arange(len(starts))
        spans = [(int(starts[i]), int(ends[i])) for i in numbers.tolist() if i >= 0]
        return [(start, end) for start, end in spans if self._may_hold(data[start:end])]

    def may_hold(self, text: str) -> bool:
        """Whether an added token may stand in a text."""
        return self._may_hold(text.encode("utf-8"))

    def may_be_joined(self, piece: bytes) -> bool:
        """Whether a piece gives the same tokens between others of which the same is true.

        It is a blank and visible characters; one token of it at most begins a word.
        """
        if not self._joins:
            return False
        if piece.isascii():
            return _BLANK_AND_VISIBLE.fullmatch(piece) is not None
        text = piece.decode("utf-8")
        last = ord(text[-1])
        # What stands for several characters may hold a blank.
        return (
            not self._after_ascii
            and text[0] == " "
            and text[1:].isalnum()
            and unicodedata.is_normalized("NFKC", text)
            and last < _TABLE_END
            and bool(_visible()[last])
        )

    def _may_hold(self, sentence: bytes) -> bool:
        if self._pattern and self._pattern.search(sentence):
            return True
        if not self._composed or sentence.isascii():
            return False
        composed = unicodedata.normalize("NFC", sentence.decode("utf-8"))
        return any(token in composed for token in self._composed)


def _marks(text: NDArray[np.uint8], starts: Ints, ends: Ints) -> Ints:
    """Where ``UNKNOWN_WORD`` stands in the sentences."""
    places = places_of(UNKNOWN_WORD, text)
    sentence = np.searchsorted(starts, places, side="right") - 1
    inside = (sentence >= 0) & (places + len(UNKNOWN_WORD) <= ends[sentence])
    return places[inside]


def _without_blanks(text: NDArray[np.uint8], ends: Ints) -> Ints:
    """The ends of what stands before them, blanks left out."""
    while len(more := np.flatnonzero((ends > 0) & (text[ends - 1] == _BLANK))):
        ends = ends.copy()
        ends[more] -= 1
    return ends


def _beginnings(tokens: list[bytes]) -> NDArray[np.bool_]:
    """bool[65536]: the pairs of bytes, the first one high, that a token begins with."""
    table = np.zeros((256, 256), bool)
    for token in tokens:
        table[token[0], token[1] if len(token) > 1 else slice(None)] = True
    return table.ravel()
