"""What the datasets for PyTorch share: columns as tensors, and which rank this is."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, distributed

from bertprep.layout import Columns
from bertprep.options import MaskingOptions, MaskingUnit
from bertprep.ragged import offsets_of

Path = str | os.PathLike[str]
Batch = dict[str, Tensor]

SEED = 12345
# Where a column may begin in what a worker sends: at a multiple of its type's size.
_ALIGNMENT = 8


def tensors(columns: Columns) -> Batch:
    """Integers as int64, all else as float32."""
    return {name: _tensor(values) for name, values in columns.items()}


def _tensor(values: NDArray[Any]) -> Tensor:
    kind = np.float32 if values.dtype.kind == "f" else np.int64
    return torch.from_numpy(np.ascontiguousarray(values, kind))


def keep_apart(batch: Batch, dtype: torch.dtype = torch.bool) -> Batch:
    """A batch of packed rows with the attention that keeps the examples of a row apart.

    ``attention_mask`` [n, 1, L, L] stands for the one [n, L] and for sequence_ids: True where two
    tokens are of one example; of a floating ``dtype`` 0 there and its lowest number elsewhere, as
    models with eager attention add it.  Make it on the device that trains: it is large.
    """
    others = {n: t for n, t in batch.items() if n not in ("attention_mask", "sequence_ids")}
    ids = batch["sequence_ids"]
    is_one = ids[:, None, :, None] == ids[:, None, None, :]
    if dtype.is_floating_point:
        lowest = torch.finfo(dtype).min
        is_one = torch.zeros(is_one.shape, dtype=dtype, device=ids.device).masked_fill(
            ~is_one, lowest
        )
    return {**others, "attention_mask": is_one}


def masking_options(masking: MaskingUnit | MaskingOptions | None) -> MaskingOptions | None:
    """The options that a unit alone stands for."""
    return MaskingOptions(masking) if isinstance(masking, str) else masking


def rank_and_world_size() -> tuple[int, int]:
    """Those of ``torch.distributed``, or those torchrun tells it of, or (0, 1)."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def shared_zeros(count: int, kind: torch.dtype) -> Tensor:
    """A tensor that a process and its workers see alike."""
    tensor = torch.zeros(count, dtype=kind)
    tensor.share_memory_()  # type: ignore[no-untyped-call]
    return tensor


class Packed:
    """A batch on its way between processes: one tensor, as each costs a file descriptor."""

    def __init__(self, columns: Columns) -> None:
        narrow = {name: _narrowed(values) for name, values in columns.items()}
        words = [-(-values.nbytes // _ALIGNMENT) for values in narrow.values()]
        starts = (offsets_of(np.array(words)) * _ALIGNMENT).tolist()
        self._buffer = torch.empty(starts.pop(), dtype=torch.uint8)
        self._fields = []
        buffer = self._buffer.numpy()
        for (name, values), start in zip(narrow.items(), starts, strict=True):
            np.ndarray(values.shape, values.dtype, buffer, start)[...] = values
            self._fields.append((name, start, values.dtype, values.shape))

    def unpacked(self) -> Batch:
        """The batch."""
        data = self._buffer.numpy()
        return tensors(
            {
                name: data[start:][: int(np.prod(shape)) * dtype.itemsize]
                .view(dtype)
                .reshape(shape)
                for name, start, dtype, shape in self._fields
            }
        )

    def pin_memory(self) -> Batch:
        """The batch in pinned memory; torch's thread for that calls it."""
        return {name: tensor.pin_memory() for name, tensor in self.unpacked().items()}


def _narrowed(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(np.int32) if values.dtype == np.int64 else values
