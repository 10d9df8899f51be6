"""What makes a row of a shard right, and what was found wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.examples.assemble import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts.layout import Columns, lay_out
from bertprep.layouts.lddl import lddl_schema
from bertprep.layouts.pack import Places, repack
from bertprep.options import ShardOptions
from bertprep.vocabulary.vocabulary import CLS, MASK, PAD, SEP, UNK, Vocabulary

_KEPT_PROBLEMS = 40


class Kind(IntEnum):
    """What a token is: up to MASK may be predicted, up to UNK may stand where text does."""

    ORDINARY = 0
    MASK = 1
    UNK = 2
    PAD = 3
    CLS = 4
    SEP = 5


# Those of the roles, in the order of ``Settings.roles``.
_ROLE_KINDS = (Kind.PAD, Kind.UNK, Kind.CLS, Kind.SEP, Kind.MASK)
KIND_NAMES = ("no special token", MASK, UNK, PAD, CLS, SEP)


@dataclass(frozen=True)
class Rules:
    """What the rows were made by: the options and vocabulary of their run; each token's kind.

    ``longest`` is that of the rows in the shard's bin; None where rows are not binned by length.
    """

    options: ShardOptions
    vocabulary: Vocabulary
    kinds: NDArray[np.uint8]
    longest: int | None = None

    @classmethod
    def of(cls, options: ShardOptions, vocabulary: Vocabulary) -> Rules:
        kinds = np.zeros(len(vocabulary), np.uint8)
        kinds[vocabulary.special_ids] = Kind.UNK  # special added tokens are where text is, too
        for role, kind in zip(vocabulary.settings.roles, _ROLE_KINDS, strict=True):
            kinds[vocabulary.ids[role]] = kind
        return cls(options, vocabulary, kinds)

    @property
    def is_paired(self) -> bool:
        return self.options.task != "none"

    @property
    def lengths(self) -> tuple[int, int]:
        """Tokens of the shortest and the longest row there may be in the shard."""
        fewest = 5 if self.is_paired else 3
        if self.longest is None or self.options.bin_size is None:
            return fewest, self.options.max_seq_length
        return max(fewest, self.longest + 1 - self.options.bin_size), self.longest

    def columns(self) -> Columns:
        """The columns of the layout, with no rows."""
        if self.options.column_layout == "lddl":
            schema = lddl_schema(self.options.masking != "none")
            return {field.name: pa.array([], field.type) for field in schema}
        ids = np.empty((0, self.options.max_seq_length), np.int32)
        predictions = np.empty((0, self.options.max_predictions_per_seq), np.int64)
        n, labels = np.empty(0, np.int64), np.empty(0, np.int8)
        examples = Examples(n.astype(np.uint64), ids, n, n, labels, ids.astype(bool))
        masks = None
        if self.options.masking != "none":
            masks = Masks(ids, predictions, predictions.astype(np.int32), n, n)
        columns = lay_out(examples, masks, self.options.column_layout, self.options.task)
        if self.options.pack:
            return repack([(columns, Places(n, n, n, n))], ids.shape, pad_id=0)
        return columns

    def token(self, token_id: Any) -> str:
        """An id as the problems show it: ``102 ([SEP])``."""
        if 0 <= token_id < len(self.kinds) and self.kinds[token_id]:
            return f"{token_id} ({self.vocabulary.shown_tokens[token_id]})"
        return str(token_id)


@dataclass
class Findings:
    """What was found in one shard.

    Attributes:
        rows: how many it holds; None as long as that cannot be told.
        problems: (row, message); row None where it is the file's.  Only the first few are kept.
        count: of all problems.
    """

    rows: int | None = None
    problems: list[tuple[int | None, str]] = field(default_factory=list)
    count: int = 0

    def add(self, message: str, row: int | None = None) -> None:
        self.count += 1
        if len(self.problems) < _KEPT_PROBLEMS:
            self.problems.append((row, message))
