"""Lays examples out as the columns a trainer reads, and reads unmasked ones back from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import Keys
from bertprep.examples.assemble import Examples
from bertprep.examples.mask import Masks
from bertprep.options import Layout, Task

Columns = dict[str, NDArray[Any]]

IGNORED_LABEL = -100

IDS_NAMES = ("input_ids", "input_word_ids", "token_ids")
MASK_NAMES = ("attention_mask", "input_mask")
TYPES_NAMES = ("token_type_ids", "segment_ids", "input_type_ids")
LABEL_NAMES = ("next_sentence_label", "sentence_order_label", "next_sentence_labels")


def lay_out(examples: Examples, masks: Masks | None, layout: Layout, task: Task) -> Columns:
    """The columns of a layout by name, each [n, k] or [n]; n rows, L tokens, P predictions.

    huggingface: input_ids int32[n, L], token_type_ids and attention_mask int8[n, L], labels
    int64[n, L] (-100 where nothing is predicted), and int64[n] next_sentence_label (nsp) or
    sentence_order_label (sop): what transformers' BertForPreTraining and AlbertForPreTraining take.

    google: input_ids, input_mask, segment_ids int64[n, L]; masked_lm_positions, masked_lm_ids
    int64[n, P] and masked_lm_weights float32[n, P]; next_sentence_labels int64[n, 1] (for the task
    ``none`` all 0: run_pretraining.py asks for the column).

    modelgarden: as google with input_word_ids and input_type_ids, and no next_sentence_labels for
    the task ``none``: what TensorFlow Model Garden's pretraining data loader parses.

    bert4keras: token_ids int64[n, L], what stands there; mask_ids int64[n, L], 0 where nothing is
    predicted, and elsewhere one more than the id that is shown: what the RoBERTa data set of its
    pretraining scripts parses.  It has masks always, and pairs never.

    Without masks, word_starts [n, L] stands for the columns of the predictions (labels, or the
    three of masked_lm): 1 at the first token of each word, 0 elsewhere and where no text is.
    """
    if layout == "huggingface":
        return _huggingface(examples, masks, task)
    if layout == "bert4keras" and masks:
        return _bert4keras(examples, masks)
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


def word_starts(examples: Examples) -> NDArray[np.bool_]:
    """bool[n, L]: the first token of each word; one that was cut from A or B begins it."""
    is_text: NDArray[np.bool_] = attention_mask(examples)
    row = np.arange(len(examples))
    is_text[:, 0] = is_text[row, examples.second_starts - 1] = False
    is_text[row, examples.lengths - 1] = False
    starts: NDArray[np.bool_] = is_text.copy()
    starts[:, 1:] &= ~(examples.joined[:, 1:] & is_text[:, :-1])
    return starts


def unmasked_examples(columns: Columns, keys: Keys) -> Examples:
    """The examples that were laid out without masks, of either layout, with keys uint64[n]."""
    ids, mask, types = (
        next(columns[name] for name in names if name in columns)
        for names in (IDS_NAMES, MASK_NAMES, TYPES_NAMES)
    )
    lengths = np.count_nonzero(mask, axis=1)
    second_lengths = np.count_nonzero(types, axis=1)
    labels = next(
        (columns[name] for name in LABEL_NAMES if name in columns), np.zeros_like(lengths)
    )
    return Examples(
        keys,
        ids.astype(np.int32, copy=False),
        lengths,
        lengths - second_lengths,
        labels.reshape(-1).astype(np.int8),
        columns["word_starts"] == 0,
    )


def _predicted(masks: Masks) -> NDArray[np.bool_]:
    return np.arange(masks.positions.shape[1]) < masks.counts[:, None]


def _huggingface(examples: Examples, masks: Masks | None, task: Task) -> Columns:
    columns: Columns = {
        "input_ids": masks.input_ids if masks else examples.input_ids,
        "token_type_ids": token_type_ids(examples).astype(np.int8),
        "attention_mask": attention_mask(examples).astype(np.int8),
    }
    if masks:
        labels = np.full(examples.input_ids.shape, IGNORED_LABEL, np.int64)
        row, slot = np.nonzero(_predicted(masks))
        labels[row, masks.positions[row, slot]] = masks.labels[row, slot]
        columns["labels"] = labels
    else:
        columns["word_starts"] = word_starts(examples).astype(np.int8)
    if task != "none":
        name = "next_sentence_label" if task == "nsp" else "sentence_order_label"
        columns[name] = examples.labels.astype(np.int64)
    return columns


def _google(examples: Examples, masks: Masks | None) -> Columns:
    columns: Columns = {
        "input_ids": (masks.input_ids if masks else examples.input_ids).astype(np.int64),
        "input_mask": attention_mask(examples).astype(np.int64),
        "segment_ids": token_type_ids(examples).astype(np.int64),
    }
    if masks:
        columns["masked_lm_positions"] = masks.positions
        columns["masked_lm_ids"] = masks.labels.astype(np.int64)
        columns["masked_lm_weights"] = _predicted(masks).astype(np.float32)
    else:
        columns["word_starts"] = word_starts(examples).astype(np.int64)
    columns["next_sentence_labels"] = examples.labels.astype(np.int64)[:, None]
    return columns


def _bert4keras(examples: Examples, masks: Masks) -> Columns:
    mask_ids = np.zeros(examples.input_ids.shape, np.int64)
    row, slot = np.nonzero(_predicted(masks))
    column = masks.positions[row, slot]
    mask_ids[row, column] = masks.input_ids[row, column] + 1
    return {"token_ids": examples.input_ids.astype(np.int64), "mask_ids": mask_ids}
