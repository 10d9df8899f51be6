"""Which sentences become a row: next sentence pairs, sentence order pairs, or full sentences.

The walk over sentence lengths is google-research/bert's ``create_instances_from_document`` (and
albert's, for ``sop``); a row is a handful of token positions, so no token is touched here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import (
    TRUNCATE_A,
    TRUNCATE_B,
    Keys,
    coin_flips,
    copy_keys,
    instance_draws,
    pass_draws,
    unit,
)
from bertprep.options import ShardOptions, Task
from bertprep.text.prepared import keys_of, unflagged

Row = tuple[int, int, int, int, int]  # first and last token of A, first and last of B, label


@dataclass(frozen=True)
class Documents:
    """Tokenized documents, ordered by key, as flat columns; equal ones are there once.

    Attributes:
        keys: uint64[documents].
        first_sentence: int64[documents + 1], the sentences of each document.
        first_token: int64[sentences + 1], the tokens of each sentence.
        ids: the token ids as they are stored (``prepare.flagged``), one after the other.
        is_pair: bool[documents], those given as a sentence and the next one; None if none is.
        counts: int64[documents], how many there are of each; None if there is one.
        identities: uint64[documents, 2], the ids that they are known by; None if nobody asks.
    """

    keys: Keys
    first_sentence: NDArray[np.int64]
    first_token: NDArray[np.int64]
    ids: NDArray[np.unsignedinteger]
    is_pair: NDArray[np.bool_] | None = None
    counts: NDArray[np.int64] | None = None
    identities: Keys | None = None

    @classmethod
    def from_rows(cls, rows: pa.RecordBatch) -> Documents:
        """From a record batch of ``prepared_schema``."""
        documents = rows.column("sentences")
        sentences = documents.flatten()
        tokens = sentences.flatten()
        return cls(
            keys_of(rows),
            _zero_based(documents.offsets),
            _zero_based(sentences.offsets),
            tokens.to_numpy(),
            rows.column("is_pair").to_numpy(zero_copy_only=False),
            np.asarray(rows.column("count")),
        )

    def share(self, part: int, parts: int) -> tuple[NDArray[np.int64], Keys]:
        """Of ``parts`` equal shares of all copies in order: whose copies, and their own keys."""
        counts = np.ones(len(self.keys), np.int64) if self.counts is None else self.counts
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        copies = np.arange(total * part // parts, total * (part + 1) // parts)
        numbers = np.searchsorted(ends, copies, side="right")
        return numbers, copy_keys(self.keys[numbers], copies - (ends - counts)[numbers])

    def copies(self, part: int = 0, parts: int = 1) -> NDArray[np.int64]:
        """int64[documents]: how many copies of each are in a share."""
        return np.bincount(self.share(part, parts)[0], minlength=len(self.keys))


def _zero_based(offsets: pa.Array) -> NDArray[np.int64]:
    values: NDArray[np.int64] = np.asarray(offsets).astype(np.int64)
    return values - int(values[0])


class Pairs(NamedTuple):
    """Rows as columns: A is ``ids[a_start:a_start + a_length]``, B likewise (length 0 for none).

    ``labels`` is 1 for a random next (or, for sop, swapped) pair; ``truncated`` counts the tokens
    that did not fit, ``unsplittable`` the documents' lone sentences sop could make no pair of;
    ``per_document`` int64[passes * copies] is how many rows each copy of a document gave in each
    pass, ``passes`` int32[n] the number of the pass of each row.  ``lost`` says why tokens of a
    document are in none of its own rows, summed over the passes: ``truncated_own``,
    ``unsplittable``, and ``unpaired``, second sentences of given pairs whose place a random one
    took.
    """

    keys: Keys
    a_start: NDArray[np.int64]
    a_length: NDArray[np.int64]
    b_start: NDArray[np.int64]
    b_length: NDArray[np.int64]
    labels: NDArray[np.int8]
    truncated: int
    unsplittable: int = 0
    per_document: NDArray[np.int64] = np.zeros(0, np.int64)
    lost: Mapping[str, int] = MappingProxyType({})
    task: Task = "nsp"
    passes: NDArray[np.int32] = np.zeros(0, np.int32)

    @property
    def is_own(self) -> NDArray[np.bool_]:
        """bool[n]: whether B is of the document of A."""
        own: NDArray[np.bool_] = (self.labels == 0) | (self.task != "nsp")
        return own

    def take(self, order: NDArray[np.int64]) -> Pairs:
        """The rows with these numbers, in this order."""
        return self._replace(
            keys=self.keys[order],
            a_start=self.a_start[order],
            a_length=self.a_length[order],
            b_start=self.b_start[order],
            b_length=self.b_length[order],
            labels=self.labels[order],
            passes=self.passes[order] if len(self.passes) else self.passes,
        )


def make_pairs(
    documents: Documents,
    options: ShardOptions,
    passes: range,
    continuing: NDArray[np.bool_],
    part: int = 0,
    parts: int = 1,
) -> Pairs:
    """All rows of the documents in the given passes, truncated to ``options.max_num_tokens``.

    Each copy of a document gives rows of its own.  A random B is of any other document with equal
    chance, however often that is there: never of one of the same text.

    Args:
        documents: their sentences as token ids, and a key each.
        options: the task, lengths and probabilities.
        passes: the numbers of the passes, each with pairs of its own.
        continuing: bool[V], whether a token continues a word (sop splits a lone sentence between
            words).
        part: the number of the share of the copies to make rows of.
        parts: how many equal shares there are.

    Raises:
        ValueError: for ``nsp`` with documents of one text, which have no other to draw B from.
    """
    if options.task == "nsp" and len(documents.keys) < 2:
        raise ValueError("next sentence prediction needs at least two different documents")
    walk = _Walk(documents, options, continuing)
    copies = [column.tolist() for column in documents.share(part, parts)]
    keys: list[int] = []
    rows: list[Row] = []
    edges = [0]
    for pass_number in passes:
        for document, document_key in zip(*copies, strict=True):
            for key, row in walk.rows(document, document_key, pass_number):
                keys.append(key)
                rows.append(row)
            edges.append(len(rows))
    columns = np.array(rows, np.int64).reshape(-1, 5)
    pairs = _truncated(np.array(keys, np.uint64), columns, options)
    walk.lost.update(pairs.lost)
    per_document = np.diff(edges)
    of_copies = np.repeat(np.array(passes, np.int32), len(copies[0]))
    return pairs._replace(
        unsplittable=walk.unsplittable,
        per_document=per_document,
        lost=walk.lost,
        passes=np.repeat(of_copies, per_document),
    )


class _Walk:
    """Walks documents sentence by sentence, over plain lists: Python reads these fastest."""

    def __init__(
        self, documents: Documents, options: ShardOptions, continuing: NDArray[np.bool_]
    ) -> None:
        self.unsplittable = 0
        self._others = len(documents.keys) - 1
        self.lost: Counter[str] = Counter()
        self._first: list[int] = documents.first_sentence.tolist()
        self._token: list[int] = documents.first_token.tolist()
        self._ids = documents.ids
        is_pair = documents.is_pair
        self._is_pair = [False] * len(documents.keys) if is_pair is None else is_pair.tolist()
        self._continuing = continuing
        self._max = options.max_num_tokens
        self._short = options.short_sequence_share
        self._task = options.task

    def rows(self, document: int, document_key: int, pass_number: int) -> Iterator[tuple[int, Row]]:
        """(key, row) of each example of one document, or copy of it, in one pass.

        Args:
            document: its number.
            document_key: its own, or its copy's.
            pass_number: of the pass.
        """
        # Not kept in self: a cycle would hold the whole pool until Python looks for cycles.
        walks = {"nsp": self._next_sentence, "sop": self._order, "none": self._full}
        if self._task == "nsp" and self._is_pair[document]:
            return self._given_pair(document, document_key, pass_number)
        target = self._target(document_key, pass_number)
        return walks[self._task](document, document_key, pass_number, target)

    def _target(self, document_key: int, pass_number: int) -> int:
        """target_seq_length: usually the maximum, sometimes randint(2, maximum)."""
        is_short, length = pass_draws(document_key, pass_number)
        if unit(is_short) < self._short:
            return 2 + length % (self._max - 1)
        return self._max

    def _chunk_end(self, start: int, last: int, tokens: int) -> int:
        """The end of the fewest sentences from ``start`` that hold ``tokens``; at most ``last``."""
        return min(bisect_left(self._token, self._token[start] + tokens, start + 1, last), last)

    def _next_sentence(
        self, document: int, document_key: int, pass_number: int, target: int
    ) -> Iterator[tuple[int, Row]]:
        token, first, others = self._token, self._first, self._others
        start, last = first[document], first[document + 1]
        instance = 0
        while start < last:
            key, where, coin, which, entry = instance_draws(document_key, pass_number, instance)
            end = self._chunk_end(start, last, target)
            middle = end if end - start == 1 else start + 1 + where % (end - start - 1)
            if end - start == 1 or coin >> 63:
                other = which % others
                other += other >= document
                b_start = first[other] + entry % (first[other + 1] - first[other])
                wanted = target - (token[middle] - token[start])
                b_end = self._chunk_end(b_start, first[other + 1], wanted)
                yield key, (token[start], token[middle], token[b_start], token[b_end], 1)
                start = middle
            else:
                yield key, (token[start], token[middle], token[middle], token[end], 0)
                start = end
            instance += 1

    def _given_pair(
        self, document: int, document_key: int, pass_number: int
    ) -> Iterator[tuple[int, Row]]:
        """The first sentence with its own second one, or as often with that of another pair.

        From any other document B is one sentence too: its length must not give it away.
        """
        token, first, others = self._token, self._first, self._others
        a = first[document]
        key, _, coin, which, entry = instance_draws(document_key, pass_number, 0)
        b = a + 1
        if coin >> 63:
            self.lost["unpaired"] += token[b + 1] - token[b]
            other = which % others
            other += other >= document
            b = first[other] + entry % (first[other + 1] - first[other])
            if self._is_pair[other]:
                b = first[other] + 1
        yield key, (token[a], token[a + 1], token[b], token[b + 1], coin >> 63)

    def _order(
        self, document: int, document_key: int, pass_number: int, target: int
    ) -> Iterator[tuple[int, Row]]:
        token = self._token
        start, last = self._first[document], self._first[document + 1]
        instance = 0
        while start < last:
            key, where, coin, _, _ = instance_draws(document_key, pass_number, instance)
            end = max(self._chunk_end(start, last, target), min(start + 2, last))
            if end - start > 1:
                middle = token[start + 1 + where % (end - start - 1)]
            else:
                middle = self._word_near(token[start], token[end], where)
            a, b = (token[start], middle), (middle, token[end])
            if middle == token[start]:
                self.unsplittable += 1
                self.lost["unsplittable"] += token[end] - token[start]
            elif coin >> 63:
                yield key, (*b, *a, 1)
            else:
                yield key, (*a, *b, 0)
            start = end
            instance += 1

    def _word_near(self, start: int, end: int, draw: int) -> int:
        """A random start of a word inside a sentence; its own start if it has one word only."""
        ids, flags = unflagged(self._ids[start + 1 : end])
        starts = np.flatnonzero(~(self._continuing[ids] ^ flags))
        return start + 1 + int(starts[draw % len(starts)]) if len(starts) else start

    def _full(
        self, document: int, document_key: int, pass_number: int, target: int
    ) -> Iterator[tuple[int, Row]]:
        token = self._token
        first, last = self._first[document], self._first[document + 1]
        instance = 0
        start, sentence = token[first], first
        while start < token[last]:
            sentence = bisect_right(token, start + target, sentence, last + 1) - 1
            # A sentence longer than a row goes on in the next ones.
            end = token[sentence] if token[sentence] > start else start + target
            yield instance_draws(document_key, pass_number, instance)[0], (start, end, end, end, 0)
            start = end
            instance += 1


def _truncated(keys: Keys, rows: NDArray[np.int64], options: ShardOptions) -> Pairs:
    """google-research/bert's ``truncate_seq_pair``, for all rows at once.

    The longer side loses tokens first, B where both are equal; each token goes from the front or
    from the back with equal chance.
    """
    a_start, a_end, b_start, b_end, labels = rows.T
    a, b = a_end - a_start, b_end - b_start
    excess = np.maximum(a + b - options.max_num_tokens, 0)
    cut_a = np.clip(a - b, 0, excess)
    cut_b = np.clip(b - a, 0, excess)
    even = excess - cut_a - cut_b
    cut_a, cut_b = cut_a + even // 2, cut_b + (even + 1) // 2
    pairs = Pairs(
        keys,
        a_start + coin_flips(keys, TRUNCATE_A, cut_a),
        a - cut_a,
        b_start + coin_flips(keys, TRUNCATE_B, cut_b),
        b - cut_b,
        labels.astype(np.int8),
        int(excess.sum()),
        task=options.task,
    )
    return pairs._replace(
        lost={"truncated_own": int(cut_a.sum() + cut_b[pairs.is_own].sum())},
    )
