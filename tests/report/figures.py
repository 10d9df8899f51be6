"""The manifest of a run on some text, made without Beam or files: what the outcome is judged by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.oddities import oddities
from bertprep.examples.coverage import count_sentences, count_usage, predictable
from bertprep.examples.documents import Documents
from bertprep.examples.long_sentences import with_fitting_sentences
from bertprep.examples.pair import make_pairs
from bertprep.options import ReadOptions, ShardOptions
from bertprep.shards.manifest import shard_manifest
from bertprep.shards.manifest_types import ShardManifest
from bertprep.text.prepare import Prepared, Preparer
from bertprep.text.prepared_columns import prepared_schema, sorted_by_key
from bertprep.text.range_counts import count_copies
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer
from bertprep.text.unknown_words import UnknownWords, marks_among
from bertprep.vocabulary.vocabulary import UNK, Vocabulary

_SEPARATORS = {
    "blank-line": r"\n[ \t]*\n\s*",
    "line": r"\n+",
    "section": r"\n\s*\n\s*\n\s*",
    "file": r"\Z",
}


def batch_of(documents: Sequence[str]) -> DocumentBatch:
    texts = [document.encode() for document in documents]
    lengths = np.array([len(text) for text in texts], np.int64)
    ends = np.cumsum(lengths + 2) - 2
    return DocumentBatch("a.txt", b"\n\n".join(texts), ends - lengths, ends, ends - lengths)


@lru_cache(maxsize=1)  # one text after the other, each with several options
def _prepared(
    text: str, vocabulary: Vocabulary, read: ReadOptions, seed: int
) -> tuple[Prepared, dict[str, int], dict[str, int]]:
    """A text's tokens, what was dropped of it, and what is odd in it."""
    tokenizer, unk = BatchTokenizer(vocabulary), vocabulary.ids[UNK]
    preparer = Preparer(Segmenter(read.sentences), tokenizer, len(vocabulary), unk, seed)
    drops = Drops()
    pieces = [d for d in re.split(_SEPARATORS[read.documents], text.strip()) if d.strip()]
    batch = batch_of(pieces)
    odd = Counter(oddities(batch, is_passed_by=False), text_bytes=len(batch.text))
    return preparer(batch, drops), drops.counts, odd


def manifest_of(
    text: str, vocabulary: Vocabulary, read: ReadOptions | None = None, **options: Any
) -> ShardManifest:
    """The manifest that ``bertprep shard`` would write, as far as the outcome depends on it."""
    read = read or ReadOptions()
    shard = ShardOptions(**options)
    prepared, drops, odd = _prepared(text, vocabulary, read, shard.seed)
    drops = Counter(drops)
    rows = sorted_by_key([prepared.documents], prepared_schema(len(vocabulary)))
    documents = Documents.from_rows(rows)
    sums = Counter(
        documents=len(documents.keys),
        sentences=prepared.sentences,
        tokens=prepared.tokens,
        unknown_tokens=prepared.unknown,
        unknown_marks=marks_among(prepared.unknown_words),
    )
    sums.update(prepared.lines)
    sums.update(odd)
    sums.update(count_sentences(documents, shard, vocabulary))
    if shard.task != "none":
        documents, _ = with_fitting_sentences(documents, shard.max_num_tokens, vocabulary)
    made = make_pairs(documents, shard, range(shard.dupe_factor), vocabulary.continuing)
    good = predictable(documents, made, vocabulary, shard)
    pairs, others = made.take(np.flatnonzero(good)), made.take(np.flatnonzero(~good))
    sums.update(count_usage(documents, shard.dupe_factor, pairs, others))
    sums.update(examples=len(pairs.keys), positive_labels=int(pairs.labels.sum()))
    sums.update(tokens_in_rows=int(pairs.a_length.sum() + pairs.b_length.sum()) + 3 * len(good))
    unknown = UnknownWords()
    unknown.add(prepared.unknown_words)
    drops["nothing_to_predict"] = len(others.keys)
    report: Any = SimpleNamespace(
        sums=sums,
        drops=drops,
        drop_samples={},
        drop_names={},
        texts={},
        origins=[],
        repeats={},
        copies=count_copies(rows),
        shards=[],
        examples_per_document={},
        pools={"pools": 1, "smallest": 2, "largest": 2},
        unknown_words=unknown.most_frequent(),
    )
    return shard_manifest(read, shard, vocabulary, [], report)
