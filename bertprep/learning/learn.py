"""A WordPiece vocabulary out of word counts, the same to the byte for the same counts.

Byte-pair merges (``merges``) give twice as many candidates as are wanted. They are judged by what
BERT will do with them: its encoder takes the longest piece that matches, from left to right
(``longest_match``), and so never emits many a merge that was but a step towards a longer piece.
The words are encoded that way, a piece is worth the pieces it saves in them and in unseen words
like them (``worth``), and those worth least go.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.characters import is_ideograph
from bertprep.common.ragged import offsets_of
from bertprep.errors import UsageError
from bertprep.learning.alphabet import LOSS, alphabet_size
from bertprep.learning.longest_match import Words
from bertprep.learning.merges import learn_merges
from bertprep.learning.selection import UNSEEN, Corpus, best
from bertprep.vocabulary.reading_settings import CONTINUING, MAX_INPUT_CHARS_PER_WORD

Ints = NDArray[np.int64]
CodePoints = NDArray[np.uint32]

# How many candidates there are per piece wanted. With three, text of other subjects takes more
# pieces: most of the further ones are long.
OVERSHOOT = 2.0

_CODE_POINTS = 0x110000
# Of pairs, where no other bound is given and as long as there are such.
_USUAL_FREQUENCY = 2
# What a letter counts where it was not seen: less than one that was.
_MAY_STAND = 0.5


class Learned(NamedTuple):
    """The pieces that were learned, and how many of them, the last ones, are of pairs seen once."""

    pieces: list[str]
    seen_once: int


def learn_vocabulary(
    words: pa.Array,
    counts: NDArray[np.int64],
    *,
    size: int,
    min_frequency: int | None = None,
    limit_alphabet: int | None = None,
    max_token_length: int | None = None,
    told: Callable[[int, int], object] | None = None,
    unseen: int = UNSEEN,
) -> Learned:
    """Learns ``size`` pieces ("the", "##ing"), or fewer where the words give no more.

    Special tokens are the caller's. First comes the alphabet, sorted; then the other pieces, the
    one that saves most first, ties by code points (merged pieces before ideographs).

    * Alphabet: the ``limit_alphabet`` most frequent characters, ties by code point. "x" is a
      piece, as other words may begin with it (not a combining mark, unless one did); "##x" is one
      if it stands inside a word, however rare, or is found in more than one of 100,000 words (no
      symbol); the others, if there is room in the end. If these are more than ``size``, the most
      frequent stay and nothing else is learned.
    * A word with a character outside of the alphabet is [UNK] to BERT whatever else is known, so
      nothing is learned from it; nor from words over 100 characters (max_input_chars_per_word).
    * An ideograph that is a word by itself, as BERT's tokenizer leaves it, spells nothing. It is
      no part of the alphabet nor under its limit, and is worth the [UNK]s it saves.
    * Any other piece saves, each time that greedy longest-match-first encoding emits it, the
      further pieces its text would take without it: in the words, and in unseen ones like them.

    Args:
        words: string[n], distinct and not null, as BertNormalizer and BertPreTokenizer yield them.
        counts: int64[n], how often each occurs (exact to a sum of 2**53); the order of the words
            plays no part.
        size: the pieces wanted.
        min_frequency: pairs of pieces seen less often make no piece; None for 2, and for pairs
            seen once where these give fewer pieces than are wanted.
        limit_alphabet: characters in the alphabet (each may give two pieces); None for as many as
            the text needs (``alphabet_size``).
        max_token_length: the longest piece in characters, without "##"; None for no limit.
        told: called now and then with how many candidates there are, and are to be.
        unseen: how many times words like these that were not counted count.

    Raises:
        UsageError: if a number is below 1, or there is not one count per word.

    >>> words = pa.array(["hug", "pug", "hugs"])
    >>> learn_vocabulary(words, np.array([10, 5, 5]), size=11).pieces
    ['##g', '##h', '##p', '##s', '##u', 'g', 'h', 'p', 's', 'u', '##ug']
    """
    _check(words, counts, size, min_frequency, limit_alphabet, max_token_length)
    corpus, ideographs = _read(words, counts, limit_alphabet, size)
    letters = _letters(corpus, size, LOSS)
    wanted = size - len(letters)
    if wanted == 0:
        return Learned(letters, 0)
    least = _USUAL_FREQUENCY if min_frequency is None else min_frequency
    merged = _candidates(corpus, math.ceil(wanted * OVERSHOOT), least, max_token_length, told)
    known = set(letters)
    ideographs = {c: n for c, n in ideographs.items() if c not in known}
    pieces = letters + best(corpus, letters, sorted(merged), ideographs, wanted, unseen)
    room = size - len(pieces)
    pieces += [x for x in _letters(corpus, size, 0.0) if x not in known][:room]
    if min_frequency is not None or len(pieces) == size:
        return Learned(pieces, 0)
    once = _of_pairs_seen_once(corpus, pieces, size - len(pieces), max_token_length, unseen)
    return Learned(pieces + once, len(once))


def _of_pairs_seen_once(
    corpus: Corpus, known: list[str], wanted: int, max_token_length: int | None, unseen: int
) -> list[str]:
    """Of all that the words have left, the pieces worth most beside those that are known."""
    count = len(known) + math.ceil(wanted * OVERSHOOT)
    left = set(_candidates(corpus, count, 1, max_token_length, None)).difference(known)
    alphabet = set(corpus.alphabet)
    spelled = [x for x in known if alphabet.issuperset(x.removeprefix(CONTINUING))]
    return best(corpus, spelled, sorted(left), {}, min(wanted, len(left)), unseen)


def _letters(corpus: Corpus, size: int, share: float) -> list[str]:
    """The pieces of one character, sorted: those that matter most where ``size`` is too small.

    Characters may begin a word where they were not seen to; those in more than this share of the
    words may also stand inside of one.
    """
    alphabet = corpus.alphabet
    spellings = alphabet + [CONTINUING + letter for letter in alphabet]
    weights = np.repeat(corpus.counts, np.diff(corpus.words.starts))
    total = np.bincount(_symbols(corpus), weights, len(spellings)).astype(np.float64)
    first, inside = total[: len(alphabet)], total[len(alphabet) :]  # parts of it
    usual = first + inside > share * corpus.counts.sum()
    kind = np.array([unicodedata.category(letter)[0] for letter in alphabet], "U1")
    first[kind != "M"] += _MAY_STAND
    inside[usual & np.isin(kind, ("L", "N", "M"))] += _MAY_STAND
    return sorted(spellings[symbol] for symbol in _greatest(total, size))


def _candidates(
    corpus: Corpus,
    wanted: int,
    min_frequency: int,
    max_token_length: int | None,
    told: Callable[[int, int], object] | None,
) -> list[str]:
    """Merged pieces, each once: so many, or all there are.

    Where the words are used up, each being one piece, there are still parts that distinct words
    have in common.
    """
    spellings = corpus.alphabet + [CONTINUING + letter for letter in corpus.alphabet]
    limits: dict[str, Any] = {"min_frequency": min_frequency, "max_token_length": max_token_length}
    weights = np.repeat(corpus.counts, np.diff(corpus.words.starts))
    # The symbols are made anew each time: held in between, they would add to the peak of memory.
    merged = learn_merges(_symbols(corpus), weights, spellings, wanted=wanted, told=told, **limits)
    if len(merged) == wanted:
        return merged
    weights[:] = 1
    parts = learn_merges(_symbols(corpus), weights, spellings, wanted=wanted, whole=False, **limits)
    return list(dict.fromkeys(merged + parts))[:wanted]


def _read(
    words: pa.Array, counts: NDArray[np.int64], limit_alphabet: int | None, size: int
) -> tuple[Corpus, dict[str, int]]:
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
    return Corpus(spelled, counts[~foreign].astype(np.float64), characters), ideographs


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
    return _greatest(np.bincount(items, weights), limit)


def _greatest(total: NDArray[Any], limit: int) -> Ints:
    """The indices of the ``limit`` greatest numbers above zero, ties to the smaller; sorted."""
    seen = np.flatnonzero(total)
    return np.sort(seen[np.argsort(-total[seen], kind="stable")[:limit]])


def _symbols(corpus: Corpus) -> NDArray[np.int32]:
    """Per letter its rank if it begins a word; inside words, the rank plus the alphabet's size."""
    alphabet = np.int32(len(corpus.alphabet))
    symbols: NDArray[np.int32] = corpus.words.letters + alphabet
    symbols[corpus.words.starts[:-1]] -= alphabet
    return symbols


def _check(
    words: pa.Array,
    counts: NDArray[np.int64],
    size: int,
    min_frequency: int | None,
    limit_alphabet: int | None,
    max_token_length: int | None,
) -> None:
    if len(words) != len(counts):
        raise UsageError(
            f"a count is needed per word; there are {len(words)} words and {len(counts)} counts"
        )
    numbers = {
        "size": size,
        "min_frequency": 1 if min_frequency is None else min_frequency,
        "limit_alphabet": 1 if limit_alphabet is None else limit_alphabet,
        "max_token_length": 1 if max_token_length is None else max_token_length,
    }
    for name, number in numbers.items():
        if number < 1:
            raise UsageError(f"{name} must be at least 1, not {number}")
