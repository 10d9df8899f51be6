from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.text.stretches import Stretches


def stretches_of(text: str) -> Stretches:
    return Stretches(np.array([letter == " " for letter in [*text, " "]]))


def after(text: str, place: int) -> int:
    found = re.compile(r"[^ ]").search(text, place)
    return found.start() if found else len(text)


def before(text: str, place: int) -> int:
    return len(text[:place].rstrip(" "))


@given(text=st.lists(st.sampled_from(["a", "b" * 90, " ", " " * 300])).map("".join))
def test_both_ends_are_those_of_a_search(text: str) -> None:
    places = np.arange(len(text) + 1)
    found = stretches_of(text)
    assert found.after(places).tolist() == [after(text, place) for place in places]
    assert found.before(places).tolist() == [before(text, place) for place in places]


@pytest.mark.parametrize("places", [[0], [5, 2000], list(range(100_000))])
def test_a_long_stretch_is_left_at_once(places: list[int]) -> None:
    found = stretches_of(" " * 100_000)
    asked = np.array(places)
    assert set(found.after(asked).tolist()) == {100_000}
    assert set(found.before(asked).tolist()) == {0}
