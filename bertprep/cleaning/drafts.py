"""Documents on their way: what rules and mending leave of them, and what copies are told by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

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
from bertprep.corpus.identity import document_ids
from bertprep.options import CleanOptions

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

    @cached_property
    def id(self) -> tuple[int, int]:
        """Of its text: two numbers of 64 bits."""
        text = self.text.encode("utf-8", "replace")
        found = document_ids(text, np.array([0]), np.array([len(text)]), "text")
        return int(found[0, 0]), int(found[0, 1])

    def line(self) -> bytes:
        """The document as a line of JSON."""
        record = {"text": self.text, "file": self.file, "offset": self.offset}
        return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Draft:
        """What ``line`` gave."""
        record = json.loads(line)
        return cls(record["text"], record["file"], record["offset"])


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

    def drafts(
        self, documents: Iterable[tuple[int, str]], file: str, drops: Drops
    ) -> Iterator[Draft]:
        """What is left of (offset, text) documents of a file; the rest is told to ``drops``."""
        for offset, text in documents:

            def dropped(reason: str, what: str, offset: int = offset) -> None:
                drops.add(reason, file, offset, what)

            kept = self._rules.kept(mended(text, self._options).strip(), dropped)
            if kept and self._contamination.holds(kept):
                dropped("contaminated", kept)
            elif kept:
                yield Draft(kept, file, offset)

    def parts(self, drafts: Sequence[Draft], split: int) -> pa.Table:
        """The hashes of documents, and of their parts if asked for, by PART_SCHEMA."""
        unit = self._options.duplicates
        rows: list[tuple[int, int, int, int, int, int, int]] = []
        for number, draft in enumerate(drafts):
            rows.append((*draft.id, *draft.id, split, number, WHOLE))
            if unit in ("paragraphs", "lines"):
                rows += (
                    (*_halves(digest), *draft.id, split, number, part)
                    for part, digest in Parts.of(draft.text, unit).digests()
                )
        columns = zip(*rows, strict=True)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, PART_SCHEMA, strict=True)]
        return pa.table(arrays, schema=PART_SCHEMA)

    def bands(self, drafts: Sequence[Draft]) -> pa.Table:
        """The bands of documents' signatures, by BAND_SCHEMA; of equal documents those of one."""
        threshold = self._options.near_duplicates
        assert threshold is not None
        bands = Bands.for_threshold(threshold)
        different = list({draft.id: draft for draft in drafts}.values())
        tables = [
            self._bands(different[i : i + _SIGNED_TOGETHER], bands)
            for i in range(0, len(different), _SIGNED_TOGETHER)
        ]
        return pa.concat_tables(tables).combine_chunks()

    def _bands(self, drafts: Sequence[Draft], bands: Bands) -> pa.Table:
        signatures = self._signer.signatures([draft.text for draft in drafts])
        keys = bands.keys(signatures)
        ids = np.repeat(np.array([draft.id for draft in drafts], np.uint64), bands.count, axis=0)
        marks = np.repeat(sketches(signatures), bands.count, axis=0)
        column = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(PERMUTATIONS), len(marks), [None, pa.py_buffer(marks.tobytes())]
        )
        return pa.table([keys.ravel(), ids[:, 0], ids[:, 1], column], schema=BAND_SCHEMA)


def _halves(digest: bytes) -> tuple[int, int]:
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:])
