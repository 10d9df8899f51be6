"""Tensors of the datasets for PyTorch: columns, here and between processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bertprep.common.ragged import offsets_of
from bertprep.layouts.columns import Columns, narrow_dtype
from bertprep.options import MaskingOptions, MaskingUnit

Path = str | os.PathLike[str]
Batch = dict[str, Tensor]

# Where a column may begin in what a worker sends: at a multiple of its type's size.
_ALIGNMENT = 8


def tensors(columns: Columns) -> Batch:
    """Integers as int64, all else as float32."""
    return {name: _tensor(values) for name, values in columns.items()}


def _tensor(values: NDArray[Any]) -> Tensor:
    kind = np.float32 if values.dtype.kind == "f" else np.int64
    return torch.from_numpy(np.ascontiguousarray(values, kind))


def masking_options(masking: MaskingUnit | MaskingOptions | None) -> MaskingOptions | None:
    """The options that a unit alone stands for."""
    return MaskingOptions(masking) if isinstance(masking, str) else masking


def shared_zeros(count: int, kind: torch.dtype) -> Tensor:
    """A tensor that a process and its workers see alike."""
    tensor = torch.zeros(count, dtype=kind)
    tensor.share_memory_()  # type: ignore[no-untyped-call]
    return tensor


class Packed:
    """Batches on their way between processes: one tensor, as each costs a file descriptor."""

    def __init__(self, batches: Sequence[Columns], vocab_size: int) -> None:
        values = [v for columns in batches for v in columns.values()]
        kinds = [narrow_dtype(v.dtype, vocab_size) for v in values]
        sizes = [v.size * kind.itemsize for v, kind in zip(values, kinds, strict=True)]
        starts = offsets_of(-(-np.array(sizes) // _ALIGNMENT)) * _ALIGNMENT
        self._names = [tuple(columns) for columns in batches]
        self._shapes = [v.shape for v in values]
        self._kinds, self._starts = kinds, starts[:-1].tolist()
        self._buffer = torch.empty(int(starts[-1]), dtype=torch.uint8)
        for target, v in zip(self._arrays(), values, strict=True):
            target[...] = v

    def _arrays(self) -> Iterator[NDArray[Any]]:
        buffer = self._buffer.numpy()
        for shape, kind, start in zip(self._shapes, self._kinds, self._starts, strict=True):
            yield np.ndarray(shape, kind, buffer, start)

    def unpacked(self) -> Iterator[Batch]:
        """The batches, in memory of their own: what is kept of one must not keep all shared."""
        arrays = self._arrays()
        for names in self._names:
            batch = tensors({name: next(arrays) for name in names})
            yield {n: t.clone() if t.is_floating_point() else t for n, t in batch.items()}

    def pin_memory(self) -> list[Batch]:
        """The batches in pinned memory; torch's thread for that calls it."""
        return [{n: t.pin_memory() for n, t in batch.items()} for batch in self.unpacked()]
