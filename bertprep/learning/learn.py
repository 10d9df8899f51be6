"""A WordPiece vocabulary out of word counts, the same to the byte for the same counts.

Byte-pair merges (``merges``) give twice as many candidates as are wanted. They are judged by what
BERT will do with them: its encoder takes the longest piece that matches, from left to right
(``longest_match``), and so never emits many a merge that was but a step towards a longer piece.
The words are encoded that way, a piece is worth the pieces it saves, and those worth least go.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.characters import is_ideograph
from bertprep.common.ragged import offsets_of
from bertprep.errors import UsageError
from bertprep.learning.alphabet import alphabet_size
from bertprep.learning.longest_match import Encoded, LongestMatch, Words
from bertprep.learning.merges import learn_merges
from bertprep.vocabulary.settings import CONTINUING, MAX_INPUT_CHARS_PER_WORD

Ints = NDArray[np.int64]
CodePoints = NDArray[np.uint32]

# How many candidates there are per piece wanted, and what part of the surplus is still there after
# each round of dropping. On 18 MB of English Wikipedia, 8,000 pieces: 1.263 pieces per word if
# the surplus goes at once, 1.249 so, 1.248 in six rounds; 1.250 with three candidates per piece.
OVERSHOOT = 2.0
SURPLUS_LEFT = (1 / 2, 1 / 4, 1 / 8, 0.0)

_CODE_POINTS = 0x110000


def learn_vocabulary(
    words: pa.Array,
    counts: NDArray[np.int64],
    *,
    size: int,
    min_frequency: int = 2,
    limit_alphabet: int | None = None,
    max_token_length: int | None = None,
    told: Callable[[int, int], object] | None = None,
) -> list[str]:
    """Returns ``size`` pieces ("the", "##ing"), or fewer where the words give no more.

    Special tokens are the caller's. First comes the alphabet, sorted; then the other pieces, the
    one that saves most first, ties by code points (merged pieces before ideographs).

    * Alphabet: the ``limit_alphabet`` most frequent characters, ties by code point. "x" is a piece
      if a word begins with it, "##x" if it stands inside one, however rare. If these are more than
      ``size``, the most frequent stay and nothing else is learned.
    * A word with a character outside of the alphabet is [UNK] to BERT whatever else is known, so
      nothing is learned from it; nor from words over 100 characters (max_input_chars_per_word).
    * An ideograph that is a word by itself, as BERT's tokenizer leaves it, spells nothing. It is
      no part of the alphabet nor under its limit, and saves as many [UNK]s as it occurs.
    * Any other piece saves, each time that greedy longest-match-first encoding emits it, the
      further pieces its text would take without it.

    Args:
        words: string[n], distinct and not null, as BertNormalizer and BertPreTokenizer yield them.
        counts: int64[n], how often each occurs (exact to a sum of 2**53); the order of the words
            plays no part.
        size: the pieces wanted.
        min_frequency: pairs of pieces, and ideographs, seen less often make no piece.
        limit_alphabet: characters in the alphabet (each may give two pieces); None for as many as
            the text needs (``alphabet_size``).
        max_token_length: the longest piece in characters, without "##"; None for no limit.
        told: called now and then with how many candidates there are, and are to be.

    Raises:
        UsageError: if a number is below 1, or there is not one count per word.

    >>> words = pa.array(["hug", "pug", "hugs"])
    >>> learn_vocabulary(words, np.array([10, 5, 5]), size=8)
    ['##g', '##s', '##u', 'h', 'p', 'hug', 'pug', 'hugs']

    (The merges were ##ug, hug, pug, hugs; ##ug went, as longest match never emits it any more.)
    """
    _check(words, counts, size, min_frequency, limit_alphabet, max_token_length)
    corpus, ideographs = _read(words, counts, limit_alphabet, size)
    weights = np.repeat(corpus.counts, np.diff(corpus.words.starts))
    spellings = corpus.alphabet + [CONTINUING + letter for letter in corpus.alphabet]
    # The symbols are made again below: held in between, they would add to the peak of memory.
    letters = sorted(
        spellings[symbol] for symbol in _most_frequent(_symbols(corpus), weights, size)
    )
    wanted = size - len(letters)
    if wanted == 0:
        return letters
    merged = learn_merges(
        _symbols(corpus),
        weights,
        spellings,
        wanted=math.ceil(wanted * OVERSHOOT),
        min_frequency=min_frequency,
        max_token_length=max_token_length,
        told=told,
    )
    known = set(letters)
    ideographs = {c: n for c, n in ideographs.items() if n >= min_frequency and c not in known}
    return letters + _best(corpus, letters, sorted(merged), ideographs, wanted)


class _Corpus(NamedTuple):
    """The words that can be spelled, how often each occurs (float64[words]), and the letters."""

    words: Words
    counts: NDArray[np.float64]
    alphabet: list[str]


def _best(
    corpus: _Corpus, letters: list[str], merged: list[str], ideographs: dict[str, int], wanted: int
) -> list[str]:
    """The ``wanted`` pieces of ``merged`` and ``ideographs`` that save most, best first."""
    candidates = merged + sorted(ideographs)
    encoder = LongestMatch(_spell(merged + letters, corpus.alphabet), len(corpus.alphabet))
    encoded = encoder.encode(corpus.words)
    saved = np.array([ideographs.get(piece, 0) for piece in candidates], np.float64)
    left = np.arange(len(candidates))
    surplus = max(0, len(candidates) - wanted)
    for part in SURPLUS_LEFT:
        left = _by_worth(left, saved, encoder, encoded, corpus.counts, len(merged))
        left, dropped = np.split(left, [wanted + int(surplus * part)])
        encoded = encoder.drop(dropped[dropped < len(merged)], corpus.words, encoded)
    left = _by_worth(left, saved, encoder, encoded, corpus.counts, len(merged))
    return [candidates[index] for index in left.tolist()]


def _by_worth(
    candidates: Ints,
    saved: NDArray[np.float64],
    encoder: LongestMatch,
    encoded: Encoded,
    counts: NDArray[np.float64],
    merged: int,
) -> Ints:
    """``candidates``, the most worth first; ``saved`` is brought up to date for merged pieces."""
    candidates = np.sort(candidates)  # so that ties go by code points
    pieces = candidates[candidates < merged]
    usage = np.bincount(encoded.piece, counts[encoded.word], minlength=len(saved))
    saved[pieces] = usage[pieces] * (encoder.pieces_without(pieces) - 1)
    order: Ints = np.argsort(-saved[candidates], kind="stable")
    return candidates[order]


def _read(
    words: pa.Array, counts: NDArray[np.int64], limit_alphabet: int | None, size: int
) -> tuple[_Corpus, dict[str, int]]:
    """The corpus in letters, and the ideographs that stand alone with their counts."""
    points, lengths, counts = _code_points(words, counts)
    alone = _ideographs_alone(points, lengths)
    of_ideographs = np.repeat(alone, lengths)
    found = map(chr, points[of_ideographs].tolist())
    ideographs = dict(zip(found, counts[alone].tolist(), strict=True))
    points, lengths, counts = points[~of_ideographs], lengths[~alone], counts[~alone]

    weights = np.repeat(counts, lengths)
    if limit_alphabet is None:
        occurrences = np.bincount(points, weights).astype(np.int64)
        limit_alphabet = alphabet_size(occurrences, int(counts.sum()), size)
    alphabet = _most_frequent(points, weights, limit_alphabet)
    rank = np.full(_CODE_POINTS, -1, np.int32)
    rank[alphabet] = np.arange(len(alphabet))
    letters = rank[points]
    foreign = np.zeros(len(lengths), bool)
    foreign[np.searchsorted(offsets_of(lengths), np.flatnonzero(letters < 0), side="right") - 1] = 1
    spelled = Words.of(letters[np.repeat(~foreign, lengths)], lengths[~foreign])
    characters = [chr(point) for point in alphabet.tolist()]
    return _Corpus(spelled, counts[~foreign].astype(np.float64), characters), ideographs


def _code_points(words: pa.Array, counts: Ints) -> tuple[CodePoints, Ints, Ints]:
    """Code points, end to end, of the words BERT would look into; their lengths and counts."""
    lengths = pc.utf8_length(words).to_numpy(zero_copy_only=False).astype(np.int64)
    usable = (lengths > 0) & (lengths <= MAX_INPUT_CHARS_PER_WORD) & (counts > 0)
    # BERT's tokenizer sets "#" apart. From others a word may come whose pieces look like "##x".
    usable &= ~pc.starts_with(words, CONTINUING).to_numpy(zero_copy_only=False)
    text = "".join(words.filter(pa.array(usable)).to_pylist())
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    return points, lengths[usable], counts[usable]


def _ideographs_alone(points: CodePoints, lengths: Ints) -> NDArray[np.bool_]:
    """Which words are one ideograph and no more: bool[words]."""
    first = points[offsets_of(lengths)[:-1]]
    alone: NDArray[np.bool_] = (lengths == 1) & is_ideograph(first)
    return alone


def _most_frequent(items: NDArray[Any], weights: NDArray[Any], limit: int) -> Ints:
    """The ``limit`` items of the greatest total weight, ties to the smaller; sorted."""
    total = np.bincount(items, weights)
    seen = np.flatnonzero(total)
    return np.sort(seen[np.argsort(-total[seen], kind="stable")[:limit]])


def _symbols(corpus: _Corpus) -> NDArray[np.int32]:
    """Per letter its rank if it begins a word; inside words, the rank plus the alphabet's size."""
    alphabet = np.int32(len(corpus.alphabet))
    symbols: NDArray[np.int32] = corpus.words.letters + alphabet
    symbols[corpus.words.starts[:-1]] -= alphabet
    return symbols


def _spell(pieces: list[str], alphabet: list[str]) -> Words:
    """The texts of ``pieces``, without their "##", in letters."""
    rank = {letter: index for index, letter in enumerate(alphabet)}
    inside = [piece.startswith(CONTINUING) for piece in pieces]
    texts = [piece.removeprefix(CONTINUING) for piece in pieces]
    letters = np.array([rank[letter] for text in texts for letter in text], np.int32)
    lengths = np.array([len(text) for text in texts], np.int64)
    return Words.of(letters, lengths, np.array(inside, bool))


def _check(
    words: pa.Array,
    counts: NDArray[np.int64],
    size: int,
    min_frequency: int,
    limit_alphabet: int | None,
    max_token_length: int | None,
) -> None:
    if len(words) != len(counts):
        raise UsageError(
            f"a count is needed per word; there are {len(words)} words and {len(counts)} counts"
        )
    numbers = {
        "size": size,
        "min_frequency": min_frequency,
        "limit_alphabet": 1 if limit_alphabet is None else limit_alphabet,
        "max_token_length": 1 if max_token_length is None else max_token_length,
    }
    for name, number in numbers.items():
        if number < 1:
            raise UsageError(f"{name} must be at least 1, not {number}")
