"""Documents on their way: what rules and mending leave of them, and what copies are told by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from json.encoder import encode_basestring
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from bertprep.cleaning.clusters import BAND_SCHEMA
from bertprep.cleaning.contamination import Contamination
from bertprep.cleaning.copies import PART_SCHEMA, WHOLE
from bertprep.cleaning.mending import control_places, mended
from bertprep.cleaning.minhash import PERMUTATIONS, Bands, Signer, sketches
from bertprep.cleaning.parts import digests, parts_of
from bertprep.cleaning.rules import Rules
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch, columns_of, texts_of, with_texts
from bertprep.corpus.formats.format import Document
from bertprep.corpus.identity import Ids, document_ids, document_text
from bertprep.options import CleanOptions, FileFormat

_FORMAT: FileFormat = "jsonl"
SHARED_WORDS = 13
_ESCAPED = bytes(range(32))  # in JSON's strings
_SCHEMA = pa.schema([("text", pa.large_binary()), ("file", pa.string()), ("offset", pa.int64())])


def ids_of(batch: DocumentBatch, input_name: str = "") -> Ids:
    """uint64[n, 2]: the ids of documents by their texts, in a mixture of an input of that name."""
    return document_ids(batch.text, batch.starts, batch.ends, _FORMAT, input_name)


def json_lines(batch: DocumentBatch) -> bytes:
    """The documents as lines of JSON: text, file and offset."""
    lines: list[bytes] = []
    file, shown = "", '""'
    for number, (text, offset) in enumerate(zip(texts_of(batch), batch.offsets, strict=True)):
        if (name := batch.name_of(number)) != file:
            file, shown = name, encode_basestring(name)
        end = f', "file": {shown}, "offset": {offset}}}\n'.encode("utf-8", "replace")
        lines += (b'{"text": ', _quoted(text), end)
    return b"".join(lines)


def _quoted(text: bytes) -> bytes:
    """A text in UTF-8 as a string of JSON."""
    quoted = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    if len(quoted.translate(None, _ESCAPED)) < len(quoted):  # few texts have tabs or others
        return json.dumps(text.decode("utf-8"), ensure_ascii=False).encode("utf-8")
    return b'"' + quoted + b'"'


def record_batch(batch: DocumentBatch) -> pa.RecordBatch:
    """The documents as drafts hold them."""
    names = batch.names or [batch.name] * len(batch.starts)
    columns = [texts_of(batch), list(names), batch.offsets]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)]
    return pa.record_batch(arrays, schema=_SCHEMA)


def write_drafts(stream: Any) -> pa.ipc.RecordBatchStreamWriter:
    """Writes what ``record_batch`` gives to a stream."""
    return pa.ipc.new_stream(stream, _SCHEMA)


def read_drafts(stream: BinaryIO, input_name: str = "") -> Iterator[DocumentBatch]:
    """Batches of documents as ``write_drafts`` left them, of an input of a mixture or of none."""
    for found in pa.ipc.open_stream(stream):
        if found.num_rows:
            offsets, texts = found["offset"].to_pylist(), found["text"].to_pylist()
            documents = list(map(Document, offsets, texts))
            yield columns_of(_FORMAT, input_name, found["file"].to_pylist(), documents)


class Sifter:
    """Mends documents, drops those that break a rule, and hashes the others; one per worker.

    Args:
        options: what to do.
        texts: that no document may share 13 words in a row with.
    """

    def __init__(self, options: CleanOptions, texts: Iterable[str] = ()) -> None:
        self._options = options
        self._rules = Rules(options)
        self._contamination = Contamination(texts, SHARED_WORDS)
        self._signer = Signer()

    def sift(self, batch: DocumentBatch, drops: Drops) -> DocumentBatch | None:
        """The documents of a batch that are left; the rest is told to ``drops``."""
        texts: list[bytes] = texts_of(batch)
        looked_at = self._looked_at(batch)
        for number in looked_at:
            texts[number] = self._mended(texts[number], batch, number, drops)
        taken = self._contamination.holds(texts)
        for number in np.flatnonzero(taken).tolist():
            _drop("contaminated", batch, number, texts[number], drops)
            texts[number] = b""
        if not looked_at and not np.any(taken):
            return replace(batch, format=_FORMAT)
        return with_texts(replace(batch, format=_FORMAT), texts)

    def _looked_at(self, batch: DocumentBatch) -> list[int]:
        """The numbers of the documents that rules or mending may change."""
        options = self._options
        if not self._rules.is_idle or options.fix_mojibake or options.normalize != "none":
            return list(range(len(batch.starts)))
        if not options.drop_controls:
            return []
        places = control_places(batch.text)
        numbers = np.unique(np.searchsorted(batch.starts, places, "right") - 1)
        return numbers.tolist()  # type: ignore[no-any-return]

    def _mended(self, text: bytes, batch: DocumentBatch, number: int, drops: Drops) -> bytes:
        """A document's text as it is kept; nothing if it is not."""

        def dropped(reason: str, what: str) -> None:
            _drop(reason, batch, number, what, drops)

        found = mended(text.decode("utf-8"), self._options).strip()
        if not found:
            dropped("empty_document", "")
            return b""
        kept = self._rules.kept(found, dropped)
        return document_text(kept.encode("utf-8", "replace"))

    def parts(self, batch: DocumentBatch, split: int, first: int = 0) -> pa.Table:
        """The hashes of documents, and of their parts if asked for, by PART_SCHEMA.

        Args:
            batch: documents of a split, in a row; equal ones of two inputs of a mixture are
                copies, too.
            split: its number.
            first: the number in it of the first of them.
        """
        hashes = texts = ids_of(batch)
        ids = ids_of(batch, batch.input) if batch.input else texts
        documents = np.arange(len(ids))
        numbers = np.full(len(ids), WHOLE)
        unit = self._options.duplicates
        if unit in ("paragraphs", "lines"):
            parts = parts_of(batch.text, batch.starts, unit)
            places, found = digests(batch.text, parts)
            hashes = np.concatenate((texts, found))
            documents = np.concatenate((documents, parts.documents[places]))
            numbers = np.concatenate((numbers, parts.numbers[places]))
        columns = [*hashes.T, *ids[documents].T, np.full(len(documents), split)]
        columns += [documents + first, numbers]
        arrays = [pa.array(c).cast(f.type) for c, f in zip(columns, PART_SCHEMA, strict=True)]
        return pa.table(arrays, schema=PART_SCHEMA)

    def bands(self, batch: DocumentBatch) -> pa.Table:
        """The bands of documents' signatures, by BAND_SCHEMA; of equal documents those of one."""
        threshold = self._options.near_duplicates
        assert threshold is not None
        bands = Bands.for_threshold(threshold)
        ids, places = np.unique(ids_of(batch), axis=0, return_index=True)
        texts = texts_of(batch)
        different = [texts[place].decode("utf-8") for place in places.tolist()]
        signatures = self._signer.signatures(different)
        ids = np.repeat(ids, bands.count, axis=0)
        marks = np.repeat(sketches(signatures), bands.count, axis=0)
        column = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(PERMUTATIONS), len(marks), [None, pa.py_buffer(marks.tobytes())]
        )
        keys = bands.keys(signatures).ravel()
        return pa.table([keys, ids[:, 0], ids[:, 1], column], schema=BAND_SCHEMA)


def _drop(reason: str, batch: DocumentBatch, number: int, what: str | bytes, drops: Drops) -> None:
    drops.add(reason, batch.name_of(number), int(batch.offsets[number]), what)
