"""Which stages a job has, and in what proportion they take time."""

from __future__ import annotations

import pytest

from bertprep.options import CleanOptions, ReadOptions
from pipelines.jobs.stages import clean_stages, learning_seconds, vocab_stages


def names(read: ReadOptions) -> list[str]:
    return [stage.doing for stage in vocab_stages(1e6, read)]


def test_what_comes_before_counting_is_what_was_asked_for() -> None:
    assert names(ReadOptions()) == ["counting words"]
    assert names(ReadOptions(weight=("a=2", "b=1"))) == ["measuring", "counting words"]
    compared = ReadOptions(clean=CleanOptions(duplicates="documents"))
    assert names(compared) == ["sifting", "counting words"]


def test_time_is_in_proportion_to_the_text() -> None:
    (small,), (large,) = clean_stages(1e6), clean_stages(3e6)
    assert large.seconds == pytest.approx(3 * small.seconds)
    assert (large.total, large.unit) == (3e6, "bytes")
    assert learning_seconds(8000) == pytest.approx(2 * learning_seconds(4000))
