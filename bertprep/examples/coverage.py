"""Which of a corpus's tokens its rows hold, and why the others are in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.documents import Documents
from bertprep.examples.gather import gathered
from bertprep.examples.long_sentences import is_mark
from bertprep.examples.mask import Masker
from bertprep.examples.truncate import Pairs
from bertprep.options import ShardOptions
from bertprep.text.prepared_columns import unflagged
from bertprep.vocabulary.vocabulary import Vocabulary

# Why tokens that a pass offers are in no row of their document: the names of the sums.
LOSSES = {
    "truncated_own_tokens": "truncated",
    "unsplittable_tokens": "in lone sentences too short for --task sop",
    "unpaired_tokens": "in second sentences that a random one stands for",
    "unpredictable_tokens": "in rows with nothing to predict",
}


def predictable(
    documents: Documents, pairs: Pairs, vocabulary: Vocabulary, options: ShardOptions
) -> NDArray[np.bool_]:
    """bool[n]: in which rows something is predicted.

    Nothing is where each token is [UNK], or, masked by whole words, where each word has more pieces
    than may be predicted.  Most rows hold a token that shows it; the others are masked to see.

    Args:
        documents: those that the pairs are of.
        pairs: where the tokens of the n rows are.
        vocabulary: what the ids mean.
        options: how rows are masked.
    """
    ids, flags = unflagged(documents.ids)
    sure = ~np.isin(ids, vocabulary.special_ids)
    masking = options.masking_options
    if masking and masking.masking == "whole-word":
        goes_on = vocabulary.continuing[ids] ^ flags
        sure &= ~goes_on
        sure[:-1] &= ~goes_on[1:]
    before = np.concatenate(([0], np.cumsum(sure)))
    found = before[pairs.a_start + pairs.a_length] - before[pairs.a_start]
    found += before[pairs.b_start + pairs.b_length] - before[pairs.b_start]
    good: NDArray[np.bool_] = found > 0
    doubtful = np.flatnonzero(~good)
    if masking and masking.masking == "whole-word" and len(doubtful):
        rows = gathered(documents, pairs.take(doubtful), example_schema(len(vocabulary)))
        examples = assemble(rows, vocabulary, options.max_seq_length)
        good[doubtful] = Masker(vocabulary, masking)(examples).counts > 0
    return good


def count_usage(
    documents: Documents,
    passes: int,
    kept: Pairs,
    left_out: Pairs,
    copies: NDArray[np.int64] | None = None,
) -> Counter[str]:
    """Sums of tokens, over all passes but for the last one.

    ``offered_tokens`` are what the documents hold, in each pass; each is among the ``used_tokens``,
    in a row of its own document, or lost for one of ``LOSSES``.  ``unseen_tokens`` are in no row of
    any pass, be it as another document's random B; of copies, in no row of any.

    Args:
        documents: those that the rows are of.
        passes: how many there were.
        kept: the rows.
        left_out: rows with nothing to predict.
        copies: int64[documents], of how many copies of each the rows are; None for all.
    """
    lost = {name: kept.lost.get(name.removesuffix("_tokens"), 0) for name in LOSSES}
    lost["unpredictable_tokens"] = _own_tokens(left_out)
    of_each = documents.copies() if copies is None else copies
    edges = documents.first_token[documents.first_sentence]
    unseen = np.concatenate(([0], np.cumsum(~_seen_tokens(kept, len(documents.ids)))))
    return Counter(
        offered_tokens=passes * int((np.diff(edges) * of_each).sum()),
        used_tokens=_own_tokens(kept),
        unseen_tokens=int((np.diff(unseen[edges]) * of_each).sum()),
        **lost,
    )


def _own_tokens(pairs: Pairs) -> int:
    """Tokens of A, and of B where it is of the same document."""
    return int(pairs.a_length.sum() + pairs.b_length[pairs.is_own].sum())


def _seen_tokens(pairs: Pairs, size: int) -> NDArray[np.bool_]:
    """bool[size]: which of the tokens are in a row."""
    edges = np.zeros(size + 1, np.int64)
    for start, length in ((pairs.a_start, pairs.a_length), (pairs.b_start, pairs.b_length)):
        edges += np.bincount(start, minlength=size + 1)
        edges -= np.bincount(start + length, minlength=size + 1)
    seen: NDArray[np.bool_] = np.cumsum(edges)[:-1] != 0
    return seen


def count_sentences(
    documents: Documents,
    options: ShardOptions,
    vocabulary: Vocabulary,
    copies: NDArray[np.int64] | None = None,
) -> Counter[str]:
    """Sentences longer than half a row, those that are a mark alone, documents of one sentence.

    Args:
        documents: equal ones are there once.
        options: the length of a row.
        vocabulary: what is a mark.
        copies: int64[documents], how many of each count; None for all.
    """
    of_each = documents.copies() if copies is None else copies
    lengths, counts = np.diff(documents.first_token), np.diff(documents.first_sentence)
    of_sentences = np.repeat(of_each, counts)
    lone = lengths == 1
    ids, _ = unflagged(documents.ids[documents.first_token[:-1][lone]])
    return Counter(
        lone_marks=int(of_sentences[lone][is_mark(vocabulary)[ids]].sum()),
        long_sentences=int(of_sentences[lengths > options.max_num_tokens // 2].sum()),
        single_sentence_documents=int(of_each[counts == 1].sum()),
    )


def use_shares(sums: Mapping[str, int]) -> dict[str, float]:
    """Shares of the tokens that a pass uses or loses, by reason, and that are in no row at all.

    None where usage was not counted.
    """
    if "offered_tokens" not in sums:
        return {}
    offered, tokens = max(1, sums["offered_tokens"]), max(1, sums["tokens"])
    of_pass = {name: sums[name] / offered for name in ("used_tokens", *LOSSES)}
    shares = {f"{name.removesuffix('_tokens')}_share": share for name, share in of_pass.items()}
    return {
        **{name: round(share, 6) for name, share in shares.items()},
        "unseen_share": round(sums["unseen_tokens"] / tokens, 6),
    }
