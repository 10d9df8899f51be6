"""Lines that many documents have in common, such as menus and notices: counted in bounded memory.

A split keeps its most frequent lines; those of all splits are added up.  So the counts are exact
for lines that are frequent everywhere, too low for others, and the same for any worker count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.corpus.document_batch import DocumentBatch

_LEAST_BYTES = 16
_LINE_BYTES = 200
_KEPT = 200
_HELD = 20_000
_FEWEST_DOCUMENTS = 10
_LEAST_SHARE = 0.02
_SHOWN_CHARACTERS = 60

Repeats = dict[str, int]


class RepeatCounter:
    """Counts, for each line, the documents that have it; build one per split."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, batch: DocumentBatch) -> None:
        """Counts lines that two documents of the batch or more have."""
        starts, ends = _lines_of(batch.text)
        long = ends - starts >= _LEAST_BYTES
        starts, ends = starts[long], ends[long]
        if len(starts) < 2:
            return
        lines = _line_array(batch.text, starts, np.minimum(ends, starts + _LINE_BYTES))
        encoded = lines.dictionary_encode()
        document = np.searchsorted(batch.starts, starts, side="right") - 1
        pairs = np.unique(np.asarray(encoded.indices, np.int64) * len(batch.starts) + document)
        counts = np.bincount(pairs // len(batch.starts))
        repeated = np.flatnonzero(counts > 1)
        for line, count in zip(
            encoded.dictionary.take(pa.array(repeated)).to_pylist(),
            counts[repeated].tolist(),
            strict=True,
        ):
            self._counts[line.decode("utf-8", "replace").strip()] += count
        if len(self._counts) > _HELD:
            self._counts = Counter(_most(self._counts, _HELD // 2))

    def repeats(self) -> Repeats:
        """The most frequent lines and how many documents have each."""
        return _most(self._counts, _KEPT)


def merged(repeats: Iterable[Mapping[str, int]]) -> Repeats:
    """Those of several splits, added up."""
    total: Counter[str] = Counter()
    for counts in repeats:
        total.update(counts)
    return _most(total, _KEPT)


def _most(counts: Mapping[str, int], kept: int) -> Repeats:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:kept])


def _lines_of(text: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    breaks = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    return np.append(0, breaks + 1), np.append(breaks, len(text))


def _line_array(text: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Any:
    """The stretches as an Arrow array of bytes."""
    offsets = np.ravel(np.column_stack((starts, ends)))
    buffers = [None, pa.py_buffer(offsets.astype(np.int64)), pa.py_buffer(text)]
    # Every second value of this is what stands between two of them.
    array = pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers)
    return pc.take(array, pa.array(np.arange(0, len(offsets), 2)))


def describe_repeats(repeats: Mapping[str, int], documents: int) -> str:
    """A line on those that many documents have, or nothing."""
    least = max(_FEWEST_DOCUMENTS, _LEAST_SHARE * documents)
    frequent = {line: count for line, count in repeats.items() if count >= least}
    if not frequent:
        return ""
    line, count = next(iter(frequent.items()))
    shown = line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}..."
    lines = "1 line stands" if len(frequent) == 1 else f"{len(frequent)} lines stand"
    return f'{lines} in 2% of the documents or more, such as "{shown}" in about {count:,}'
