"""The google layout: what run_pretraining.py of google-research/bert parses."""

from __future__ import annotations

from bertprep.layouts.columns import Column
from bertprep.layouts.spec import LayoutSpec

PREDICTIONS = (
    Column("masked_lm_positions", "positions", "int64", "prediction"),
    Column("masked_lm_ids", "answers", "int64", "prediction"),
    Column("masked_lm_weights", "weights", "float32", "prediction"),
)
WORD_STARTS = Column("word_starts", "starts", "int64")
PAIR_LABEL = Column("next_sentence_labels", "pair", "int64", "example", is_list=True)


class Google(LayoutSpec):
    """input_ids, input_mask, segment_ids int64[L]; next_sentence_labels int64[1].

    For the task ``none`` the label is 0, as run_pretraining.py asks for the column.  With masks
    masked_lm_positions and masked_lm_ids int64[P] and masked_lm_weights float32[P], 0 in the slots
    that are not used; without, word_starts int64[L], 1 at the first token of each word of the text.
    """

    name = "google"
    every = (
        Column("input_ids", "ids", "int64", fill=None),
        Column("input_mask", "mask", "int64"),
        Column("segment_ids", "types", "int64"),
        *PREDICTIONS,
        WORD_STARTS,
        PAIR_LABEL,
    )


GOOGLE = Google()
