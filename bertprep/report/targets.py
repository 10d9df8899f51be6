"""The targets of a run, and whether its figures are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.examples.mask_positions import MAX_SPAN_WORDS, num_to_predict
from bertprep.report.row_warnings import why_random_next
from bertprep.shards.manifest_types import ShardManifest

Verdict = Literal["on target", "near target", "below target", "above target"]

_TOLERANCE = 0.01
_DEVIATIONS = 4  # beyond so many standard deviations chance is no excuse
# Google's script gives 52-62% random pairs: a coin's half, and every chunk of a single sentence.
_RANDOM_NEXT = (0.5, 0.62)
_UNKNOWN = 0.01


class Target(NamedTuple):
    """A share of something, what it should be, in words, and what range is as good.

    ``level`` is the share aimed at, None where that is a range; ``slack`` is how far beyond the
    range chance may lead; ``why`` is the likely cause and what helps, of a figure that is above it.
    """

    name: str
    found: float
    aim: str
    low: float
    high: float
    level: float | None = None
    slack: float = 0.0
    why: str = ""

    @property
    def verdict(self) -> Verdict:
        """Where the figure is, seen from its range."""
        if self.low <= self.found <= self.high:
            return "on target"
        if self.low - self.slack <= self.found <= self.high + self.slack:
            return "near target"
        return "below target" if self.found < self.low else "above target"


def targets(manifest: ShardManifest, lengths: NDArray[np.int64]) -> list[Target]:
    """The shares of a manifest that have a target.

    Args:
        manifest: of the run.
        lengths: int64[L + 1], how many examples have so many tokens.
    """
    found = list(_pair_targets(manifest))
    if is_masked(manifest):
        found = [*_mask_targets(manifest, lengths), *found]
    # PTB's text says itself what is unknown.
    if all(file.format != "ptb" for file in manifest.inputs):
        unknown = manifest.statistics["unknown_token_share"]
        found.append(Target("unknown", unknown, "under 1%", 0.0, _UNKNOWN))
    return found


def is_masked(manifest: ShardManifest) -> bool:
    """Whether masks are in the shards; otherwise they are drawn when a row is read."""
    return "masked_share" in manifest.statistics


def expected_masked_share(
    lengths: NDArray[np.int64], masked_lm_prob: float, max_predictions: int
) -> float:
    """The share of tokens to predict, which are whole ones, in examples of these lengths.

    Args:
        lengths: int64[L + 1], how many examples have so many tokens.
        masked_lm_prob: the share that is wanted.
        max_predictions: the most that an example may have.
    """
    tokens = np.arange(len(lengths))
    wanted = num_to_predict(tokens, masked_lm_prob)
    predicted = (np.minimum(wanted, max_predictions) * lengths).sum()
    return float(predicted / max(1, (tokens * lengths).sum()))


def _mask_targets(manifest: ShardManifest, lengths: NDArray[np.int64]) -> Iterator[Target]:
    found = manifest.statistics
    options = manifest.options
    prob, limit = options.masked_lm_prob, options.max_predictions_per_seq
    # Of a short row a whole token is more; that a row may have no more is no reason for less.
    level = max(prob, expected_masked_share(lengths, prob, limit))
    low, high = level - _TOLERANCE, level + _TOLERANCE
    yield Target("masked", found["masked_share"], _percent(prob), low, high, level)
    draws = manifest.sums["predictions"]
    if options.masking == "span":  # one for all its tokens
        draws //= MAX_SPAN_WORDS
    masked, random = options.mask_replace_prob, options.random_replace_prob
    kinds = {"mask_token": masked, "random_token": random, "kept_token": 1 - masked - random}
    for kind, share in kinds.items():
        yield _by_chance(kind, found[f"{kind}_share"], share, draws)


def _pair_targets(manifest: ShardManifest) -> Iterator[Target]:
    task, share = manifest.options.task, manifest.statistics
    examples = manifest.sums["examples"]
    if task == "nsp":
        found = share["positive_label_share"]
        slack = _slack(0.5, examples)
        target = Target("random_next", found, "50 to 62%", *_RANDOM_NEXT, slack=slack)
        is_above = target.verdict == "above target"
        yield target._replace(why=why_random_next(manifest)) if is_above else target
    elif task == "sop":
        yield _by_chance("swapped", share["positive_label_share"], 0.5, examples)


def _by_chance(name: str, found: float, level: float, draws: int) -> Target:
    low, high = level - _TOLERANCE, level + _TOLERANCE
    return Target(name, found, _percent(level), low, high, level, _slack(level, draws))


def _slack(level: float, draws: int) -> float:
    return _DEVIATIONS * float(np.sqrt(level * (1 - level) / max(1, draws)))


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"
