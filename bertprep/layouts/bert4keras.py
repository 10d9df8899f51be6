"""The bert4keras layout: what the RoBERTa data set of bert4keras' pretraining scripts parses."""

from __future__ import annotations

import numpy as np

from bertprep.common.bounds import is_below
from bertprep.errors import UsageError
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts.columns import Column, Columns
from bertprep.layouts.spec import LayoutSpec, Named, Readout, require
from bertprep.layouts.values import IGNORED_LABEL, is_used
from bertprep.options import ShardOptions, Task
from bertprep.vocabulary.reading_settings import MASK
from bertprep.vocabulary.vocabulary import Kind, Vocabulary


class Bert4Keras(LayoutSpec):
    """token_ids int64[L], what stands there; mask_ids int64[L], 0 where nothing is predicted.

    Elsewhere mask_ids is one more than the id that is shown.  It has masks always, and pairs never.
    """

    name = "bert4keras"
    every = (
        Column("token_ids", "ids", "int64", fill=None),
        Column("mask_ids", "shown", "int64"),
    )
    usual_container = "tfrecord"

    def check(self, options: ShardOptions) -> None:
        super().check(options)
        if options.is_paired:
            raise UsageError(
                f"--layout bert4keras has no columns for pairs; use --task none; got {options.task}"
            )
        if options.masking == "none":
            raise UsageError(
                "--layout bert4keras is for masked rows, as its loader masks none; use --masking "
                "token, whole-word or span; got none"
            )

    def lay_out(
        self, examples: Examples, masks: Masks | None, task: Task, vocabulary: Vocabulary
    ) -> Columns:
        assert masks is not None, "check() lets no rows without masks pass"
        mask_ids = np.zeros(examples.input_ids.shape, np.int64)
        row, slot = np.nonzero(is_used(masks))
        column = masks.positions[row, slot]
        mask_ids[row, column] = masks.input_ids[row, column] + 1
        return {"token_ids": examples.input_ids.astype(np.int64), "mask_ids": mask_ids}

    def read_back(self, columns: Columns, options: ShardOptions, vocabulary: Vocabulary) -> Readout:
        """Rows by what their columns are for; see ``LayoutSpec``.

        Messages call them token_ids (what is shown), length (1 for tokens, 0 for padding), types
        and labels.
        """
        ids, mask_ids = columns["token_ids"], columns["mask_ids"]
        limit = len(vocabulary)
        require(
            is_below(ids, limit),
            lambda row, column: (
                f"token_ids[{column}]: expected an id below {limit}, got {ids[row, column]}"
            ),
        )
        require(
            is_below(mask_ids, limit + 1),
            lambda row, column: (
                f"mask_ids[{column}]: expected 0 or 1 more than an id below {limit}, "
                f"got {mask_ids[row, column]}"
            ),
        )
        kinds, predicted = vocabulary.kinds[ids], mask_ids != 0
        require(
            ~predicted | (kinds == Kind.ORDINARY),
            lambda row, column: (
                f"mask_ids[{column}]: expected 0, as token_ids[{column}] is "
                f"{vocabulary.shown(ids[row, column])}; got {mask_ids[row, column]}"
            ),
        )
        shown = np.where(predicted, mask_ids - 1, ids)
        require(
            ~predicted | (vocabulary.kinds[shown] <= Kind.MASK),
            lambda row, column: (
                f"mask_ids[{column}]: expected 1 more than the id of {MASK} or of no special "
                f"token; got that of {vocabulary.shown(shown[row, column])}"
            ),
        )
        length = np.logical_and.accumulate(kinds != Kind.PAD, axis=1)
        return {
            "ids": Named("token_ids", shown),
            "mask": Named("length", length),
            "types": Named("types", np.zeros(ids.shape, np.int8)),
            "labels": Named("labels", np.where(predicted, ids, IGNORED_LABEL)),
        }


BERT4KERAS = Bert4Keras()
