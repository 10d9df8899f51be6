"""Attention that keeps the examples of packed rows apart."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from bertprep.errors import UsageError
from bertprep.loaders.torch_tensors import Batch

_FLEX = "flex_attention"


def keep_apart(batch: Batch, kind: torch.dtype | nn.Module = torch.float32) -> dict[str, Any]:
    """A batch of packed rows with the attention that keeps the examples of a row apart.

    ``attention_mask`` stands for the one [n, L] and for sequence_ids.  For eager and sdpa attention
    it is [n, 1, L, L]: 0 where two tokens are of one example and the lowest number elsewhere, to be
    added to scores of its dtype; of ``torch.bool`` True and False, for sdpa alone: eager attention
    would add ones and zeros.  For flex attention it is a ``BlockMask``.  Make it on the device that
    trains: it is large.

    Args:
        batch: of rows that ``bertprep shard --pack`` wrote.
        kind: the dtype of the mask, or the model that takes it, which knows what it needs.

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
    ids = batch["sequence_ids"]
    if isinstance(kind, nn.Module):
        if attention_of(kind) == _FLEX:
            return {**others, "attention_mask": _block_mask(ids)}
        kind = _mask_dtype(kind)
    return {**others, "attention_mask": _dense_mask(ids, kind)}


def attention_of(model: nn.Module) -> str:
    """transformers' name for the attention of a model; ``eager`` for one that does not say."""
    config: Any = getattr(getattr(model, "module", model), "config", None)  # of DDP the one inside
    return str(getattr(config, "_attn_implementation", None) or "eager")


def _dense_mask(ids: Tensor, dtype: torch.dtype) -> Tensor:
    is_one = ids[:, None, :, None] == ids[:, None, None, :]
    if dtype == torch.bool:
        return is_one
    if not dtype.is_floating_point:
        raise UsageError(f"expected torch.bool, or the floating dtype of the model; got {dtype}")
    mask = torch.zeros(is_one.shape, dtype=dtype, device=ids.device)
    return mask.masked_fill_(~is_one, torch.finfo(dtype).min)


def _block_mask(ids: Tensor) -> Any:
    from torch.nn.attention.flex_attention import create_block_mask

    def is_one(row: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return ids[row, query] == ids[row, key]

    rows, length = ids.shape
    return create_block_mask(is_one, rows, None, length, length, device=ids.device)


def _mask_dtype(model: nn.Module) -> torch.dtype:
    """The mask that a model's attention adds to its scores."""
    attention = attention_of(model)
    if attention not in ("eager", "sdpa"):
        raise UsageError(
            f"the model has {attention} attention, which takes no mask of two tokens each: load it "
            f"with attn_implementation='sdpa', 'eager' or '{_FLEX}', or give flash attention "
            "flatten(batch, model)"
        )
    return next((p.dtype for p in model.parameters() if p.is_floating_point()), torch.float32)
