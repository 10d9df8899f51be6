"""Of which languages the text of rows is: a sample of their segments, by words and letters."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bertprep.text.east_asian import east_asian_language
from bertprep.text.language import LANGUAGES, UNDECIDED, languages_of
from bertprep.vocabulary.vocabulary import Vocabulary, continued

SAMPLED_SEGMENTS = 4_000  # about 0.3 seconds

# Scripts of which one language has most of the text: what their letters' names begin with.
_OF_SCRIPT = {
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "TIBETAN": "bo",
    "SINHALA": "si",
    "MONGOLIAN": "mn",
    "ORIYA": "or",
    "KANNADA": "kn",
}


class LanguageMix:
    """Counts the tokens of segments by language, until enough segments are seen.

    A segment is what stands between special tokens: A, or B, which may be of another document.

    Args:
        vocabulary: what the ids mean.
        most: segments to look at.

    Attributes:
        tokens: how many there are of each language by its code; under ``""`` those of segments
            for whose language too little speaks.
        segments: how many were looked at.
    """

    def __init__(self, vocabulary: Vocabulary, most: int = SAMPLED_SEGMENTS) -> None:
        self._shown = vocabulary.shown_tokens
        special = np.ones(len(self._shown), np.bool_)
        special[vocabulary.drawable_ids] = False
        special[vocabulary.unk_id] = False
        self._special, self._left = special, most
        self.tokens: Counter[str] = Counter()
        self.segments = 0

    def add(self, ids: NDArray[np.integer], inside: NDArray[np.bool_]) -> None:
        """Looks at the first rows of a block, as many as are still wanted.

        Args:
            ids: int[n, L], what the text has at each position, answers put back.
            inside: bool[n, L], what is no padding.
        """
        if self._left <= 0:
            return
        ids, inside = ids[: self._left], inside[: self._left]
        edged = np.zeros((len(ids), ids.shape[1] + 2), np.int8)
        edged[:, 1:-1] = inside & ~self._special[ids]
        steps = np.diff(edged)
        row, first = np.nonzero(steps == 1)
        last = np.nonzero(steps == -1)[1]
        row, first, last = row[: self._left], first[: self._left], last[: self._left]
        texts = [
            self._words(ids[number, start:end].tolist())
            for number, start, end in zip(row.tolist(), first.tolist(), last.tolist(), strict=True)
        ]
        self._count(texts, (last - first).tolist())

    def _words(self, ids: Sequence[int]) -> str:
        shown = (self._shown[number] for number in ids)
        return "".join(
            f" {token}" if (letters := continued(token)) is None else letters for token in shown
        )

    def _count(self, texts: Sequence[str], sizes: Sequence[int]) -> None:
        edges = np.cumsum([0, *map(len, texts)])
        found = languages_of("".join(texts), edges[:-1], edges[1:]).tolist()
        for number, text, size in zip(found, texts, sizes, strict=True):
            language = language_by_script(text) if number == UNDECIDED else LANGUAGES[number]
            self.tokens[language] += size
        self.segments += len(texts)
        self._left -= len(texts)


def language_by_script(text: str) -> str:
    """The language that has most of the text in the script of a text; "" where many share it.

    >>> [language_by_script(text) for text in ("床前明月光", "日本語を書く", "ok")]
    ['zh', 'ja', '']
    """
    found = Counter(
        _OF_SCRIPT.get(unicodedata.name(letter, "").partition(" ")[0], "")
        for letter in text
        if letter.isalpha()
    )
    eastern = [found.pop(language, 0) for language in ("zh", "ja", "ko")]
    found[east_asian_language(*eastern)] += sum(eastern)
    language, count = max(found.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return language if 2 * count > found.total() else ""
