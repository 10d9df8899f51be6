"""The splits of a run, spread over its workers: they are in a file, and numbers alone travel.

As elements of the graph the names of a hundred thousand files are more than some engines take.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from bertprep.common.digests import digest_of
from bertprep.corpus.files import Split
from bertprep.corpus.splits import Splits
from bertprep.errors import BertprepError
from pipelines.folders import files

SPLITS_NAME = "splits.arrow"


class LookUp(beam.DoFn):  # type: ignore[misc]
    """Number of a split -> (number, split), as a file has them.

    Args:
        path: of the file.
        digest: its SHA-256.

    Raises:
        BertprepError: if it is not as it was written.
    """

    def __init__(self, path: str, digest: str) -> None:
        self._path, self._digest = path, digest

    def setup(self) -> None:
        data = files.read_bytes(self._path)
        if digest_of(data) != self._digest:
            raise BertprepError(f"{self._path} is not as it was written; start anew by --overwrite")
        self._splits = Splits.from_bytes(data)

    def process(self, number: int) -> Iterator[tuple[int, Split]]:
        yield number, self._splits[number]


def spread_splits(pipeline: Any, splits: Splits, work_dir: str) -> Any:
    """Adds the steps that give each split to a worker: a collection of (number, split).

    Args:
        pipeline: Beam's.
        splits: of the inputs.
        work_dir: the work folder, where they are written.
    """
    path, data = files.join(work_dir, SPLITS_NAME), splits.to_bytes()
    files.write_bytes(path, data)
    return (
        pipeline
        | "Splits" >> beam.Create(range(len(splits)), reshuffle=False)
        | "SpreadSplits" >> beam.Reshuffle()
        | "LookUpSplits" >> beam.ParDo(LookUp(path, digest_of(data)))
    )
