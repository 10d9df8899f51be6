"""Byte-pair merges over weighted words, many per round, on flat numpy columns.

The learner of Sennrich et al. (2016), "Neural Machine Translation of Rare Words with Subword
Units": join the most frequent pair of neighbouring symbols, again and again. A step in numpy costs
much the same for one pair as for a thousand, so a round joins all pairs that are nearly as
frequent as the first and that cannot touch one another.

Two facts keep a round cheap. A pair that appears in a round holds a symbol made in that round,
so all its occurrences appear at once: they are one block of an array, and its count can only fall
afterwards. And a pair that starts below ``min_frequency`` can therefore be forgotten at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index, positions_within
from bertprep.vocabulary.reading_settings import CONTINUING

Ints = NDArray[np.int64]
Positions = NDArray[np.int32]
NEARLY = 0.8  # of the first pair's count; 0.95 costs three times the rounds and gains nothing
NO_PAIR = -1
TAKEN = -2
_BLOCK = 1 << 20


def learn_merges(
    symbols: Positions,
    weights: NDArray[np.float64],
    spellings: list[str],
    *,
    wanted: int,
    min_frequency: int,
    max_token_length: int | None,
    whole: bool = True,
    told: Callable[[int, int], object] | None = None,
) -> list[str]:
    """Returns up to ``wanted`` distinct merged pieces, the earliest (most frequent) first.

    Args:
        symbols: int32[n], all words end to end, one symbol per character: an index into
            ``spellings``. A symbol spelled "##x" continues a word, any other begins one.
        weights: float64[n], how often the word of that character occurs (exact below 2**53).
        spellings: the text of each symbol.
        wanted: where to stop.
        min_frequency: pairs seen less often are not joined.
        max_token_length: the longest piece in characters, without "##"; None for no limit.
        whole: whether a pair may be all of a word; if not, each word stays two pieces at least.
        told: called after each round with how many pieces there are, and ``wanted``.

    Ties in count go to the pair formed in the earlier round, then to the smaller left symbol, then
    to the smaller right one: the order of the words plays no part.

    >>> word = np.array([0, 2, 3], np.int32)  # h ##u ##g, seen 5 times
    >>> learn_merges(word, np.full(3, 5.0), ["h", "##h", "##u", "##g"], wanted=9,
    ...              min_frequency=2, max_token_length=None)
    ['hu', 'hug']
    """
    table = _PairTable(symbols, weights, spellings, min_frequency, max_token_length, whole)
    del symbols  # a copy is in the table, and what comes next takes the most memory
    table.add_all_pairs()
    pieces: dict[str, None] = {}
    while len(pieces) < wanted:
        pairs = table.most_frequent(wanted - len(pieces))
        if not len(pairs):
            break
        pieces.update(dict.fromkeys(table.join(pairs)))
        if told:
            told(len(pieces), wanted)
    return list(pieces)


def independent(left: list[int], right: list[int], limit: int) -> list[int]:
    """Indices of pairs of which no two can overlap; the earlier take precedence.

    Pairs (a, b) and (b, c) fight for the b in "a b c", so a symbol is the left of all chosen pairs
    it is in or the right of them; a pair (a, a) has its symbol to itself.

    Args:
        left: the first symbol of each pair.
        right: the second.
        limit: the most indices wanted.

    >>> independent([0, 1, 0], [1, 2, 2], 9)  # the second would take the 1 from the first
    [0, 2]
    """
    role: dict[int, str] = {}
    chosen = []
    for index, (a, b) in enumerate(zip(left, right, strict=True)):
        if a == b and a not in role:
            role[a] = "both"
        elif a != b and role.get(a, "left") == "left" and role.get(b, "right") == "right":
            role[a], role[b] = "left", "right"
        else:
            continue
        chosen.append(index)
        if len(chosen) == limit:
            break
    return chosen


class _PairTable:
    """The corpus as a linked list of symbols, and every pair with its count and occurrences.

    Per position (a character of the corpus, plus one closing sentinel): ``symbol``, the ``before``
    and ``after`` neighbours, and ``pair``, the pair this symbol forms with the next (NO_PAIR at
    word ends and for pairs too rare to matter). Positions inside a piece are left behind.
    Per pair: ``left``, ``right``, ``count``, and its block [``first``, ``last``) of ``found``.
    """

    def __init__(
        self,
        symbols: Positions,
        weights: NDArray[np.float64],
        spellings: list[str],
        min_frequency: int,
        max_token_length: int | None,
        whole: bool,
    ) -> None:
        n = len(symbols)
        self.spellings = list(spellings)
        self.min_frequency = max(1, min_frequency)
        self.max_length = max_token_length
        self.whole = whole
        self.inside = np.array([s.startswith(CONTINUING) for s in spellings], bool)
        self.length = np.ones(len(spellings), np.int64)
        self.symbol = np.append(symbols, symbols[:1])  # a sentinel that begins a word
        self.weight = weights
        self.before = np.arange(-1, n, dtype=np.int32)
        self.after = np.arange(1, n + 2, dtype=np.int32)
        self.pair = np.full(n + 1, NO_PAIR, np.int32)
        self.left = self.right = self.first = self.last = np.zeros(0, np.int64)
        self.count = np.zeros(0)
        # A merge takes one symbol away and forms at most two pairs: 3n is enough, and the
        # system commits only what is written.
        self.found = np.empty(3 * n, np.int32)
        self.filled = 0

    def add_all_pairs(self) -> None:
        """Gives every position its pair: before there is any to join."""
        self._add_pairs(np.arange(len(self.symbol) - 1, dtype=np.int32))

    def most_frequent(self, limit: int) -> Ints:
        """Up to ``limit`` pairs to join in this round, by falling count."""
        bar = max(self.min_frequency, NEARLY * self.count.max(initial=0.0))
        pairs = np.flatnonzero(self.count >= bar)
        pairs = pairs[np.argsort(-self.count[pairs], kind="stable")]
        return pairs[independent(self.left[pairs].tolist(), self.right[pairs].tolist(), limit)]

    def join(self, pairs: Ints) -> list[str]:
        """Joins ``pairs`` wherever they stand; returns the pieces they make."""
        spelled = self.spellings
        both = zip(self.left[pairs].tolist(), self.right[pairs].tolist(), strict=True)
        pieces = [spelled[a] + spelled[b][len(CONTINUING) :] for a, b in both]
        made = np.arange(len(spelled), len(spelled) + len(pairs), dtype=np.int32)
        spelled.extend(pieces)
        self.inside = np.append(self.inside, self.inside[self.left[pairs]])
        lengths = self.length[self.left[pairs]] + self.length[self.right[pairs]]
        self.length = np.append(self.length, lengths)

        at, which = self._occurrences(pairs)
        gone, before = self.after[at], self.before[at]
        self.pair[at] = NO_PAIR
        self.count[pairs] = 0
        self._forget(gone)
        self._forget(before.compress(before >= 0))
        self.symbol[at] = made[which]
        self.after[at] = self.after[gone]
        self.before[self.after[at]] = at
        self._add_pairs(self._with_before(at))
        return pieces

    def _occurrences(self, pairs: Ints) -> tuple[Positions, Ints]:
        """Positions at which ``pairs`` still stand, and for each the index into ``pairs``."""
        sizes = self.last[pairs] - self.first[pairs]
        which = np.repeat(np.arange(len(pairs)), sizes)
        at = self.found[gather_index(self.first[pairs], sizes)]
        stands = self.pair[at] == pairs[which]
        twins = (self.left == self.right)[pairs]
        if twins.any():
            mine = np.flatnonzero(stands & twins[which])
            stands[mine] = self._every_other(at[mine])
        return at.compress(stands), which.compress(stands)

    def _every_other(self, at: Positions) -> NDArray[np.bool_]:
        """Which of the pairs "a a" at ``at`` to join, so that "a a a a" becomes "aa aa"."""
        order = np.argsort(at)
        chain = at[order]
        starts = np.flatnonzero(np.append(True, self.after[chain[:-1]] != chain[1:])[: len(chain)])
        taken = np.empty(len(at), bool)
        taken[order] = positions_within(np.diff(np.append(starts, len(chain)))) % 2 == 0
        return taken

    def _forget(self, at: Positions) -> None:
        """Takes the pairs at the distinct positions ``at`` out of the counts."""
        pair = self.pair[at]
        known = pair != NO_PAIR
        at, pair = at.compress(known), pair.compress(known)
        self.count -= np.bincount(pair, self.weight[at], minlength=len(self.count))
        self.pair[at] = NO_PAIR

    def _with_before(self, at: Positions) -> Positions:
        """``at`` and the positions before them, each once."""
        self.pair[at] = TAKEN
        before = self.before[at]
        before = before.compress((before >= 0) & (self.pair[before] != TAKEN))
        self.pair[at] = NO_PAIR
        return np.concatenate((before, at))

    def _add_pairs(self, at: Positions) -> None:
        """Gives the distinct positions ``at`` their pair with the next symbol, all pairs new."""
        at = at.compress(self.inside[self.symbol[self.after[at]]])
        if not self.whole:
            ends = ~self.inside[self.symbol[self.after[self.after[at]]]]
            at = at[self.inside[self.symbol[at]] | ~ends]
        symbols = len(self.spellings)
        keys = self.symbol[at].astype(np.int64) * symbols
        keys += self.symbol[self.after[at]]
        keys, at = sort_by(keys, at)
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        sizes = np.diff(np.append(first, len(at)))
        left, right = np.divmod(keys[first], symbols)
        del keys
        count = np.add.reduceat(self.weight[at], first) if len(at) else np.zeros(0)
        kept = count >= self.min_frequency
        if self.max_length is not None:
            kept &= self.length[left] + self.length[right] <= self.max_length
        at, sizes = at.compress(np.repeat(kept, sizes)), sizes[kept]
        numbers = np.arange(len(self.count), len(self.count) + len(sizes), dtype=np.int32)
        self.pair[at] = np.repeat(numbers, sizes)
        self.found[self.filled : self.filled + len(at)] = at
        last = self.filled + sizes.cumsum()
        self.filled += len(at)
        self._extend(left[kept], right[kept], count[kept], last - sizes, last)

    def _extend(self, *columns: NDArray[Any]) -> None:
        names = ("left", "right", "count", "first", "last")
        for name, column in zip(names, columns, strict=True):
            setattr(self, name, np.concatenate((getattr(self, name), column)))


def sort_by(keys: Ints, values: Positions) -> tuple[Ints, Positions]:
    """Both by rising key, equal keys by rising value; uses its arguments up.

    One sort of integers that carry the value in their low bits is several times faster than
    argsort and needs half the memory; argsort is for keys that leave no room.  What else there is
    to do is done by blocks: millions of keys are the most that learning a vocabulary holds.

    Args:
        keys: int64[n], all 0 or more.
        values: int32[n], all 0 or more.

    Returns:
        int64[n] and int32[n].
    """
    bits = int(values.max(initial=0)).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > 63:
        order = np.lexsort((values, keys))
        return keys[order], values[order]
    keys <<= bits
    keys |= values
    keys.sort()
    for start in range(0, len(keys), _BLOCK):
        block = slice(start, start + _BLOCK)
        values[block] = keys[block] & ((1 << bits) - 1)
    keys >>= bits
    return keys, values
