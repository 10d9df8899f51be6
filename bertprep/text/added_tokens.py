"""Finds added tokens in text, as ``tokenizers`` does before it normalizes and splits.

Tokens that stand in the text letter by letter are cut out of it here.  Those that are searched for
in the normalized text, or only as single words, depend on what is around them: the sentences that
may hold one, which are few, are given to ``tokenizers`` whole.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index, offsets_of
from bertprep.vocabulary.tokenizer import added_token_tokenizer
from bertprep.vocabulary.vocabulary import Vocabulary

Ints = NDArray[np.int64]

_UNFOLDED = regex.compile(r"[\p{Mn}\p{C}]+")
_UNFOLDED_AND_SPACE = regex.compile(r"[\p{Mn}\p{C}\s]+")


class Stretches(NamedTuple):
    """Stretches of text with ids of their own.

    Attributes:
        starts: int64[n], ascending, in bytes.
        ends: int64[n].
        ids: int32[ids], of all of them.
        offsets: int64[n + 1]: stretch i has ``ids[offsets[i]:offsets[i + 1]]``.
    """

    starts: Ints
    ends: Ints
    ids: NDArray[np.int32]
    offsets: Ints

    def within(self, part: slice) -> Stretches:
        """Those of a part that cuts none in two, by positions in it."""
        first, last = np.searchsorted(self.starts, (part.start, part.stop))
        offsets = self.offsets[first : last + 1]
        return Stretches(
            self.starts[first:last] - part.start,
            self.ends[first:last] - part.start,
            self.ids[offsets[0] : offsets[-1]],
            offsets - offsets[0],
        )


NO_STRETCHES = Stretches(
    *(np.empty(0, np.int64),) * 2, np.empty(0, np.int32), np.zeros(1, np.int64)
)


class AddedTokens:
    """Finds the added tokens of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        searched = vocabulary.settings.searched
        plain = [t for t in searched if not (t.normalized or t.single_word)]
        texts = {vocabulary.tokens[t.id].encode("utf-8"): t.id for t in plain}
        # The first alternative wins, and it is to be the longest.
        longest_first = sorted(texts, key=len, reverse=True)
        self._ids = texts
        self._pattern = re.compile(b"|".join(map(re.escape, longest_first))) if texts else None
        self._tokenizer, self._id_of = added_token_tokenizer(vocabulary)
        others = [t for t in searched if t.normalized or t.single_word]
        self._raw = [vocabulary.tokens[t.id] for t in others if not t.normalized]
        normalize = self._tokenizer.normalizer.normalize_str
        normalized = [normalize(vocabulary.tokens[t.id]) for t in others if t.normalized]
        spaced = any(character.isspace() for token in normalized for character in token)
        self._unfolded = _UNFOLDED_AND_SPACE if spaced else _UNFOLDED
        self._folded = [self._fold(token) for token in normalized]

    def __call__(self, text: bytes, starts: Ints, ends: Ints) -> Stretches:
        """The stretches of the sentences ``text[start:end]`` that are not to be cut as others."""
        whole = self._to_give_whole(text, starts, ends)
        spans = [(starts[whole], ends[whole])]
        ids = [self._encoded(text, *spans[0])]
        if self._pattern is not None:
            cut = self._cut_out(text, *self._with_tokens(text, starts[~whole], ends[~whole]))
            spans.append(cut[:2])
            ids.append(cut[2])
        first = np.concatenate([span[0] for span in spans])
        order = np.argsort(first, kind="stable")
        last = np.concatenate([span[1] for span in spans])[order]
        rows = [row for found in ids for row in found]
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        flat = np.concatenate([np.empty(0, np.int32), *rows]).astype(np.int32)
        gathered = flat[gather_index(offsets_of(lengths)[:-1][order], lengths[order])]
        return Stretches(first[order], last, gathered, offsets_of(lengths[order]))

    def _with_tokens(self, text: bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """The sentences that anything found in the text overlaps."""
        assert self._pattern is not None
        found = np.array([m.span() for m in self._pattern.finditer(text)], np.int64).reshape(-1, 2)
        first = np.searchsorted(ends, found[:, 0], side="right")
        last = np.searchsorted(starts, found[:, 1])
        numbers = np.unique(gather_index(first, np.maximum(last - first, 0)))
        return starts[numbers], ends[numbers]

    def _cut_out(
        self, text: bytes, starts: Ints, ends: Ints
    ) -> tuple[Ints, Ints, list[NDArray[np.int32]]]:
        assert self._pattern is not None
        spans, ids = [], []
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            for match in self._pattern.finditer(text, start, end):
                spans.append(match.span())
                ids.append(np.array([self._ids[match[0]]], np.int32))
        places = np.array(spans, np.int64).reshape(-1, 2)
        return places[:, 0], places[:, 1], ids

    def _to_give_whole(self, text: bytes, starts: Ints, ends: Ints) -> NDArray[np.bool_]:
        """Which sentences may hold a token that depends on what is around it."""
        whole = np.zeros(len(starts), bool)
        if (self._raw or self._folded) and self._may_hold(text.decode("utf-8")):
            for i, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
                whole[i] = self._may_hold(text[start:end].decode("utf-8"))
        return whole

    def _may_hold(self, text: str) -> bool:
        if any(token in text for token in self._raw):
            return True
        if not self._folded:
            return False
        folded = self._fold(text)
        return any(token in folded for token in self._folded)

    def _fold(self, text: str) -> str:
        """The text without all that a normalizer may change, many times as fast as one.

        What holds a token when it is normalized holds it when both are folded.
        """
        if not text.isascii():
            text = unicodedata.normalize("NFD", text)
        folded: str = self._unfolded.sub("", unicodedata.normalize("NFD", text.casefold()))
        return folded

    def _encoded(self, text: bytes, starts: Ints, ends: Ints) -> list[NDArray[np.int32]]:
        sentences = [
            text[start:end].decode("utf-8")
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        encodings = self._tokenizer.encode_batch(sentences, add_special_tokens=False)
        return [self._id_of[np.array(encoding.ids, np.int64)] for encoding in encodings]


def added_tokens(vocabulary: Vocabulary) -> AddedTokens | None:
    """The object that finds the added tokens of a vocabulary; None if it has none to search for."""
    return AddedTokens(vocabulary) if vocabulary.settings.searched else None
