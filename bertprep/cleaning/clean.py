"""Documents on their way: what rules and mending leave of them, and what copies are told by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bertprep.cleaning.clusters import BAND_SCHEMA
from bertprep.cleaning.contamination import Contamination
from bertprep.cleaning.copies import PART_SCHEMA, WHOLE
from bertprep.cleaning.mending import mended
from bertprep.cleaning.minhash import PERMUTATIONS, Bands, Signer, sketches
from bertprep.cleaning.parts import Parts
from bertprep.cleaning.rules import Rules
from bertprep.common.drops import Drops
from bertprep.corpus.formats.format import Document
from bertprep.corpus.identity import Ids, document_ids, document_text
from bertprep.corpus.read import DocumentBatch, columns_of, joined_documents
from bertprep.options import CleanOptions, FileFormat

_FORMAT: FileFormat = "jsonl"
SHARED_WORDS = 13
_SIGNED_TOGETHER = 256


@dataclass(frozen=True)
class Draft:
    """A document, and where it came from.

    Attributes:
        file: as in ``InputFile.name``.
        offset: of its first byte in that, or the number of its row.
    """

    text: str
    file: str
    offset: int

    @property
    def content(self) -> bytes:
        """The text in UTF-8."""
        return self.text.encode("utf-8", "replace")

    def line(self) -> bytes:
        """The document as a line of JSON."""
        record = {"text": self.text, "file": self.file, "offset": self.offset}
        return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Draft:
        """A draft from the line that ``line`` gave."""
        record = json.loads(line)
        return cls(record["text"], record["file"], record["offset"])


def ids_of(drafts: Sequence[Draft], input_name: str = "") -> Ids:
    """uint64[n, 2]: the ids of documents by their texts, in a mixture of an input of that name."""
    text, starts, ends = joined_documents([draft.content for draft in drafts])
    return document_ids(text, starts, ends, _FORMAT, input_name)


def batch_of(drafts: Sequence[Draft], input_name: str = "") -> DocumentBatch:
    """Documents as they are read again from what ``Draft.line`` gives."""
    documents = [Document(draft.offset, document_text(draft.content)) for draft in drafts]
    return columns_of(_FORMAT, input_name, [draft.file for draft in drafts], documents)


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

    def drafts(self, batch: DocumentBatch, drops: Drops) -> Iterator[Draft]:
        """The documents of a batch that are left; the rest is told to ``drops``."""
        places = (batch.offsets.tolist(), batch.starts.tolist(), batch.ends.tolist())
        for number, (offset, start, end) in enumerate(zip(*places, strict=True)):
            file, text = batch.name_of(number), batch.text[start:end].decode("utf-8", "replace")

            def dropped(reason: str, what: str, file: str = file, offset: int = offset) -> None:
                drops.add(reason, file, offset, what)

            kept = self._rules.kept(mended(text, self._options).strip(), dropped)
            if kept and self._contamination.holds(kept):
                dropped("contaminated", kept)
            elif kept:
                yield Draft(kept, file, offset)

    def parts(
        self, drafts: Sequence[Draft], split: int, first: int = 0, input_name: str = ""
    ) -> pa.Table:
        """The hashes of documents, and of their parts if asked for, by PART_SCHEMA.

        Args:
            drafts: documents of a split, in a row.
            split: its number.
            first: the number in it of the first of them.
            input_name: of their input in a mixture: equal documents of two are copies, too.
        """
        texts = ids_of(drafts)
        ids = ids_of(drafts, input_name) if input_name else texts
        found = list(self._digests(drafts))
        documents = np.concatenate(
            (np.arange(len(drafts)), np.array([number for number, _, _ in found], np.int64))
        )
        digests = b"".join(digest for _, _, digest in found)
        hashes = np.frombuffer(digests, ">u8").astype(np.uint64).reshape(-1, 2)
        hashes = np.concatenate((texts, hashes))
        parts = np.full(len(documents), WHOLE)
        parts[len(drafts) :] = [part for _, part, _ in found]
        columns = [*hashes.T, *ids[documents].T, np.full(len(documents), split)]
        columns += [documents + first, parts]
        arrays = [pa.array(c).cast(f.type) for c, f in zip(columns, PART_SCHEMA, strict=True)]
        return pa.table(arrays, schema=PART_SCHEMA)

    def _digests(self, drafts: Sequence[Draft]) -> Iterator[tuple[int, int, bytes]]:
        """(document, part, 16 bytes) of the parts that are compared."""
        unit = self._options.duplicates
        if unit in ("paragraphs", "lines"):
            for number, draft in enumerate(drafts):
                for part, digest in Parts.of(draft.text, unit).digests():
                    yield number, part, digest

    def bands(self, drafts: Sequence[Draft]) -> pa.Table:
        """The bands of documents' signatures, by BAND_SCHEMA; of equal documents those of one."""
        threshold = self._options.near_duplicates
        assert threshold is not None
        bands = Bands.for_threshold(threshold)
        _, places = np.unique(ids_of(drafts), axis=0, return_index=True)
        different = [drafts[place] for place in sorted(places.tolist())]
        tables = [
            self._bands(different[i : i + _SIGNED_TOGETHER], bands)
            for i in range(0, len(different), _SIGNED_TOGETHER)
        ]
        return pa.concat_tables(tables).combine_chunks()

    def _bands(self, drafts: Sequence[Draft], bands: Bands) -> pa.Table:
        signatures = self._signer.signatures([draft.text for draft in drafts])
        keys = bands.keys(signatures)
        ids = np.repeat(ids_of(drafts), bands.count, axis=0)
        marks = np.repeat(sketches(signatures), bands.count, axis=0)
        column = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(PERMUTATIONS), len(marks), [None, pa.py_buffer(marks.tobytes())]
        )
        return pa.table([keys.ravel(), ids[:, 0], ids[:, 1], column], schema=BAND_SCHEMA)
