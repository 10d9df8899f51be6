"""Training rows of texts in memory: what ``bertprep shard`` writes, without a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from bertprep.calls.texts import text_bytes
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch, columns_of
from bertprep.corpus.formats.format import Document
from bertprep.corpus.identity import document_text
from bertprep.errors import InputError
from bertprep.examples.assemble import example_schema
from bertprep.examples.coverage import predictable
from bertprep.examples.documents import Documents
from bertprep.examples.gather import gathered
from bertprep.examples.long_sentences import with_fitting_sentences
from bertprep.examples.mask import Masker
from bertprep.examples.pair import make_pairs
from bertprep.layouts.columns import Columns
from bertprep.options import SentenceRule, ShardOptions
from bertprep.shards.compose import Composer
from bertprep.text.chinese_words import Words
from bertprep.text.prepare import Preparer
from bertprep.text.prepared_columns import merged, prepared_schema, sorted_by_key
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import Vocabulary

_BATCH_TEXTS = 512


def batches_of_texts(
    texts: Iterable[str],
    vocabulary: Vocabulary,
    options: ShardOptions,
    sentences: SentenceRule,
    batch_size: int,
) -> Iterator[Columns]:
    """The rows of all passes in their order, ``batch_size`` at a time; fewer in the last batch.

    Args:
        texts: the documents.
        vocabulary: gives the ids.
        options: of the rows.
        sentences: where a sentence ends.
        batch_size: rows of a batch.

    Raises:
        InputError: if the texts give no row.
    """
    examples = _examples(_documents(texts, vocabulary, options, sentences), vocabulary, options)
    masking = options.masking_options
    masker = Masker(vocabulary, masking) if masking else None
    return _equal(Composer(vocabulary, masker, options)([examples]), batch_size)


def _documents(
    texts: Iterable[str], vocabulary: Vocabulary, options: ShardOptions, sentences: SentenceRule
) -> Documents:
    """The texts as tokens, in the order of their keys; equal ones once."""
    preparer = Preparer(
        Segmenter(sentences),
        BatchTokenizer(vocabulary),
        len(vocabulary),
        vocabulary.unk_id,
        options.seed,
        Words(options.word_segmenter) if options.word_segmenter != "none" else None,
    )
    drops = Drops()
    prepared = [preparer(batch, drops).documents for batch in _columns(texts)]
    rows = merged(prepared, prepared_schema(len(vocabulary)))
    different = rows.num_rows
    if not different:
        raise InputError("there is no text in the input")
    if different == 1 and options.task == "nsp":
        raise InputError(
            "a random next sentence comes from another document, and there is one only; give "
            "more texts, or task='sop' or 'none'"
        )
    return Documents.from_rows(rows)


def _columns(texts: Iterable[str]) -> Iterator[DocumentBatch]:
    numbered = enumerate(texts)
    while part := list(islice(numbered, _BATCH_TEXTS)):
        documents = [Document(n, document_text(text_bytes(text, n))) for n, text in part]
        yield columns_of("json-strings", "", ["texts"] * len(documents), documents)


def _examples(
    documents: Documents, vocabulary: Vocabulary, options: ShardOptions
) -> pa.RecordBatch:
    """The rows before they are masked, in the order of their keys."""
    if options.is_paired:  # else a sentence goes on in the next row
        documents, _ = with_fitting_sentences(documents, options.max_num_tokens, vocabulary)
    made = make_pairs(documents, options, range(options.dupe_factor), vocabulary.continuing, 0, 1)
    pairs = made.take(np.flatnonzero(predictable(documents, made, vocabulary, options)))
    if not len(pairs.keys):
        raise InputError("no example could be made of the texts: each is too short, or all [UNK]")
    schema = example_schema(len(vocabulary))
    return sorted_by_key([gathered(documents, pairs, schema)], schema)


def _equal(blocks: Iterable[Columns], rows: int) -> Iterator[Columns]:
    """The rows of blocks in batches of one size."""
    waiting: list[Columns] = []
    count = 0
    for block in blocks:
        waiting.append(block)
        count += _length(block)
        if count >= rows:
            whole = _joined(waiting)
            last = count - count % rows
            yield from (_cut(whole, at, at + rows) for at in range(0, last, rows))
            waiting, count = [_cut(whole, last, None)], count - last
    if count:
        yield _joined(waiting)


def _length(columns: Columns) -> int:
    return len(next(iter(columns.values())))


def _joined(blocks: list[Columns]) -> Columns:
    return {name: _concatenated([block[name] for block in blocks]) for name in blocks[0]}


def _concatenated(parts: list[Any]) -> Any:
    if isinstance(parts[0], pa.Array | pa.ChunkedArray):  # of text, or of lists of any lengths
        return pa.concat_arrays(parts)
    return np.concatenate(parts)


def _cut(columns: Columns, start: int, stop: int | None) -> Columns:
    return {name: values[start:stop] for name, values in columns.items()}
