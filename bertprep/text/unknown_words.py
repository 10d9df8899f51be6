"""The words behind [UNK], counted in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

import regex

from bertprep.vocabulary.tokenizer import word_tokenizer
from bertprep.vocabulary.vocabulary import Vocabulary
from bertprep.vocabulary.whole_tokenizer import whole_tokenizer

# So many of a split are told; one word more is worth less than its room in every report.
_KEPT_WORDS = 100
_COUNTED_WORDS = 20_000
_SHOWN_CHARACTERS = 40

Word = TypeVar("Word", bytes, str)


_MARKS = regex.compile(r"[\p{P}\p{S}\p{M}\p{Cf}]+")


def marks_among(words: Mapping[bytes, int]) -> int:
    """How many of the words are marks alone: quotes and emoji that few vocabularies have."""
    return sum(
        count for word, count in words.items() if _MARKS.fullmatch(word.decode("utf-8", "replace"))
    )


class UnknownWords:
    """Counts the unknown words of one split; of very many, the frequent ones.

    What is kept depends on the split alone, so that counts of all splits add up to the same
    whatever worker counted which.
    """

    def __init__(self) -> None:
        self._counts: Counter[bytes] = Counter()

    def add(self, words: Mapping[bytes, int]) -> None:
        """Counts words in UTF-8, by how often each occurred."""
        self._counts.update(words)
        if len(self._counts) > _COUNTED_WORDS:
            self._counts = most_frequent(self._counts, _COUNTED_WORDS // 2)

    def most_frequent(self) -> Counter[str]:
        """The words and how often each occurred; the longest ones cut."""
        found: Counter[str] = Counter()
        for word, count in most_frequent(self._counts, _KEPT_WORDS).items():
            found[word.decode("utf-8", "replace")[:_SHOWN_CHARACTERS]] += count
        return found


def most_frequent(counts: Mapping[Word, int], number: int) -> Counter[Word]:
    """The ``number`` most frequent, in this order; equally frequent ones by themselves."""
    kept = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:number]
    return Counter(dict(kept))


def unknown_characters(words: Mapping[str, int], vocabulary: Vocabulary) -> Counter[str]:
    """The characters of these words that no token of the vocabulary is, weighted by the words'."""
    if vocabulary.settings.whole:
        return _unspelled(words, vocabulary)
    normalizer = word_tokenizer(vocabulary).normalizer
    known, prefix = vocabulary.ids, vocabulary.settings.continuing_prefix
    found: Counter[str] = Counter()
    for word, count in words.items():
        # Spaces are put around Chinese characters.
        for character in "".join(normalizer.normalize_str(word).split()):
            if character not in known and f"{prefix}{character}" not in known:
                found[character] += count
    return most_frequent(found, len(found))


def _unspelled(words: Mapping[str, int], vocabulary: Vocabulary) -> Counter[str]:
    """The same where tokenizer.json says how text is read."""
    tokenizer, ids = whole_tokenizer(vocabulary)
    characters = {character for word in words for character in word if not character.isspace()}
    unknown = {c for c in characters if vocabulary.unk_id in ids[tokenizer.encode(c).ids]}
    found: Counter[str] = Counter()
    for word, count in words.items():
        for character in unknown.intersection(word):
            found[character] += count * word.count(character)
    return most_frequent(found, len(found))
