"""Words of Chinese and Japanese, for whole-word masking: BERT sets each ideograph apart.

As in Chinese-BERT-wwm a word found by a segmenter tells which characters go on with it; tokens
stay as the vocabulary has them. So a word that begins within a token, or mixes scripts (T恤), does
not fit: it is masked with its neighbour or in parts, and is counted. Kana in a row are one piece of
text to BERT: a word begins within them where a token does.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.common.characters import is_ideograph
from bertprep.common.ragged import offsets_of
from bertprep.text.word_segmenters import Cut, load_segmenter

__all__ = ["FoundWords", "Words"]

Offsets = NDArray[np.int64]
Mask = NDArray[np.bool_]

_LINES = regex.compile(r"[^\n]*[\p{Han}\p{Hiragana}\p{Katakana}][^\n]*")
# Hiragana and katakana with the marks that lengthen and repeat; 々 and 〆 are no ideographs.
_KANA = np.array([(0x3005, 0x3007), (0x3041, 0x309F), (0x30A1, 0x30FF), (0xFF66, 0xFF9F)])
_ZERO = np.zeros(0, np.int64)


class FoundWords(NamedTuple):
    """The words of a text.

    Attributes:
        going_on: int64[n], ascending, the offsets of the characters at which a word goes on.
        beginning: int64[m], ascending, those of kana behind kana at which a word begins.
        counts: ``segmented_words`` of Chinese or Japanese, and ``misfit_words`` among them, but for
            those that will begin within a token. A letter that is in none is a misfit by itself.
    """

    going_on: Offsets
    beginning: Offsets
    counts: Counter[str]


class Words:
    """Finds where the characters of a word go on.

    Args:
        name: of the segmenter, as ``--word-segmenter`` takes it.

    Raises:
        UsageError: as ``load_segmenter``.
    """

    def __init__(self, name: str = "jieba") -> None:
        self._cut = load_segmenter(name)

    def __call__(self, text: str) -> FoundWords:
        """The words of a text; line by line, so that a document's do not depend on others.

        >>> Words()("我爱北京").going_on.tolist()
        [3]
        """
        going_on, beginning = [_ZERO], [_ZERO]
        counts: Counter[str] = Counter()
        for line in _LINES.finditer(text):
            found = _in_line(line[0], self._cut)
            going_on.append(found.going_on + line.start())
            beginning.append(found.beginning + line.start())
            counts.update(found.counts)
        return FoundWords(np.concatenate(going_on), np.concatenate(beginning), counts)


def _in_line(line: str, cut: Cut) -> FoundWords:
    starts, within, covered, strange = _aligned(line, [word for word in cut(line) if word])
    points = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), np.uint32)
    ideograph, kana = is_ideograph(points), _is_kana(points)
    letter = ideograph | kana
    # Kana in a row are a piece of text to BERT, of one token or a few: they go on by themselves.
    joined = np.zeros(len(points), bool)
    joined[1:] = (within & letter)[1:] & letter[:-1] & (ideograph[1:] | ideograph[:-1])
    beginning = starts[kana[starts] & kana[starts - 1] & (starts > 0)]
    mixed = np.flatnonzero(within[1:] & (letter[1:] != letter[:-1])) + 1
    mixed = np.array([at for at in mixed if line[at - 1 : at + 1].isalnum()], np.int64)
    left = int((letter & ~covered).sum())
    misfits = len(np.unique(np.searchsorted(starts, mixed, "right"))) + strange + left
    counts = Counter(segmented_words=int(letter[starts].sum()) + left, misfit_words=misfits)
    return FoundWords(np.flatnonzero(joined), beginning, counts)


def _aligned(line: str, words: list[str]) -> tuple[Offsets, Mask, Mask, int]:
    """Where words start, which characters are behind the first, which in one; the words not there.

    A segmenter may leave out white space, or more.
    """
    within = np.ones(len(line), bool)
    lengths = np.array(list(map(len, words)), np.int64)
    if "".join(words) == line:
        starts = offsets_of(lengths)[:-1]
        within[starts] = False
        return starts, within, np.ones(len(line), bool), 0
    covered = np.zeros(len(line), bool)
    found: list[int] = []
    end = 0
    for word in words:
        at = line.find(word, end)
        if at >= 0:
            found.append(at)
            within[end : at + 1] = False
            end = at + len(word)
            covered[at:end] = True
    within[end:] = False
    return np.array(found, np.int64), within, covered, len(words) - len(found)


def _is_kana(points: NDArray[np.uint32]) -> Mask:
    block = np.searchsorted(_KANA[:, 0], points, side="right") - 1
    found: Mask = (block >= 0) & (points <= _KANA[block, 1])
    return found
