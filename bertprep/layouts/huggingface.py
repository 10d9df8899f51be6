"""The huggingface layout: what transformers' models for pretraining BERT and ALBERT take."""

from __future__ import annotations

from bertprep.layouts.columns import Column
from bertprep.layouts.spec import LayoutSpec
from bertprep.layouts.values import IGNORED_LABEL

IDS = Column("input_ids", "ids", "int32", fill=None)
TYPES = Column("token_type_ids", "types", "int8")
MASK = Column("attention_mask", "mask", "int8")
LABELS = Column("labels", "labels", "int64", fill=IGNORED_LABEL)
WORD_STARTS = Column("word_starts", "starts", "int8")
PAIR_LABELS = (
    Column("next_sentence_label", "pair", "int64", "example", IGNORED_LABEL, ("nsp",)),
    Column("sentence_order_label", "pair", "int64", "example", IGNORED_LABEL, ("sop",)),
)
PAIR_NAMES = tuple(column.name for column in PAIR_LABELS)


class HuggingFace(LayoutSpec):
    """The columns that transformers' models take.

    input_ids int32[L], token_type_ids and attention_mask int8[L], and a pair's label, int64:
    next_sentence_label or sentence_order_label.  With masks labels int64[L], -100 where nothing is
    predicted; without, word_starts int8[L], 1 at the first token of each word of the text.
    """

    name = "huggingface"
    every = (
        IDS,
        TYPES,
        MASK,
        LABELS,
        WORD_STARTS,
        *PAIR_LABELS,
    )
    may_pack = True


HUGGINGFACE = HuggingFace()
