"""The published algorithms in plain Python, over lists, one token at a time.

What google-research/bert's ``create_pretraining_data.py`` does to make pairs and to mask them, and
what ALBERT's version of it does for sentence order, written for reading: the library's columnar
code is held against it.  A document is a list of sentences, a sentence a list of tokens, and a
token may be anything, so a test can use tokens that say where they come from.  And what LDDL's
loader makes of the rows it reads.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Sentence = list[Any]
Document = list[Sentence]

CLS, SEP, MASK = "[CLS]", "[SEP]", "[MASK]"


class Pair(NamedTuple):
    """A and B; ``label`` is 1 for a random (ALBERT: a swapped) B."""

    a: list[Any]
    b: list[Any]
    label: int


def joined(sentences: Iterable[Sentence]) -> list[Any]:
    """The tokens of the sentences, one after the other."""
    return [token for sentence in sentences for token in sentence]


def truncate_seq_pair(a: list[Any], b: list[Any], max_num_tokens: int, rng: Random) -> None:
    """Shortens the longer one (B, if none is) token by token, at either end, until both fit."""
    while len(a) + len(b) > max_num_tokens:
        longer = a if len(a) > len(b) else b
        if rng.random() < 0.5:
            del longer[0]
        else:
            longer.pop()


def target_seq_length(max_num_tokens: int, short_seq_prob: float, rng: Random) -> int:
    """How many tokens the chunks of a document gather: mostly all there is room for."""
    if rng.random() < short_seq_prob:
        return rng.randint(2, max_num_tokens)
    return max_num_tokens


def next_chunk(document: Document, start: int, target: int) -> list[Sentence]:
    """Sentences from number ``start`` on until they hold ``target`` tokens, or to the last."""
    chunk: list[Sentence] = []
    for sentence in document[start:]:
        chunk.append(sentence)
        if sum(map(len, chunk)) >= target:
            break
    return chunk


def random_next(documents: list[Document], index: int, wanted: int, rng: Random) -> list[Any]:
    """Sentences of another document, from a random one on, until they hold ``wanted`` tokens.

    As published: ten tries to hit another document, and the same one if all of them fail.
    """
    for _ in range(10):
        other = rng.randint(0, len(documents) - 1)
        if other != index:
            break
    start = rng.randint(0, len(documents[other]) - 1)
    return joined(next_chunk(documents[other], start, wanted))


def create_instances_from_document(
    documents: list[Document],
    index: int,
    max_num_tokens: int,
    short_seq_prob: float,
    rng: Random,
) -> Iterator[Pair]:
    """google-research/bert: next sentence pairs of one document, in their order."""
    document = documents[index]
    target = target_seq_length(max_num_tokens, short_seq_prob, rng)
    start = 0
    while start < len(document):
        chunk = next_chunk(document, start, target)
        a_end = rng.randint(1, len(chunk) - 1) if len(chunk) >= 2 else 1
        a = joined(chunk[:a_end])
        if len(chunk) == 1 or rng.random() < 0.5:
            pair = Pair(a, random_next(documents, index, target - len(a), rng), 1)
            start += a_end  # the sentences B would have been made of are put back
        else:
            pair = Pair(a, joined(chunk[a_end:]), 0)
            start += len(chunk)
        truncate_seq_pair(pair.a, pair.b, max_num_tokens, rng)
        yield pair


def create_order_instances_from_document(
    document: Document, max_num_tokens: int, short_seq_prob: float, rng: Random
) -> Iterator[Pair]:
    """ALBERT: sentence order pairs of one document.

    A chunk of one sentence gets a random B in ALBERT's script, which is no order to predict; it is
    passed over here.
    """
    target = target_seq_length(max_num_tokens, short_seq_prob, rng)
    start = 0
    while start < len(document):
        chunk = next_chunk(document, start, target)
        start += len(chunk)
        if len(chunk) == 1:
            continue
        a_end = rng.randint(1, len(chunk) - 1)
        a, b = joined(chunk[:a_end]), joined(chunk[a_end:])
        pair = Pair(b, a, 1) if rng.random() < 0.5 else Pair(a, b, 0)
        truncate_seq_pair(pair.a, pair.b, max_num_tokens, rng)
        yield pair


class Masked(NamedTuple):
    """The tokens the model sees, and the positions to predict (ascending) with theirs."""

    tokens: list[Any]
    positions: list[int]
    labels: list[Any]


def create_masked_lm_predictions(
    tokens: Sequence[str],
    masked_lm_prob: float,
    max_predictions_per_seq: int,
    vocab_words: Sequence[str],
    rng: Random,
    whole_word: bool = False,
) -> Masked:
    """google-research/bert: masks one row, [CLS] and [SEP]s included in ``tokens``."""
    units: list[list[int]] = []
    for i, token in enumerate(tokens):
        if token in (CLS, SEP):
            continue
        if whole_word and units and token.startswith("##"):
            units[-1].append(i)
        else:
            units.append([i])
    rng.shuffle(units)
    wanted = min(max_predictions_per_seq, max(1, round(len(tokens) * masked_lm_prob)))
    output, chosen = list(tokens), list[int]()
    for unit in units:
        if len(chosen) >= wanted:
            break
        if len(chosen) + len(unit) > wanted:
            continue
        for i in unit:
            if rng.random() < 0.8:
                output[i] = MASK
            elif rng.random() >= 0.5:
                output[i] = vocab_words[rng.randint(0, len(vocab_words) - 1)]
            chosen.append(i)
    chosen.sort()
    return Masked(output, chosen, [tokens[i] for i in chosen])


# The other way round: could the published algorithm have made these rows?


class Spans(NamedTuple):
    """A row as positions in the tokens of all documents, one after the other."""

    a: range
    b: range
    label: int


def truncated_lengths(a: int, b: int, max_num_tokens: int) -> tuple[int, int]:
    """The lengths ``truncate_seq_pair`` leaves; they do not depend on its coin."""
    tokens_a, tokens_b = [None] * a, [None] * b
    truncate_seq_pair(tokens_a, tokens_b, max_num_tokens, Random(0))
    return len(tokens_a), len(tokens_b)


def explains_rows(
    boundaries: list[list[int]], index: int, rows: list[Spans], max_num_tokens: int, target: int
) -> bool:
    """Whether Google's walk over document ``index`` with this target may yield exactly these rows.

    ``boundaries[d]`` are the positions at which the sentences of document d begin, and where the
    last one ends.  The walk is followed over all states it could be in: the next sentence to read.
    """
    document = boundaries[index]
    states = {0}
    for row in rows:
        states = {
            following
            for start in states
            for a, b, label, following in _outcomes(boundaries, index, start, target, row)
            if label == row.label and _is_truncation(row, a, b, max_num_tokens)
        }
    return len(document) - 1 in states


def _outcomes(
    boundaries: list[list[int]], index: int, start: int, target: int, row: Spans
) -> Iterator[tuple[range, range, int, int]]:
    """Each (A, B, label, next sentence) before truncation that sentence ``start`` can lead to."""
    edges = boundaries[index]
    if start >= len(edges) - 1:
        return
    end = _reach(edges, start, target)
    for middle in range(start + 1, end) if end - start > 1 else [end]:
        a = range(edges[start], edges[middle])
        if end - start > 1:
            yield a, range(edges[middle], edges[end]), 0, end
        for other, elsewhere in enumerate(boundaries):
            if other == index or not elsewhere[0] <= row.b.start < elsewhere[-1]:
                continue
            for first in range(len(elsewhere) - 1):
                last = _reach(elsewhere, first, target - len(a))
                yield a, range(elsewhere[first], elsewhere[last]), 1, middle


def _reach(edges: list[int], start: int, tokens: int) -> int:
    end = start + 1
    while end < len(edges) - 1 and edges[end] - edges[start] < tokens:
        end += 1
    return end


def _is_truncation(row: Spans, a: range, b: range, max_num_tokens: int) -> bool:
    lengths = truncated_lengths(len(a), len(b), max_num_tokens)
    inside = all(
        whole.start <= part.start and part.stop <= whole.stop
        for whole, part in ((a, row.a), (b, row.b))
    )
    return lengths == (len(row.a), len(row.b)) and inside


# Whether counts are what they should be.  The tests' seeds are fixed, so a failure is a bug, not
# chance; six deviations over its mean is far for a chi-square.


def read_as_lddl(
    rows: Sequence[Mapping[str, Any]], ids: Mapping[str, int], length: int
) -> dict[str, NDArray[Any]]:
    """A batch as LDDL's loader makes it: [n, length] arrays, named as transformers' arguments.

    It splits A and B at white space, puts the special tokens around them, looks ids up by token and
    loads the positions with numpy; they count from [CLS].  Rows without masks it masks then.
    """
    masked = "masked_lm_positions" in rows[0]
    batch = {
        name: np.zeros((len(rows), length), np.int64)
        for name in ("input_ids", "token_type_ids", "attention_mask")
    }
    if masked:
        batch["labels"] = np.full((len(rows), length), -100)
    for n, row in enumerate(rows):
        a, b = row["A"].split(), row["B"].split()
        tokens = [CLS, *a, SEP, *b, SEP]
        assert row["num_tokens"] == len(tokens)
        batch["input_ids"][n, : len(tokens)] = [ids[token] for token in tokens]
        batch["token_type_ids"][n, len(a) + 2 : len(tokens)] = 1
        batch["attention_mask"][n, : len(tokens)] = 1
        if masked:
            positions = np.load(io.BytesIO(row["masked_lm_positions"])).astype(int)
            batch["labels"][n, positions] = [ids[t] for t in row["masked_lm_labels"].split()]
    batch["next_sentence_label"] = np.array([int(row["is_random_next"]) for row in rows])
    return batch


def assert_distributed(observed: Sequence[int], weights: Sequence[float]) -> None:
    """Pearson's chi-square of counts against the (unscaled) chances of their kinds."""
    scale = sum(observed) / sum(weights)
    pairs = zip(observed, weights, strict=True)
    chi_square = sum((o - w * scale) ** 2 / (w * scale) for o, w in pairs)
    _assert_likely(chi_square, len(observed) - 1, observed)


def assert_same_distribution(ours: Iterable[Any], theirs: Iterable[Any]) -> None:
    """The chi-square of two samples over the kinds in them, the rare ones as one."""
    a, b = Counter(ours), Counter(theirs)
    rare = {kind for kind in a | b if a[kind] + b[kind] < 40}
    groups = [rare, *({kind} for kind in sorted((a | b).keys() - rare))]
    table = [(sum(a[k] for k in group), sum(b[k] for k in group)) for group in groups]
    ratio = (sum(b.values()) / sum(a.values())) ** 0.5
    chi_square = sum((x * ratio - y / ratio) ** 2 / (x + y) for x, y in table if x + y)
    _assert_likely(chi_square, max(1, len(groups) - 1), table)


def _assert_likely(chi_square: float, freedom: int, counts: Any) -> None:
    assert chi_square < freedom + 6 * (2 * freedom) ** 0.5, (chi_square, counts)
