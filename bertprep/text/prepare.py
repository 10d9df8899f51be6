"""Raw documents to tokenized ones, the rows of ``prepared_columns.prepared_schema``."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import document_keys
from bertprep.common.drops import Drops
from bertprep.common.ragged import offsets_of
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.identity import document_ids
from bertprep.text.chinese_words import FoundWords, Words
from bertprep.text.line_widths import count_lines
from bertprep.text.prepared_columns import flagged, id_type, prepared_schema
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer

# The formats in which a line is a sentence.
_LINES = ("ptb", "bookcorpus")
_BY_LINE = ("rules", "thai")
_SCAN_BYTES = 1 << 20
_NOWHERE = np.zeros(0, np.int64)
_NO_WORDS = FoundWords(_NOWHERE, _NOWHERE, Counter())


class Prepared(NamedTuple):
    """Tokenized documents and what to count of them.

    ``lines`` are the sums of ``count_lines``, ``words`` the counts of ``FoundWords``,
    ``languages`` the documents whose language decided about sentences, as "language_es";
    ``unknown_words`` those that gave an [UNK].
    """

    documents: pa.RecordBatch
    sentences: int
    tokens: int
    unknown: int
    lines: Counter[str]
    words: Counter[str]
    languages: Counter[str]
    unknown_words: Counter[bytes]


def character_offsets(
    text: bytes, *characters: NDArray[np.int64], scan_bytes: int = _SCAN_BYTES
) -> list[NDArray[np.int64]]:
    """Byte positions of the characters of a UTF-8 text with these numbers.

    The number of characters itself stands for the end of the text.

    Args:
        text: as bytes.
        *characters: int64[n] each, ascending.
        scan_bytes: looked at at a time, which takes some ten times as many of memory.

    Returns:
        int64[n] for each.
    """
    if text.isascii():
        return list(characters)
    data = np.frombuffer(text, np.uint8)
    found = [np.full(len(numbers), len(text)) for numbers in characters]
    count = 0
    for position in range(0, len(text), scan_bytes):
        leads = np.flatnonzero((data[position : position + scan_bytes] & 0xC0) != 0x80)
        for numbers, positions in zip(characters, found, strict=True):
            first, last = np.searchsorted(numbers, (count, count + len(leads)))
            positions[first:last] = position + leads[numbers[first:last] - count]
        count += len(leads)
    return found


def byte_characters(
    text: bytes, places: NDArray[np.int64], scan_bytes: int = _SCAN_BYTES
) -> NDArray[np.int64]:
    """int64[n]: how many characters of a UTF-8 text stand before each of these bytes.

    Args:
        text: as bytes.
        places: int64[n], ascending.
        scan_bytes: looked at at a time, as for ``character_offsets``.
    """
    if text.isascii():
        return places
    data = np.frombuffer(text, np.uint8)
    found = np.empty(len(places), np.int64)
    count = 0
    for position in range(0, len(text) + 1, scan_bytes):
        leads = np.flatnonzero((data[position : position + scan_bytes] & 0xC0) != 0x80)
        first, last = np.searchsorted(places, (position, position + scan_bytes))
        found[first:last] = count + np.searchsorted(leads, places[first:last] - position)
        count += len(leads)
    return found


def pair_halves(batch: DocumentBatch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bytes where the two sentences of n pairs start and end, int64[2n] each.

    A tab is between them.
    """
    tabs = np.flatnonzero(np.frombuffer(batch.text, np.uint8) == ord("\t"))
    starts = np.column_stack((batch.starts, tabs + 1)).ravel()
    return starts, np.column_stack((tabs, batch.ends)).ravel()


class Preparer:
    """Segments and tokenizes batches of documents; build one per worker."""

    def __init__(
        self,
        segmenter: Segmenter,
        tokenizer: BatchTokenizer,
        vocab_size: int,
        unk_id: int,
        seed: int,
        words: Words | None = None,
    ) -> None:
        self._segmenter = segmenter
        self._line_segmenter = Segmenter("lines")
        self._tokenizer = tokenizer
        self._schema = prepared_schema(vocab_size)
        self._id_type = id_type(vocab_size)
        self._unk_id = unk_id
        self._seed = seed
        self._words = words

    def __call__(self, batch: DocumentBatch, drops: Drops) -> Prepared:
        """Documents without tokens are dropped as ``empty_document``."""
        text = batch.text.decode("utf-8")
        words = self._words(text) if self._words else _NO_WORDS
        bounds, languages = self._offsets(batch, text, words)
        sentence_starts, sentence_ends, going_on, beginning = bounds
        tokens = self._tokenizer(
            batch.text,
            sentence_starts,
            sentence_ends,
            going_on,
            beginning,
            marked=batch.marks_unknown,
        )
        ids, offsets = tokens.ids, tokens.sentence_offsets
        document = np.searchsorted(batch.starts, sentence_starts, side="right") - 1
        spoken = np.diff(offsets) > 0
        self._note_empty_sentences(batch, sentence_starts[~spoken], sentence_ends[~spoken], drops)
        counts = np.bincount(document[spoken], minlength=len(batch.starts))
        self._note_empty_documents(batch, counts, drops)
        # Sentences without tokens take no room in ``ids``: their offsets just repeat.
        sentence_offsets = np.append(offsets[:-1][spoken], len(ids))
        values = flagged(ids, tokens.flagged, self._id_type)
        documents = self._columns(batch, counts, sentence_offsets, values)
        unknown = int(np.count_nonzero(ids == self._unk_id))
        lines = count_lines(batch.text) if self._reads_lines(batch) else Counter()
        sentences = int(spoken.sum())
        counted = Counter(words.counts)
        if self._words:
            counted["misfit_words"] += tokens.misfits
        return Prepared(
            documents, sentences, len(ids), unknown, lines, counted, languages, tokens.unknown
        )

    def _reads_lines(self, batch: DocumentBatch) -> bool:
        """Whether a line break ends a sentence, for no other reason than a rule."""
        return batch.format not in ("sentence-pairs", *_LINES) and self._segmenter.mode in _BY_LINE

    def _offsets(
        self, batch: DocumentBatch, text: str, words: FoundWords
    ) -> tuple[list[NDArray[np.int64]], Counter[str]]:
        """Where sentences start and end, where words go on and begin within kana, in bytes.

        And how many documents are in the languages that decided about it.
        """
        if batch.format == "sentence-pairs":
            offsets = character_offsets(batch.text, words.going_on, words.beginning)
            return [*pair_halves(batch), *offsets], Counter()
        segmenter = self._line_segmenter if batch.format in _LINES else self._segmenter
        found = segmenter.segment(text, byte_characters(batch.text, batch.starts))
        languages = Counter(
            {f"language_{name or 'other'}": n for name, n in found.languages.items()}
        )
        places = (found.starts, found.ends, words.going_on, words.beginning)
        bounds = character_offsets(batch.text, *places)
        return bounds, languages

    def _columns(
        self,
        batch: DocumentBatch,
        counts: NDArray[np.int64],
        sentence_offsets: NDArray[np.int64],
        values: pa.Array,
    ) -> pa.RecordBatch:
        kept = counts > 0
        ids = document_ids(
            batch.text, batch.starts[kept], batch.ends[kept], batch.format, batch.input
        )
        identity = document_keys(self._seed, ids)
        once = np.ones(len(ids), np.int64)
        sentences = pa.ListArray.from_arrays(sentence_offsets.astype(np.int32), values)
        document_offsets = offsets_of(counts[kept]).astype(np.int32)
        documents = pa.ListArray.from_arrays(document_offsets, sentences)
        is_pair = (counts[kept] == 2) & (batch.format == "sentence-pairs")
        return pa.record_batch([*identity, once, documents, is_pair], schema=self._schema)

    def _note_empty_sentences(
        self,
        batch: DocumentBatch,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        drops: Drops,
    ) -> None:
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            document = int(np.searchsorted(batch.starts, start, side="right")) - 1
            offset = int(batch.offsets[document])
            drops.add("empty_sentence", batch.name_of(document), offset, batch.text[start:end])

    def _note_empty_documents(
        self, batch: DocumentBatch, counts: NDArray[np.int64], drops: Drops
    ) -> None:
        for document in np.flatnonzero(counts == 0).tolist():
            text = batch.text[batch.starts[document] : batch.ends[document]]
            name = batch.name_of(document)
            drops.add("empty_document", name, int(batch.offsets[document]), text)
