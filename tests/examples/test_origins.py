"""Which documents rows are of, and in which pass they were made."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.common.draws import document_keys, keyed_ids
from bertprep.examples.assemble import example_schema
from bertprep.examples.documents import Documents
from bertprep.examples.gather import gathered
from bertprep.examples.pair import make_pairs
from bertprep.options import ShardOptions, Task

SENTENCES = (3, 1, 6, 2)
SEED = 12


def a_corpus() -> Documents:
    """Documents of sentences of five tokens; the tokens of document i are i + 10."""
    ids = np.random.default_rng(0).integers(0, 2**64, (len(SENTENCES), 2), np.uint64)
    keys, rest = document_keys(SEED, ids)
    first_sentence = np.append(0, np.cumsum(SENTENCES))
    tokens = np.repeat(np.arange(len(SENTENCES)) + 10, 5 * np.array(SENTENCES))
    first_token = np.arange(first_sentence[-1] + 1) * 5
    counts = np.array([1, 2, 1, 1])
    edges = first_sentence, first_token
    known = keyed_ids(SEED, keys, rest)
    assert (known == ids).all()
    return Documents(keys, *edges, tokens.astype(np.uint16), None, counts, known)


@pytest.mark.parametrize("task", ["nsp", "sop", "none"])
def test_the_documents_of_a_row_are_those_whose_tokens_it_has(task: Task) -> None:
    documents = a_corpus()
    assert documents.identities is not None
    by_identity = {row.astype("<u8").tobytes(): n for n, row in enumerate(documents.identities)}
    options = ShardOptions(task=task, max_seq_length=16, dupe_factor=3, seed=SEED)
    pairs = make_pairs(documents, options, range(3), np.zeros(100, bool))
    rows = gathered(documents, pairs, example_schema(100, origins=True)).to_pylist()
    others = 0
    for row in rows:
        own = by_identity[row["a_document"]]
        a, b = row["ids"][: row["a_length"]], row["ids"][row["a_length"] :]
        assert set(a) == {own + 10}
        other = own if row["b_document"] is None else by_identity[row["b_document"]]
        assert set(b) <= {other + 10}
        assert (other != own) == (task == "nsp" and row["label"] == 1)
        others += other != own
    assert (others > 0) == (task == "nsp")
    passes = [row["pass"] for row in rows]
    assert passes == sorted(passes)
    # Copies count: document 1 is there twice.
    assert np.bincount(passes).tolist() == pairs.per_document.reshape(3, 5).sum(axis=1).tolist()


def test_rows_that_are_taken_keep_their_passes() -> None:
    options = ShardOptions(max_seq_length=16, dupe_factor=2, seed=SEED)
    pairs = make_pairs(a_corpus(), options, range(2), np.zeros(100, bool))
    order = np.arange(len(pairs.keys))[::-1]
    assert pairs.take(order).passes.tolist() == pairs.passes[::-1].tolist()
