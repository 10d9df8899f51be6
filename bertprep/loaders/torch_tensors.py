"""What the datasets for PyTorch share: columns as tensors, here and between processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from bertprep.common.ragged import offsets_of
from bertprep.errors import UsageError
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


def keep_apart(batch: Batch, kind: torch.dtype | nn.Module = torch.float32) -> Batch:
    """A batch of packed rows with the attention that keeps the examples of a row apart.

    ``attention_mask`` [n, 1, L, L] stands for the one [n, L] and for sequence_ids: 0 where two
    tokens are of one example and the lowest number elsewhere, which eager and sdpa attention add to
    the scores of their dtype; of ``torch.bool`` True and False, for sdpa alone: eager attention
    would add ones and zeros.  Make it on the device that trains: it is large.

    Args:
        kind: the dtype of the mask, or the model that takes it, which knows its own.

    Raises:
        UsageError: for rows that are not packed, a dtype of integers, and a model whose attention
            takes no such mask.
    """
    others = {n: t for n, t in batch.items() if n not in ("attention_mask", "sequence_ids")}
    if "sequence_ids" not in batch:
        raise UsageError(
            f"expected packed rows, with sequence_ids; got {', '.join(batch)}: make the shards "
            "with --pack, or train on these as they are"
        )
    dtype = _mask_dtype(kind) if isinstance(kind, nn.Module) else kind
    ids = batch["sequence_ids"]
    is_one = ids[:, None, :, None] == ids[:, None, None, :]
    if dtype == torch.bool:
        return {**others, "attention_mask": is_one}
    if not dtype.is_floating_point:
        raise UsageError(f"expected torch.bool, or the floating dtype of the model; got {dtype}")
    mask = torch.zeros(is_one.shape, dtype=dtype, device=ids.device)
    return {**others, "attention_mask": mask.masked_fill_(~is_one, torch.finfo(dtype).min)}


def _mask_dtype(model: nn.Module) -> torch.dtype:
    """What a model's attention adds to its scores."""
    config: Any = getattr(getattr(model, "module", model), "config", None)  # of DDP the one inside
    attention = getattr(config, "_attn_implementation", None) or "eager"
    if attention not in ("eager", "sdpa"):
        raise UsageError(
            f"the model has {attention} attention, which takes no mask of two tokens each: load it "
            "with attn_implementation='sdpa' or 'eager'"
        )
    return next((p.dtype for p in model.parameters() if p.is_floating_point()), torch.float32)


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
