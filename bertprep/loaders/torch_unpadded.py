"""Batches without padding, all sequences behind each other: what flash attention takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn

from bertprep.errors import UsageError
from bertprep.layouts.huggingface import PAIR_NAMES
from bertprep.layouts.values import IGNORED_LABEL
from bertprep.loaders.torch_attention import attention_of
from bertprep.loaders.torch_tensors import Batch

_TOKENS = ("input_ids", "token_type_ids", "labels")
# Whose names the boundaries of sequences have.
Style = Literal["transformers", "flash-attn"]


def flatten(
    batch: Batch, model: nn.Module | None = None, *, style: Style = "transformers"
) -> dict[str, Any]:
    """A padded or packed batch as one row of its T tokens, with the places where sequences begin.

    A sequence is a row, or an example of a packed one.  What comes out is what transformers'
    ``DataCollatorWithFlattening`` makes of unpadded rows (with ``return_flash_attn_kwargs``), and
    besides ``token_type_ids`` and, for pairs, their label and ``cls_positions`` [1, m], which
    ``packed_pair_loss`` takes.

    Args:
        batch: in the huggingface layout.
        model: the one it is for, which is asked whether its attention keeps to the boundaries.
        style: ``transformers``: input_ids, token_type_ids, labels and position_ids int64[1, T],
            cu_seq_lens_q and cu_seq_lens_k int32[m + 1], max_length_q and max_length_k;
            ``flash-attn``: the same of shape [T], cu_seqlens int32[m + 1] and max_seqlen, the
            arguments of its ``flash_attn_varlen_func``.

    Raises:
        UsageError: for another layout, and a model without flash attention: its tokens would look
            at those of all other sequences.
    """
    check_flash(model)
    if "labels" not in batch or batch.get("attention_mask", batch["labels"][0]).dim() != 2:
        raise UsageError(
            f"expected a batch of the huggingface layout, padded or packed; got {', '.join(batch)}"
        )
    inside = batch["attention_mask"].bool()
    tokens = {name: batch[name][inside] for name in _TOKENS if name in batch}
    if "position_ids" in batch:
        positions = batch["position_ids"][inside]
    else:
        positions = torch.arange(inside.shape[1], device=inside.device).expand_as(inside)[inside]
    pairs = {name: batch[name] for name in PAIR_NAMES if name in batch}
    return _flat(tokens, positions, pairs, style)


class FlatCollator:
    """Joins examples of a ``MapDataset`` to one row, as ``flatten`` does.

    ``MapDataset(..., padded=False)`` saves making the padding that this leaves out.

    Args:
        model, style: as for ``flatten``.
    """

    def __init__(self, model: nn.Module | None = None, *, style: Style = "transformers") -> None:
        self._model, self._style = model, style

    def __call__(self, examples: Sequence[Mapping[str, Tensor]]) -> dict[str, Any]:
        first = examples[0]
        if "attention_mask" in first or "labels" not in first:
            stacked = {name: torch.stack([e[name] for e in examples]) for name in first}
            return flatten(stacked, self._model, style=self._style)
        check_flash(self._model)
        tokens = {n: torch.cat([e[n] for e in examples]) for n in _TOKENS if n in first}
        lengths = torch.tensor([len(e["input_ids"]) for e in examples])
        begins = (lengths.cumsum(0) - lengths).repeat_interleave(lengths)
        positions = torch.arange(len(begins)) - begins
        pairs = {n: torch.stack([e[n] for e in examples]) for n in PAIR_NAMES if n in first}
        return _flat(tokens, positions, pairs, self._style)


def check_flash(model: nn.Module | None) -> None:
    """Raises UsageError: for a model whose attention does not keep to boundaries."""
    if model is not None and not attention_of(model).startswith("flash_attention"):
        raise UsageError(
            f"the model has {attention_of(model)} attention, in which the sequences of a flat "
            "batch would see each other: load it with attn_implementation='flash_attention_2', or "
            "give it keep_apart(batch, model) of packed rows"
        )


def _flat(tokens: Batch, positions: Tensor, pairs: Batch, style: Style) -> dict[str, Any]:
    starts = torch.nonzero(positions == 0).flatten()
    total = starts.new_tensor([len(positions)])
    edges = torch.cat((starts, total)).to(torch.int32)
    longest = int(positions.max()) + 1
    columns = {**tokens, "position_ids": positions}
    for name, labels in pairs.items():  # of packed rows some places hold none
        columns[name] = labels[labels != IGNORED_LABEL]
        columns["cls_positions"] = starts
    if style == "flash-attn":
        return {**columns, "cu_seqlens": edges, "max_seqlen": longest}
    rows = {name: values[None] for name, values in columns.items()}
    flash = {"cu_seq_lens": edges, "max_length": longest}
    return {**rows, **{f"{name}_{side}": v for name, v in flash.items() for side in "qk"}}
