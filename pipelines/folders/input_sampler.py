"""The contents of the inputs, roughly, by a look at a few places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import Split
from bertprep.corpus.read import read_split
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders import files

_LOOK_BYTES = 8 << 20
_PLACES = 3


class EnoughRead(Exception):  # noqa: N818 - no error
    """So much was read that the rest is left to the run."""


class Limited:
    """A stream that can be read up to a limit, which several of them share.

    ``left`` holds the bytes that are left; where more are read, EnoughRead is raised.
    """

    def __init__(self, stream: BinaryIO, left: list[int]) -> None:
        self._stream = stream
        self._left = left

    def read(self, size: int = -1) -> bytes:
        """As a stream's; EnoughRead where the limit is passed."""
        data = self._stream.read(size)
        self._left[0] -= len(data)
        if self._left[0] < 0:
            raise EnoughRead
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Sampler:
    """Gives the first documents of a few splits; whoever asks for the same has them read once.

    Args:
        read: how they are read.
    """

    def __init__(self, read: ReadOptions) -> None:
        self._read = read
        self._known: dict[tuple[str, int], DocumentBatch | None] = {}

    def batches(self, splits: Sequence[Split]) -> Iterator[DocumentBatch]:
        """The first documents of a few splits; fewer, or none, where that takes much reading."""
        return (batch for _, batch in self.places(splits))

    def places(self, splits: Sequence[Split]) -> Iterator[tuple[Split, DocumentBatch]]:
        """The same, each with the split that it is the beginning of."""
        left = [_LOOK_BYTES]

        def open_limited(path: str) -> Any:
            return Limited(files.open_input(path), left)

        try:
            for split in _places(splits):
                place = split[0].file.path, split[0].start
                if place not in self._known:
                    batches = read_split(split, open_limited, self._read, Drops())
                    self._known[place] = next(batches, None)
                if (batch := self._known[place]) is not None:
                    yield split, batch
        except (EnoughRead, InputError, OSError):  # what is wrong is told when it is read
            return


def _places(splits: Sequence[Split]) -> list[Split]:
    """Splits that lie evenly in the bytes of all, so that each stands for as many of them."""
    ends = np.cumsum([sum(part.end - part.start for part in split) for split in splits])
    middles = (np.arange(_PLACES) + 0.5) / _PLACES * (ends[-1] if len(ends) else 0)
    chosen = np.unique(np.searchsorted(ends, middles, side="right"))
    return [splits[n] for n in chosen.tolist() if n < len(splits)]
