"""Which sentences become a row: next sentence pairs, sentence order pairs, or full sentences.

The walk over sentence lengths is google-research/bert's ``create_instances_from_document`` (and
albert's, for ``sop``); a row is a handful of token positions, so no token is touched here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import instance_draws, pass_draws, unit
from bertprep.examples.documents import Documents
from bertprep.examples.truncate import Pairs, truncated
from bertprep.options import ShardOptions
from bertprep.text.prepared_columns import unflagged

Row = tuple[int, int, int, int, int]  # first and last token of A, first and last of B, label


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
    pairs = truncated(np.array(keys, np.uint64), columns, options)
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
