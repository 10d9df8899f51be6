"""What a part is called, and which names are those of parts."""

from __future__ import annotations

import re

import pytest

from bertprep.common.part_names import part_name, part_pattern


@pytest.mark.parametrize(("number", "count"), [(0, 1), (15, 16), (99_999, 100_000), (7, 1_234_567)])
def test_names_are_matched(number: int, count: int) -> None:
    assert re.fullmatch(part_pattern("text"), part_name("text", number, count))


@pytest.mark.parametrize("name", ["text-0-of-1", "shard-00000-of-00001", "text-00000-of-00001.x"])
def test_others_are_not(name: str) -> None:
    assert not re.fullmatch(part_pattern("text"), name)
