"""Documents in parts, joined again, and contamination."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bertprep.cleaning.parts import LEAST_BYTES, Parts, Unit


@given(st.text("ab \n\t", max_size=40), st.sampled_from(["paragraphs", "lines"]))
def test_parts_joined_give_the_text(text: str, unit: Unit) -> None:
    assert Parts.of(text, unit).without(set()) == text.strip()


def test_what_is_left_out_goes_with_what_follows_it() -> None:
    text = "One.\nTwo.\n\nThree.\n \nFour."
    assert Parts.of(text, "lines").without({1}) == "One.\nThree.\n \nFour."
    assert Parts.of(text, "paragraphs").texts == ("One.\nTwo.", "Three.", "Four.")
    assert Parts.of(text, "paragraphs").without({0, 2}) == "Three."


def test_short_parts_are_not_told_by() -> None:
    long = "x" * LEAST_BYTES
    first, second = (dict(Parts.of(f"{lead}{long}\nYes.", "lines").digests()) for lead in (" ", ""))
    assert list(first) == [0]
    assert first == second
