"""The modelgarden layout: what TensorFlow Model Garden's loader of pretraining data parses."""

from __future__ import annotations

from dataclasses import replace

from bertprep.layouts.columns import Column
from bertprep.layouts.google import PAIR_LABEL, PREDICTIONS, WORD_STARTS
from bertprep.layouts.spec import LayoutSpec


class ModelGarden(LayoutSpec):
    """As google with input_word_ids and input_type_ids for input_ids and segment_ids.

    For the task ``none`` there are no next_sentence_labels.
    """

    name = "modelgarden"
    every = (
        Column("input_mask", "mask", "int64"),
        *PREDICTIONS,
        WORD_STARTS,
        replace(PAIR_LABEL, tasks=("nsp", "sop")),
        Column("input_word_ids", "ids", "int64", fill=None),
        Column("input_type_ids", "types", "int64"),
    )


MODELGARDEN = ModelGarden()
