"""Pairs: held against the published algorithms, and against what must be true of every row.

Token number i of a corpus has the id i, so a row tells exactly which text it is made of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import accumulate, pairwise
from math import comb
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bertprep.examples.documents import Documents
from bertprep.examples.pair import make_pairs
from bertprep.examples.truncate import Pairs
from bertprep.options import ShardOptions
from bertprep.text.prepared_columns import flagged
from tests.reference import (
    Pair,
    Spans,
    assert_distributed,
    assert_same_distribution,
    create_instances_from_document,
    create_order_instances_from_document,
    explains_rows,
    truncated_lengths,
)

Lengths = list[list[int]]  # of each document, the lengths of its sentences

few_documents = st.lists(
    st.lists(st.integers(1, 40), min_size=1, max_size=8), min_size=2, max_size=5
)
# No length, short and long sentences, lone ones: whatever is unlikely in prose.
PROSE_LIKE: Lengths = [
    [max(1, round(rng.lognormvariate(3, 0.7))) for _ in range(rng.choice((1, 2, 5, 20, 60)))]
    for rng in map(Random, range(120))
]


def documents_of(lengths: Lengths, seed: int = 0) -> Documents:
    """A corpus of these sentence lengths whose token ids are 0, 1, 2, ..."""
    flat = [length for document in lengths for length in document]
    keys = np.random.default_rng(seed).integers(0, 2**63, len(lengths), dtype=np.uint64)
    return Documents(
        np.sort(keys),
        np.array([0, *accumulate(map(len, lengths))], np.int64),
        np.array([0, *accumulate(flat)], np.int64),
        np.arange(sum(flat), dtype=np.uint32),
    )


def boundaries_of(documents: Documents) -> list[list[int]]:
    """Of each document, where its sentences begin, and where the last one ends."""
    first = documents.first_sentence.tolist()
    return [documents.first_token[a : b + 1].tolist() for a, b in pairwise(first)]


def nested(lengths: Lengths) -> list[list[list[int]]]:
    """The same corpus as the reference takes it: documents of sentences of tokens 0, 1, 2, ..."""
    numbers = iter(range(sum(map(sum, lengths))))
    return [[[next(numbers) for _ in range(n)] for n in document] for document in lengths]


def spans_of(pairs: Pairs) -> list[Spans]:
    columns = (pairs.a_start, pairs.a_length, pairs.b_start, pairs.b_length, pairs.labels)
    return [
        Spans(range(a, a + a_length), range(b, b + b_length), label)
        for a, a_length, b, b_length, label in zip(*(c.tolist() for c in columns), strict=True)
    ]


def pairs_of(
    lengths: Lengths,
    passes: range = range(1),
    continuing: NDArray[np.bool_] | None = None,
    seed: int = 0,
    **options: Any,
) -> Pairs:
    documents = documents_of(lengths, seed)
    if continuing is None:
        continuing = np.zeros(len(documents.ids), bool)
    shard = ShardOptions(max_predictions_per_seq=1, **options)
    return make_pairs(documents, shard, passes, continuing)


def rows_of(lengths: Lengths, **options: Any) -> list[Spans]:
    return spans_of(pairs_of(lengths, **options))


def document_at(lengths: Lengths, token: int) -> int:
    ends = list(accumulate(map(sum, lengths)))
    return next(document for document, end in enumerate(ends) if token < end)


def by_document(lengths: Lengths, rows: list[Spans]) -> list[list[Spans]]:
    """The rows of one pass under the document their A (for sop: their text) is from, in order."""
    found: list[list[Spans]] = [[] for _ in lengths]
    for row in rows:
        found[document_at(lengths, row.a.start)].append(row)
    return found


def tiles(parts: list[range], whole: range) -> bool:
    """Whether the ranges, in this order, give the whole one exactly."""
    edges = [whole.start, *(edge for part in parts for edge in (part.start, part.stop)), whole.stop]
    return all(a == b for a, b in zip(edges[::2], edges[1::2], strict=True))


def whole_documents(lengths: Lengths) -> list[range]:
    return [range(edges[0], edges[-1]) for edges in boundaries_of(documents_of(lengths))]


# Next sentence pairs: every row


@given(few_documents, st.sampled_from([5, 20, 90, 2000]), st.integers(0, 9))
def test_the_reference_is_explained_and_tampering_is_not(
    lengths: Lengths, room: int, seed: int
) -> None:
    """What the next tests rest on."""
    documents, boundaries = nested(lengths), boundaries_of(documents_of(lengths))
    pairs = create_instances_from_document(documents, 0, room, 0.0, Random(seed))
    rows = [Spans(range(a[0], a[-1] + 1), range(b[0], b[-1] + 1), label) for a, b, label in pairs]
    if any(document_at(lengths, row.b.start) == 0 for row in rows if row.label):
        return  # ten tries to hit another document have failed
    assert explains_rows(boundaries, 0, rows, room, room)
    flipped = [*rows[:-1], rows[-1]._replace(label=1 - rows[-1].label)]
    assert not explains_rows(boundaries, 0, flipped, room, room)
    if room == 2000:  # where rows are truncated, others may explain what was cut
        assert not explains_rows(boundaries, 0, rows[1:], room, room)
        assert not explains_rows(boundaries, 0, rows[:-1], room, room)
        assert not explains_rows(boundaries, 0, [*rows, rows[-1]], room, room)


@given(few_documents, st.integers(8, 90), st.integers(0, 9))
@example([[500, 1], [1, 500]], 8, 0)  # sentences far over the length
@example([[1], [1]], 8, 0)  # one-token documents
def test_rows_are_a_walk_of_googles_algorithm(lengths: Lengths, length: int, seed: int) -> None:
    rows = rows_of(lengths, seed=seed, max_seq_length=length, short_seq_prob=0.0)
    boundaries = boundaries_of(documents_of(lengths))
    for document, made in enumerate(by_document(lengths, rows)):
        assert explains_rows(boundaries, document, made, length - 3, target=length - 3)


@given(few_documents, st.integers(8, 40), st.integers(0, 9))
def test_short_targets_are_one_per_document_from_two_to_the_maximum(
    lengths: Lengths, length: int, seed: int
) -> None:
    rows = rows_of(lengths, seed=seed, max_seq_length=length, short_seq_prob=1.0)
    boundaries = boundaries_of(documents_of(lengths))
    for document, made in enumerate(by_document(lengths, rows)):
        assert any(
            explains_rows(boundaries, document, made, length - 3, target)
            for target in range(2, length - 2)
        )


@given(few_documents, st.integers(0, 9))
def test_unused_sentences_are_put_back(lengths: Lengths, seed: int) -> None:
    """With room for everything, the A's and the true B's of a pass give the document back."""
    rows = rows_of(lengths, seed=seed, max_seq_length=8192, short_seq_prob=0.0)
    for made, whole in zip(by_document(lengths, rows), whole_documents(lengths), strict=True):
        used = [part for row in made for part in ([row.a] if row.label else [row.a, row.b])]
        assert tiles(used, whole)
        assert all(row.a.stop == row.b.start for row in made if not row.label)


@given(few_documents, st.integers(8, 60), st.integers(0, 9))
def test_a_random_b_is_never_from_the_document_of_a(
    lengths: Lengths, length: int, seed: int
) -> None:
    rows = rows_of(lengths, seed=seed, max_seq_length=length)
    for row in rows:
        same = document_at(lengths, row.a.start) == document_at(lengths, row.b.start)
        assert same == (row.label == 0)
        assert document_at(lengths, row.b.start) == document_at(lengths, row.b[-1])
        assert row.a and row.b and len(row.a) + len(row.b) <= length - 3


# Truncation

PAIR_LENGTHS = st.tuples(st.integers(1, 96), st.integers(1, 300), st.integers(1, 300))


@given(PAIR_LENGTHS, st.integers(100, 200))
@example((96, 4, 5), 103)  # label 0 exactly fits, label 1 is one over
@example((60, 60, 61), 103)  # a tie: B loses more
@example((90, 300, 1), 103)
def test_lengths_after_truncation_are_the_references(
    lengths: tuple[int, int, int], length: int
) -> None:
    """The first document's one chunk is A with its own B, or with the other document's."""
    a, b, random_b = lengths
    seen = set()
    rows = rows_of([[a, b], [random_b]], passes=range(8), max_seq_length=length, short_seq_prob=0.0)
    for row in rows:
        if row.a.start < a:
            seen.add(row.label)
            other = random_b if row.label else b
            assert (len(row.a), len(row.b)) == truncated_lengths(a, other, length - 3)
    assert seen


@pytest.mark.parametrize(
    ("a", "b", "room", "expected"),
    [
        (60, 40, 100, (60, 40)),  # fits
        (60, 41, 100, (59, 41)),  # the longer one is cut
        (41, 60, 100, (41, 59)),
        (90, 300, 100, (50, 50)),
        (50, 51, 100, (50, 50)),
        (51, 50, 100, (50, 50)),
        (51, 51, 100, (50, 50)),  # equal: B first, then A is the longer one
        (51, 51, 101, (51, 50)),  # equal: B
        (60, 60, 101, (51, 50)),
        (52, 51, 101, (51, 50)),
        (50, 60, 101, (50, 51)),
        (99, 5, 101, (96, 5)),
    ],
)
def test_truncation_worked_by_hand(a: int, b: int, room: int, expected: tuple[int, int]) -> None:
    rows = rows_of([[a, b], [1]], passes=range(12), max_seq_length=room + 3, short_seq_prob=0.0)
    assert {(len(row.a), len(row.b)) for row in rows if row.label == 0} == {expected}


def test_truncated_tokens_are_counted() -> None:
    pairs = pairs_of([[60, 61], [30]], passes=range(9), max_seq_length=103, short_seq_prob=0.0)
    rows = spans_of(pairs)
    own = sum(row.label == 0 for row in rows)  # 60 + 61: 21 too many
    both = sum(row.a.start >= 121 and row.b.start < 60 for row in rows)  # 30 + 60 + 61: 51
    assert own and both
    assert pairs.truncated == 21 * own + 51 * both


def test_each_truncated_token_goes_from_the_front_or_the_back_with_equal_chance() -> None:
    """A loses 6 tokens, B 7: how many of them in front is a binomial, and A's tells not B's."""
    rows = rows_of([[16, 17], [1]], passes=range(4000), max_seq_length=23, short_seq_prob=0.0)
    true_pairs = [row for row in rows if row.label == 0]
    fronts = [(row.a.start, row.b.start - 16) for row in true_pairs]
    assert {(len(row.a), len(row.b)) for row in true_pairs} == {(10, 10)}
    expected = [comb(6, i) * comb(7, j) / 2**13 for i in range(7) for j in range(8)]
    counts = Counter(fronts)
    observed = [counts[i, j] for i in range(7) for j in range(8)]
    assert sum(observed) == len(true_pairs)
    assert_distributed(observed, expected)


# Next sentence pairs: how often each


def test_a_chunk_is_split_anywhere_between_its_sentences() -> None:
    """Five sentences of one token in one chunk: A has 1, 2, 3 or 4, whatever B is."""
    rows = rows_of([[1] * 5, [1]], passes=range(6000), max_seq_length=8, short_seq_prob=0.0)
    first = [row for row in rows if row.a.start == 0]
    assert_distributed([Counter(len(row.a) for row in first)[n] for n in (1, 2, 3, 4)], [1] * 4)
    assert_distributed([Counter(row.label for row in first)[label] for label in (0, 1)], [1] * 2)


@pytest.mark.slow
def test_a_random_b_is_any_sentence_of_any_other_document() -> None:
    """One lone sentence; each other document is as likely, and in it each sentence."""
    lengths = [[9], [3, 3, 3, 3], [4], [5, 5]]
    rows = rows_of(lengths, passes=range(6000), max_seq_length=64, short_seq_prob=0.0)
    starts = Counter(row.b.start for row in rows if row.a.start == 0)
    places = {9: 1 / 4, 12: 1 / 4, 15: 1 / 4, 18: 1 / 4, 21: 1, 25: 1 / 2, 30: 1 / 2}
    assert set(starts) == set(places)
    assert_distributed([starts[place] for place in places], list(places.values()))


@pytest.mark.slow
def test_split_label_document_and_entry_are_drawn_apart() -> None:
    """A chunk of three sentences; two other documents of two: no draw tells of another one."""
    lengths = [[1, 1, 3], [1, 1], [1, 1]]
    rows = rows_of(lengths, passes=range(8000), max_seq_length=8, short_seq_prob=0.0)
    found = Counter((len(row.a), row.b.start) for row in rows if row.a.start == 0)
    expected = {(1, 1): 1 / 4, (2, 2): 1 / 4}
    expected |= {(a, b): 1 / 16 for a in (1, 2) for b in (5, 6, 7, 8)}
    assert set(found) == set(expected)
    assert_distributed([found[cell] for cell in expected], list(expected.values()))


def test_a_random_b_goes_on_to_the_wanted_length_or_the_end_of_its_document() -> None:
    """17 tokens have room, A has 9 of them: three sentences of 3 reach 8, and one token must go."""
    rows = rows_of([[9], [3] * 9], passes=range(300), max_seq_length=20, short_seq_prob=0.0)
    found = {row.b for row in rows if row.a == range(0, 9)}
    cut = {range(start + i, start + i + 8) for start in range(9, 28, 3) for i in (0, 1)}
    assert found == cut | {range(30, 36), range(33, 36)}


@pytest.mark.slow
def test_short_targets_are_drawn_uniformly_and_as_often_as_asked() -> None:
    """Documents of sentences of one token: a first chunk is as long as the target."""
    lengths = [[1] * 30, [1] * 30]
    rows = rows_of(lengths, passes=range(12000), max_seq_length=13, short_seq_prob=0.3)
    # A true pair that begins the document is its first chunk, 2 to 10 tokens; each length has the
    # same chance to be a true pair.
    chunks = Counter(len(row.a) + len(row.b) for row in rows if row.a.start == 0 and not row.label)
    shares = [0.3 / 9] * 8 + [0.7 + 0.3 / 9]
    assert set(chunks) == set(range(2, 11))
    assert_distributed([chunks[n] for n in range(2, 11)], shares)


def reference_pairs(lengths: Lengths, passes: int, max_seq_length: int) -> list[Pair]:
    documents, rng = nested(lengths), Random(20181011)
    return [
        pair
        for _ in range(passes)
        for index in range(len(documents))
        for pair in create_instances_from_document(documents, index, max_seq_length - 3, 0.1, rng)
    ]


@pytest.mark.parametrize("length", [32, 128, 512])
def test_same_distribution_as_the_reference(length: int) -> None:
    passes = 6
    rows = rows_of(PROSE_LIKE, passes=range(passes), max_seq_length=length)
    pairs = reference_pairs(PROSE_LIKE, passes, length)
    room = length - 3
    # Rows of one document hang together, so their number spreads wider than a Poisson's would.
    assert len(rows) == pytest.approx(len(pairs), rel=0.03)
    for figure in (
        lambda row: row.label,
        lambda row: (row.label, len(row.a) + len(row.b) == room),
        lambda row: (row.label, 8 * len(row.a) // room),
        lambda row: (row.label, 8 * len(row.b) // room),
        lambda row: min(len(row.a) + len(row.b), room - 1) * 8 // room,
    ):
        assert_same_distribution(map(figure, rows), map(figure, pairs))


def test_random_next_share_is_over_one_half() -> None:
    """Lone sentences are always random: google-research/bert's 52 to 62%."""
    labels = pairs_of(PROSE_LIKE, passes=range(10)).labels
    assert 0.52 < labels.mean() < 0.62


# Given pairs


def given_rows(lengths: Lengths, is_pair: list[bool], passes: int, **options: Any) -> list[Spans]:
    documents = replace(documents_of(lengths), is_pair=np.array(is_pair))
    shard = ShardOptions(max_predictions_per_seq=1, **options)
    return spans_of(make_pairs(documents, shard, range(passes), np.zeros(99, bool)))


def test_a_given_pair_keeps_its_second_sentence_or_gets_another_pairs() -> None:
    """Half and half, one row a pass, whatever the target length; B is always a second sentence."""
    lengths = [[9, 2], [1, 4], [6, 3]]
    rows = given_rows(lengths, [True] * 3, 3000, max_seq_length=32, short_seq_prob=0.9)
    assert len(rows) == 9000
    seconds = [range(9, 11), range(12, 16), range(22, 25)]
    for start, size, own in [(0, 9, 0), (11, 1, 1), (16, 6, 2)]:
        made = [row for row in rows if row.a == range(start, start + size)]
        assert len(made) == 3000
        found = Counter((row.b, row.label) for row in made)
        places = [(b, int(number != own)) for number, b in enumerate(seconds)]
        assert set(found) == set(places)
        assert_distributed([found[place] for place in places], [2 - label for _, label in places])


def test_given_pairs_among_other_documents() -> None:
    """A random B from any other document is one sentence of it; other documents are as ever."""
    lengths = [[2, 3], [4, 4, 4], [5, 6]]
    is_pair = [True, False, False]
    rows = given_rows(lengths, is_pair, 4000, max_seq_length=64, short_seq_prob=0.0)
    found = Counter((row.b, row.label) for row in rows if row.a == range(2))
    parts = {(range(2, 5), 0): 12, (range(17, 22), 1): 3, (range(22, 28), 1): 3}
    parts |= {(range(start, start + 4), 1): 2 for start in (5, 9, 13)}
    assert set(found) == set(parts)
    assert_distributed([found[place] for place in parts], list(parts.values()))
    plain = rows_of(lengths, passes=range(4000), max_seq_length=64, short_seq_prob=0.0)
    assert [row for row in rows if row.a.start >= 5] == [row for row in plain if row.a.start >= 5]


@pytest.mark.parametrize("task", ["sop", "none"])
def test_given_pairs_are_documents_to_the_other_tasks(task: str) -> None:
    lengths = [[30, 2], [1, 40]]
    options = {"max_seq_length": 32, "short_seq_prob": 0.5}
    rows = given_rows(lengths, [True, True], 20, task=task, **options)
    assert rows == rows_of(lengths, passes=range(20), task=task, **options)


def test_given_pairs_are_truncated_to_the_room_there_is() -> None:
    rows = given_rows([[40, 40], [40, 2]], [True, True], 50, max_seq_length=32)
    assert {len(row.a) + len(row.b) for row in rows} == {29}


# Sentence order


@given(few_documents, st.integers(0, 9))
def test_sop_uses_every_sentence_once_and_swaps_exactly(lengths: Lengths, seed: int) -> None:
    pairs = pairs_of(lengths, seed=seed, task="sop", max_seq_length=8192)
    rows = by_document(lengths, spans_of(pairs))
    for made, whole in zip(rows, whole_documents(lengths), strict=True):
        in_order = [(row.b, row.a) if row.label else (row.a, row.b) for row in made]
        parts = [part for pair in in_order for part in pair]
        assert tiles(parts, whole) or len(whole) == 1


@given(few_documents, st.integers(8, 90), st.integers(0, 9))
@example([[500, 1], [1, 500]], 8, 0)
def test_sop_rows_are_neighbours_cut_as_the_reference_cuts(
    lengths: Lengths, length: int, seed: int
) -> None:
    rows = rows_of(lengths, seed=seed, task="sop", max_seq_length=length, short_seq_prob=0.0)
    for row in rows:
        first, second = (row.b, row.a) if row.label else (row.a, row.b)
        assert first.stop <= second.start
        assert document_at(lengths, first.start) == document_at(lengths, second[-1])
        size = len(row.a) + len(row.b)
        assert size == length - 3 or (size < length - 3 and first.stop == second.start)


def test_sop_truncates_a_swapped_pair_as_it_stands() -> None:
    """The swap comes first, so of two equal sides the document's first sentence is the one cut."""
    rows = rows_of([[60, 60]], task="sop", passes=range(20), max_seq_length=104, short_seq_prob=0.0)
    assert {(row.label, len(row.a), len(row.b)) for row in rows} == {(0, 51, 50), (1, 51, 50)}
    assert all((row.a.start >= 60) == (row.label == 1) for row in rows)


@pytest.mark.slow
def test_sop_same_distribution_as_albert() -> None:
    """But for lone sentences: those are split here, and get a random B there."""
    lengths = [[min(n, 100) for n in document] for document in PROSE_LIKE]
    sizes = [n for document in lengths for n in document]
    sentence = np.repeat(np.arange(len(sizes)), sizes)
    rows = rows_of(lengths, task="sop", passes=range(8))
    rows = [row for row in rows if sentence[row.a.start] != sentence[row.b.start]]
    rng = Random(1909)
    pairs = [
        pair
        for _ in range(8)
        for document in nested(lengths)
        for pair in create_order_instances_from_document(document, 125, 0.1, rng)
    ]
    for figure in (
        lambda row: row.label,
        lambda row: (row.label, len(row.a) + len(row.b) == 125),
        lambda row: (row.label, len(row.a) // 16),
        lambda row: (row.label, len(row.b) // 16),
    ):
        assert_same_distribution(map(figure, rows), map(figure, pairs))


def test_sop_takes_a_second_sentence_where_one_fills_the_row() -> None:
    """ALBERT gives a sentence as long as a row a random B; here the next one is its B."""
    rows = rows_of([[20, 3, 20, 3, 4]], task="sop", max_seq_length=18, short_seq_prob=0.0)
    texts = [sorted((row.a.start, row.b.start)) for row in rows]
    assert [(a < 20, b) for a, b in texts[:1]] == [(True, 20)]
    assert [(23 <= a < 43, b) for a, b in texts[1:2]] == [(True, 43)]
    assert [(a, b in (47, 48, 49)) for a, b in texts[2:]] == [(46, True)]  # alone, so split


def test_sop_splits_a_lone_sentence_at_the_start_of_a_word() -> None:
    continuing = np.array([0, 1, 0, 1, 1, 0, 0, 1], bool)  # words begin at 0, 2, 5 and 6
    rows = spans_of(pairs_of([[8]], task="sop", passes=range(3000), continuing=continuing))
    assert len(rows) == 3000
    counts: Counter[Any] = Counter()
    for row in rows:
        first, second = (row.b, row.a) if row.label else (row.a, row.b)
        assert (first.start, first.stop, second.stop) == (0, second.start, 8)
        counts[row.label, second.start] += 1
    splits = [(label, start) for label in (0, 1) for start in (2, 5, 6)]
    assert set(counts) == set(splits)
    assert_distributed([counts[split] for split in splits], [1] * 6)


def test_sop_does_not_split_a_word_a_segmenter_found() -> None:
    """Stored ids have a flag where a token goes on with the word before."""
    stored = flagged(np.arange(6, dtype=np.int32), np.array([1, 2, 4]), pa.uint16())
    documents = Documents(
        np.array([5], np.uint64), np.array([0, 1]), np.array([0, 6]), np.asarray(stored)
    )
    options, continuing = ShardOptions(task="sop"), np.array([0, 0, 0, 0, 0, 1], bool)
    pairs = make_pairs(documents, options, range(50), continuing)
    assert len(pairs.keys) == 50
    assert {max(row.a.start, row.b.start) for row in spans_of(pairs)} == {3}


def test_sop_counts_what_it_cannot_split() -> None:
    continuing = np.array([0, 1, 1, 0, 0, 1], bool)
    pairs = pairs_of([[3], [1], [2]], task="sop", passes=range(4), continuing=continuing)
    assert (len(pairs.keys), pairs.unsplittable) == (0, 12)
    pairs = pairs_of([[3], [2], [1]], task="sop", passes=range(4), continuing=continuing)
    assert (len(pairs.keys), pairs.unsplittable) == (4, 8)  # the second one has two words


# Full sentences


@given(few_documents, st.integers(8, 90), st.sampled_from([None, 0.0, 1.0]), st.integers(0, 9))
@example([[500, 1, 2, 300]], 8, None, 0)
@example([[6, 6, 3, 3, 1]], 8, None, 0)  # sentences that fill a row exactly
def test_full_sentences_lose_nothing(
    lengths: Lengths, length: int, short: float | None, seed: int
) -> None:
    """The rows of a document give back its tokens; a row ends between two sentences if it can."""
    pairs = pairs_of(lengths, seed=seed, task="none", max_seq_length=length, short_seq_prob=short)
    boundaries = boundaries_of(documents_of(lengths))
    assert not pairs.truncated and not pairs.labels.any() and not pairs.b_length.any()
    rows = by_document(lengths, spans_of(pairs))
    for made, edges in zip(rows, boundaries, strict=True):
        assert tiles([row.a for row in made], range(edges[0], edges[-1]))
        targets = range(2, length - 1) if short else [length - 2]
        assert any(are_full([row.a for row in made], edges, target) for target in targets)


def are_full(rows: list[range], edges: list[int], target: int) -> bool:
    """Whether each row is as many sentences as fit, or ``target`` tokens of one that is longer."""

    def stop(start: int) -> int:
        fitting = [edge for edge in edges if start < edge <= start + target]
        return fitting[-1] if fitting else start + target

    return all(row.stop == stop(row.start) for row in rows)


def test_full_sentences_worked_by_hand() -> None:
    rows = rows_of([[3, 3, 3, 10, 2]], task="none", max_seq_length=8)
    # Six fit: 3+3, then 3 (10 more do not), 6 of the 10, its other 4 with the last 2.
    assert [row.a for row in rows] == [range(0, 6), range(6, 9), range(9, 15), range(15, 21)]


def test_full_sentences_have_no_short_rows_unless_asked() -> None:
    lengths = [[1] * 126] * 20
    assert {len(row.a) for row in rows_of(lengths, task="none", passes=range(20))} == {126}
    shorter = rows_of(lengths, task="none", passes=range(20), short_seq_prob=0.5)
    assert 100 < sum(len(row.a) == 126 for row in shorter) < 300


# Seeds, passes, documents


@pytest.mark.parametrize("task", ["nsp", "sop", "none"])
def test_passes_are_the_same_made_together_or_apart(task: str) -> None:
    together = pairs_of(PROSE_LIKE, passes=range(3), task=task)
    apart = [pairs_of(PROSE_LIKE, passes=range(n, n + 1), task=task) for n in range(3)]
    for name in ("keys", "a_start", "a_length", "b_start", "b_length", "labels"):
        parts = [getattr(pairs, name) for pairs in apart]
        assert np.array_equal(getattr(together, name), np.concatenate(parts))
    assert together.truncated == sum(pairs.truncated for pairs in apart)
    assert together.unsplittable == sum(pairs.unsplittable for pairs in apart)


@pytest.mark.parametrize("task", ["nsp", "sop", "none"])
def test_how_many_rows_each_document_gave_in_each_pass(task: str) -> None:
    pairs = pairs_of(PROSE_LIKE, passes=range(3), task=task)
    apart = [pairs_of(PROSE_LIKE, passes=range(n, n + 1), task=task) for n in range(3)]
    rows_by_document = (rows for p in apart for rows in by_document(PROSE_LIKE, spans_of(p)))
    assert pairs.per_document.tolist() == list(map(len, rows_by_document))


@pytest.mark.parametrize("task", ["sop", "none"])
def test_a_document_gives_the_same_rows_in_any_company(task: str) -> None:
    documents = documents_of(PROSE_LIKE)
    sentences = int(documents.first_sentence[50])
    fewer = Documents(
        documents.keys[:50],
        documents.first_sentence[:51],
        documents.first_token[: sentences + 1],
        documents.ids,
    )
    options, continuing = ShardOptions(task=task), np.zeros(len(documents.ids), bool)
    rows = make_pairs(fewer, options, range(1), continuing)
    of_all = make_pairs(documents, options, range(1), continuing)
    assert spans_of(rows) == spans_of(of_all)[: len(rows.keys)]
    assert rows.keys.tolist() == of_all.keys[: len(rows.keys)].tolist()


@pytest.mark.parametrize("task", ["nsp", "sop"])
def test_passes_and_documents_draw_differently(task: str) -> None:
    lengths = [[5] * 60] * 40
    by_pass = [rows_of(lengths, task=task, passes=range(n, n + 1)) for n in range(2)]
    walks = [
        tuple((row.a.start - made[0].a.start, len(row.a), row.label) for row in made)
        for rows in by_pass
        for made in by_document(lengths, rows)
    ]
    assert len(set(walks)) == len(walks) == 80


def test_all_keys_of_a_run_differ() -> None:
    keys = pairs_of(PROSE_LIKE, passes=range(5)).keys
    assert len(np.unique(keys)) == len(keys)


def test_take_reorders_every_column() -> None:
    pairs = pairs_of(PROSE_LIKE[:9])
    order = np.argsort(pairs.keys)
    taken = pairs.take(order)
    rows = spans_of(pairs)
    assert spans_of(taken) == [rows[i] for i in order.tolist()]
    assert taken.keys.tolist() == sorted(pairs.keys.tolist())


def test_one_document_has_no_other_to_draw_from() -> None:
    with pytest.raises(ValueError, match="at least two different documents"):
        pairs_of([[5, 5]])
    assert len(pairs_of([[5, 5]], task="sop").keys) == 1
    assert len(pairs_of([[5, 5]], task="none").keys) == 1


# Equal documents


def with_copies(counts: list[int], lengths: Lengths) -> Documents:
    return replace(documents_of(lengths), counts=np.array(counts))


@pytest.mark.parametrize("task", ["nsp", "sop", "none"])
def test_shares_of_the_copies_are_all_rows_once(task: str) -> None:
    counts = [rng.choice((1, 1, 1, 4, 50)) for rng in map(Random, range(len(PROSE_LIKE)))]
    documents = with_copies(counts, PROSE_LIKE)
    options, continuing = ShardOptions(task=task), np.zeros(len(documents.ids), bool)
    whole = make_pairs(documents, options, range(1), continuing)
    assert len(whole.per_document) == sum(counts)
    apart = [make_pairs(documents, options, range(1), continuing, n, 7) for n in range(7)]
    for name in ("keys", "a_start", "a_length", "b_start", "b_length", "labels", "per_document"):
        parts = [getattr(pairs, name) for pairs in apart]
        assert np.array_equal(getattr(whole, name), np.concatenate(parts))
    assert len(np.unique(whole.keys)) == len(whole.keys)
    sizes = [len(pairs.per_document) for pairs in apart]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("task", ["nsp", "sop", "none"])
def test_copies_add_rows_and_change_none(task: str) -> None:
    """Each is a document with draws of its own, and the first one's are as if it were alone."""
    documents = with_copies([1, 30, 2], [[9] * 40, [5, 7] * 30, [8] * 50])
    options, continuing = ShardOptions(task=task), np.zeros(len(documents.ids), bool)
    made = make_pairs(documents, options, range(2), continuing)
    alone = make_pairs(replace(documents, counts=None), options, range(2), continuing)
    rows = dict(zip(made.keys.tolist(), spans_of(made), strict=True))
    assert rows.items() >= dict(zip(alone.keys.tolist(), spans_of(alone), strict=True)).items()
    assert len(made.per_document) == 2 * 33
    walks = np.split(made.labels, np.cumsum(made.per_document)[:-1])
    if task != "none":
        assert len({tuple(walk.tolist()) for walk in walks[1:31]}) > 5


def test_how_often_a_text_is_there_is_no_matter_to_random_sentences() -> None:
    lengths = [[10] * 20, [10] * 20, [10] * 20]
    documents = with_copies([2000, 1, 1], lengths)
    pairs = make_pairs(documents, ShardOptions(), range(1), np.zeros(600, bool))
    random_next = pairs.labels == 1
    a, b = pairs.a_start[random_next] // 200, pairs.b_start[random_next] // 200
    assert not (a == b).any()
    assert_distributed([int((b[a == 0] == n).sum()) for n in (1, 2)], [1, 1])
