"""Counts the words of the corpus in columns, as BERT's BasicTokenizer would split them.

Distinct pieces of text are counted by Arrow; only these are normalised into words.  Word tables are
Arrow record batches of ``WORD_SCHEMA``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from tokenizers import pre_tokenizers

from bertprep.common.draws import GOLDEN
from bertprep.common.ragged import gather_index, offsets_of, positions_within
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.text.pieces import UNKNOWN_WORD, cut_text, dictionary_encode, text_parts
from bertprep.vocabulary.lost_marks import script_that_loses
from bertprep.vocabulary.tokenizer import bert_normalizer

WORD_SCHEMA = pa.schema([("word", pa.large_string()), ("count", pa.int64())])
MAX_WORDS = 2_000_000
_MERGE_ROWS = 1 << 20
# A process remembers the words of so many pieces that are no longer than so many characters: 5 MB.
_KNOWN, _KNOWN_LENGTH = 1 << 14, 32
# Hashes are made of so many words at once, and of so many bytes of each, its first: on the way a
# byte takes some dozen times its size.
_HASHED_WORDS, _HASHED_BYTES = 1 << 12, 64
_NOTHING, _HALF = np.uint64(0), np.uint64(32)


class WordCounter:
    """Counts pieces batch by batch, and gives the words when all are in; build one per split.

    Args:
        lowercase: whether letters are lower-cased.
        strip_accents: whether accents are taken off; None for where letters are lower-cased.
        merge_rows: tables are summed when they have so many together, to bound what is held.

    Attributes:
        losing: how many words lose marks that carry meaning, by script.
    """

    def __init__(
        self,
        lowercase: bool,
        strip_accents: bool | None = None,
        *,
        merge_rows: int = _MERGE_ROWS,
    ) -> None:
        self._lowercase = lowercase
        self._merge_rows = merge_rows
        self._strips = lowercase if strip_accents is None else strip_accents
        self.losing: Counter[str] = Counter()
        self._tables: list[Any] = []
        self._rows = 0

    def add(self, batch: DocumentBatch) -> None:
        """Counts the pieces of documents."""
        text = np.frombuffer(batch.text, np.uint8)
        edges = np.concatenate((batch.starts, batch.ends))
        for part in text_parts(text, batch.ends):
            inside = edges[(edges >= part.start) & (edges <= part.stop)] - part.start
            self._add(text[part], inside, batch.marks_unknown)

    def _add(self, text: NDArray[np.uint8], edges: NDArray[np.int64], marked: bool) -> None:
        pieces, indices = dictionary_encode(text, *cut_text(text, edges, marked=marked))
        counts = np.bincount(indices, minlength=len(pieces))
        table = pa.table([pieces.cast(pa.large_binary()), counts], ["word", "count"])
        if marked:
            table = table.filter(pc.not_equal(table["word"], UNKNOWN_WORD))
        self._tables.append(table)
        self._rows += len(pieces)
        if self._rows > self._merge_rows:
            self._tables = [_summed(pa.concat_tables(self._tables))]
            self._rows = min(self._tables[0].num_rows, self._merge_rows // 2)

    def words(self) -> pa.Table:
        """The distinct words and their counts, a table of ``WORD_SCHEMA`` in no certain order."""
        if not self._tables:
            return WORD_SCHEMA.empty_table()
        pieces = _summed(pa.concat_tables(self._tables))
        pieces = pieces.set_column(0, "word", pieces["word"].cast(pa.large_string()))
        simple = pc.ascii_is_alnum(pieces["word"])
        plain = pieces.filter(simple)
        if self._lowercase:
            plain = plain.set_column(0, "word", pc.ascii_lower(plain["word"]))
        hard = self._normalised(pieces.filter(pc.invert(simple)))
        return _summed(pa.concat_tables([plain, hard])).cast(WORD_SCHEMA)

    def _normalised(self, pieces: Any) -> Any:
        words: Counter[str] = Counter()
        for piece, count in zip(
            pieces["word"].to_pylist(), pieces["count"].to_pylist(), strict=True
        ):
            look_up = _known_words if len(piece) <= _KNOWN_LENGTH else _words
            found, script = look_up(piece, self._lowercase, self._strips)
            if script:
                self.losing[script] += count
            for word in found:
                words[word] += count
        columns = [pa.array(list(words), pa.large_string()), list(words.values())]
        return pa.table(columns, schema=WORD_SCHEMA)


def _words(piece: str, lowercase: bool, strips: bool) -> tuple[list[str], str | None]:
    """The words of a piece, and the script that loses marks in them."""
    normalize = bert_normalizer(lowercase, strips).normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    script = script_that_loses(piece) if strips else None
    return [word for word, _ in split(normalize(piece))], script


# Most are found again in the next splits.
_known_words = lru_cache(_KNOWN)(_words)


def _summed(table: Any) -> Any:
    """The same words, each once; exact to a sum of 2**53."""
    # Arrow's group_by takes three times as long.
    encoded = table["word"].dictionary_encode().combine_chunks()
    words, numbers = encoded.dictionary, encoded.indices.to_numpy()
    counts = np.bincount(numbers, table["count"].to_numpy(), len(words)).astype(np.int64)
    return pa.table([words, counts], ["word", "count"])


def partitioned(
    table: pa.Table, partitions: int, block: int = _HASHED_WORDS
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The words of each partition that has any; where a word goes depends on its first bytes alone.

    Args:
        table: of ``WORD_SCHEMA``.
        partitions: how many there are.
        block: of how many words the hashes are made at once.
    """
    words = table["word"].combine_chunks()
    blocks = [words.slice(start, block) for start in range(0, len(words), block)]
    hashes = np.concatenate([np.zeros(0, np.uint64), *map(_hashes, blocks)])
    where = (hashes % np.uint64(partitions)).astype(np.int64)
    order = np.argsort(where, kind="stable")
    rows = table.take(pa.array(order)).combine_chunks()
    edges = np.searchsorted(where[order], np.arange(partitions + 1))
    for partition in np.flatnonzero(np.diff(edges)).tolist():
        part = rows.slice(edges[partition], edges[partition + 1] - edges[partition])
        yield partition, part.to_batches()[0]


def _hashes(words: pa.Array) -> NDArray[np.uint64]:
    """uint64[n], below 2**32: the upper half of a polynomial in the first bytes of each word."""
    _, offsets, data = words.buffers()
    edges = np.frombuffer(offsets, np.int64)[words.offset :][: len(words) + 1]
    lengths = np.minimum(np.diff(edges), _HASHED_BYTES)
    letters = np.frombuffer(data, np.uint8)[gather_index(edges[:-1], lengths)]
    powers = np.full(_HASHED_BYTES, GOLDEN).cumprod()
    sums = np.append(_NOTHING, (letters * powers[positions_within(lengths)]).cumsum())
    hashes: NDArray[np.uint64] = np.diff(sums[offsets_of(lengths)]) * GOLDEN >> _HALF
    return hashes


def merged_words(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """One partition's words, summed, the most frequent first; ties go by the word."""
    table = _summed(pa.Table.from_batches(batches, WORD_SCHEMA)).cast(WORD_SCHEMA)
    order = [("count", "descending"), ("word", "ascending")]
    return table.sort_by(order)


def total_words(tables: Iterable[pa.Table]) -> tuple[Any, NDArray[np.int64]]:
    """All partitions' words (an Arrow string array) and counts, int64[n], side by side."""
    table = pa.concat_tables(tables, promote_options="none").combine_chunks()
    return table["word"].combine_chunks(), table["count"].to_numpy()
