"""Lays masked examples out as the columns a trainer reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.examples import Examples
from bertprep.mask import Masks
from bertprep.options import Layout, Task

Columns = dict[str, NDArray[Any]]

IGNORED_LABEL = -100


def lay_out(examples: Examples, masks: Masks, layout: Layout, task: Task) -> Columns:
    """The columns of a layout by name, each [n, k] or [n]; n rows, L tokens, P predictions.

    huggingface: input_ids int32[n, L], token_type_ids and attention_mask int8[n, L], labels
    int64[n, L] (-100 where nothing is predicted), and int64[n] next_sentence_label (nsp) or
    sentence_order_label (sop): what transformers' BertForPreTraining and AlbertForPreTraining take.

    google: input_ids, input_mask, segment_ids int64[n, L]; masked_lm_positions, masked_lm_ids
    int64[n, P] and masked_lm_weights float32[n, P]; next_sentence_labels int64[n, 1] (for the task
    ``none`` all 0: run_pretraining.py asks for the column).

    modelgarden: as google with input_word_ids and input_type_ids, and no next_sentence_labels for
    the task ``none``: what TensorFlow Model Garden's pretraining data loader parses.
    """
    if layout == "huggingface":
        return _huggingface(examples, masks, task)
    columns = _google(examples, masks)
    if layout == "modelgarden":
        columns["input_word_ids"] = columns.pop("input_ids")
        columns["input_type_ids"] = columns.pop("segment_ids")
        if task == "none":
            del columns["next_sentence_labels"]
    return columns


def attention_mask(examples: Examples) -> NDArray[np.bool_]:
    """bool[n, L]: True for tokens, False for padding."""
    columns = np.arange(examples.input_ids.shape[1])
    return columns < examples.lengths[:, None]


def token_type_ids(examples: Examples) -> NDArray[np.bool_]:
    """bool[n, L]: False for [CLS] A [SEP] and padding, True for B [SEP]."""
    columns = np.arange(examples.input_ids.shape[1])
    return (columns >= examples.second_starts[:, None]) & attention_mask(examples)


def _predicted(masks: Masks) -> NDArray[np.bool_]:
    return np.arange(masks.positions.shape[1]) < masks.counts[:, None]


def _huggingface(examples: Examples, masks: Masks, task: Task) -> Columns:
    labels = np.full(examples.input_ids.shape, IGNORED_LABEL, np.int64)
    row, slot = np.nonzero(_predicted(masks))
    labels[row, masks.positions[row, slot]] = masks.labels[row, slot]
    columns: Columns = {
        "input_ids": masks.input_ids,
        "token_type_ids": token_type_ids(examples).astype(np.int8),
        "attention_mask": attention_mask(examples).astype(np.int8),
        "labels": labels,
    }
    if task != "none":
        name = "next_sentence_label" if task == "nsp" else "sentence_order_label"
        columns[name] = examples.labels.astype(np.int64)
    return columns


def _google(examples: Examples, masks: Masks) -> Columns:
    return {
        "input_ids": masks.input_ids.astype(np.int64),
        "input_mask": attention_mask(examples).astype(np.int64),
        "segment_ids": token_type_ids(examples).astype(np.int64),
        "masked_lm_positions": masks.positions,
        "masked_lm_ids": masks.labels.astype(np.int64),
        "masked_lm_weights": _predicted(masks).astype(np.float32),
        "next_sentence_labels": examples.labels.astype(np.int64)[:, None],
    }
