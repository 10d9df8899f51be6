"""Masked language modelling: what a model sees at the positions it has to predict.

The rules are google-research/bert's ``create_masked_lm_predictions``, vectorised over a block of
rows, and drawn from each row's own key; static masks and those of the loaders come from here alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import MASK_KIND, MASK_TOKEN, uniform
from bertprep.examples.examples import Examples
from bertprep.examples.mask_positions import Block, Chosen, choose, num_to_predict
from bertprep.settings.masking import MaskingOptions
from bertprep.vocabulary.vocabulary import Vocabulary


class Masks(NamedTuple):
    """The predictions of n rows, at most P each, in the order of their positions.

    Attributes:
        input_ids: int32[n, L], what the model sees.
        positions: int64[n, P], columns to predict; 0 behind the last one.
        labels: int32[n, P], the tokens that stood there; 0 behind the last one.
        counts: int64[n], predictions of each row.
        wanted: int64[n], predictions of each row had there been no limit P.
    """

    input_ids: NDArray[np.int32]
    positions: NDArray[np.int64]
    labels: NDArray[np.int32]
    counts: NDArray[np.int64]
    wanted: NDArray[np.int64]


class Masker:
    """Masks blocks of examples.

    ``round(n * masked_lm_prob)`` positions (at least one, at most P) are predicted, n counting
    [CLS] and [SEP]s; of these 80% show [MASK], 10% a random token, 10% what stood there, or as the
    options say, each drawn by itself (each span of ``span`` by itself).  Special tokens, [UNK]
    among them, are never predicted; they and [unusedN] are never drawn.
    """

    def __init__(self, vocabulary: Vocabulary, options: MaskingOptions) -> None:
        self._vocabulary = vocabulary
        self._options = options
        self._maskable = np.ones(len(vocabulary), bool)
        self._maskable[vocabulary.special_ids] = False

    def __call__(self, examples: Examples) -> Masks:
        wanted = self._wanted(examples.lengths)
        limit = self.most(examples.input_ids.shape[1])
        candidates = self._maskable.take(examples.input_ids)
        joined = self._joined(examples, candidates)
        block = Block(examples.keys, candidates, joined, np.minimum(wanted, limit), limit)
        return self._replaced(examples, choose(block, self._options.masking), wanted)

    def most(self, width: int) -> int:
        """P, the most predictions of a row, for rows of ``width`` tokens."""
        limit = self._options.max_predictions_per_seq
        return int(self._wanted(np.array(width))) if limit is None else limit

    def _wanted(self, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
        return num_to_predict(lengths, self._options.masked_lm_prob)

    def _joined(self, examples: Examples, candidates: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The candidates that go on with a word; none does behind a special token."""
        if self._options.masking == "token":
            return candidates  # not asked for
        joined = examples.joined & candidates
        joined[:, 0] = False
        joined[:, 1:] &= candidates[:, :-1]
        return joined

    def _replaced(self, examples: Examples, chosen: Chosen, wanted: NDArray[np.int64]) -> Masks:
        n, length = examples.input_ids.shape
        is_chosen = chosen.columns < length
        positions = np.where(is_chosen, chosen.columns, 0)
        places = positions + np.arange(0, n * length, length)[:, None]
        labels = np.where(is_chosen, examples.input_ids.ravel().take(places), np.int32(0))
        keys = examples.keys[:, None]
        kind = uniform(keys, MASK_KIND, chosen.origins)
        drawable = self._vocabulary.drawable_ids
        draw = uniform(keys, MASK_TOKEN, positions) * len(drawable)
        masked = kind < self._options.mask_replace_prob
        seen = np.where(masked, self._vocabulary.mask_id, drawable.take(draw.astype(np.int64)))
        changed = kind < self._options.mask_replace_prob + self._options.random_replace_prob
        changed &= is_chosen
        input_ids = examples.input_ids.copy()
        # By numbers, which takes a third of the time that a mask of two dimensions does.
        which = np.flatnonzero(changed)
        input_ids.ravel()[places.ravel().take(which)] = seen.ravel().take(which)
        counts = np.count_nonzero(is_chosen, axis=1)
        return Masks(input_ids, positions, labels, counts, wanted)
