"""Counts, bytes and seconds for people."""

from __future__ import annotations

import pytest

from bertprep.common.units import duration, plural, size


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_940, "999.9 kB"),
        (1_000_000, "1.0 MB"),
        (12_345_600_000, "12,345.6 MB"),
    ],
)
def test_sizes_are_for_people(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0:00"), (59.6, "1:00"), (61, "1:01"), (3_599, "59:59"), (3_661, "1:01:01")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 files"), (1, "1 file"), (1_234, "1,234 files")])
def test_a_count_has_its_noun(count: int, text: str) -> None:
    assert plural(count, "file") == text
