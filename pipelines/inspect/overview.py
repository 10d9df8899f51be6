"""The overview of a folder of shards, for a terminal and a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.report.decode import DecodedRow
from bertprep.report.survey import Survey
from bertprep.report.targets import Target, targets
from bertprep.shards.manifest_types import ShardManifest
from bertprep.vocabulary.vocabulary import Vocabulary


class Bin(NamedTuple):
    """How many examples have ``first`` to ``last`` tokens."""

    first: int
    last: int
    examples: int


class Source(NamedTuple):
    """Where A and B of an example come from, in words; "" where that is not known."""

    a: str = ""
    b: str = ""


@dataclass(frozen=True)
class Overview:
    """A folder's name, its manifest and vocabulary, what a survey counted, and some examples.

    Also the command that wrote it and when, if that is known, and the title of its page; and where
    the A and B of each example come from, if that is known.
    """

    name: str
    manifest: ShardManifest
    vocabulary: Vocabulary
    survey: Survey
    examples: list[DecodedRow]
    command: str = ""
    started: str = ""
    title: str = ""
    sources: Sequence[Source] = ()

    def sourced_examples(self) -> Iterator[tuple[DecodedRow, Source]]:
        """The examples, each with where it comes from."""
        sources = self.sources or [Source()] * len(self.examples)
        return zip(self.examples, sources, strict=True)

    @cached_property
    def targets(self) -> dict[str, Target]:
        found = targets(self.manifest, self.survey.lengths)
        return {target.name: target for target in found}

    @property
    def example_count(self) -> int:
        """Examples in all shards: more than rows where several are packed in a row."""
        return self.manifest.sums["examples"]

    @property
    def ordinary_ids(self) -> NDArray[np.int32]:
        """int32[n]: the ids of tokens that text can have: no special ones, no placeholders."""
        return self.vocabulary.drawable_ids

    @property
    def token_counts(self) -> NDArray[np.int64]:
        """int64[n]: how often each of the ordinary tokens occurs."""
        counts: NDArray[np.int64] = self.survey.counts[self.ordinary_ids]
        return counts

    @property
    def used_tokens(self) -> int:
        return int(np.count_nonzero(self.token_counts))

    @property
    def used_share(self) -> float:
        return self.used_tokens / max(1, len(self.ordinary_ids))

    def top_tokens(self, most: int) -> list[tuple[str, int]]:
        """(token, count) of the most frequent ones."""
        counts = self.token_counts
        order = np.argsort(-counts, kind="stable")[:most]
        order = order[counts[order] > 0]
        tokens = [self.vocabulary.shown_tokens[i] for i in self.ordinary_ids[order].tolist()]
        return list(zip(tokens, counts[order].tolist(), strict=True))

    @property
    def surveyed(self) -> str:
        """Which rows the survey looked at, in words."""
        looked, rows = self.survey.rows, self.manifest.rows
        if looked == rows:
            return f"all {rows:,} rows" if rows > 1 else "the only row"
        return f"a sample of {looked:,} of the {rows:,} rows, spread over all shards"


def length_bins(lengths: NDArray[np.int64], most: int) -> list[Bin]:
    """Up to ``most`` bins of one width, the last one ending at L, for counts int64[L + 1]."""
    longest = len(lengths) - 1
    least = -(-longest // most)
    # A little wider, if all are equal then.
    equal = (width for width in range(least, 2 * least + 1) if longest % width == 0)
    width = next(equal, least)
    edges = range(0, longest, width)
    sums = np.add.reduceat(lengths[1:], list(edges)).tolist()
    return [
        Bin(edge + 1, min(edge + width, longest), count)
        for edge, count in zip(edges, sums, strict=True)
    ]
