"""What is left out is counted, and the first of each kind by file and place is kept to be shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.drops import Drops, DropSample, Samples, merge_samples

Drop = tuple[str, str, int, str]
drops_strategy = st.lists(
    st.tuples(
        st.sampled_from(["no_text", "bad_json"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 20),
        st.sampled_from(["", "x", "y"]),
    )
)


def noted(drops: list[Drop]) -> Drops:
    result = Drops()
    for drop in drops:
        result.add(*drop)
    return result


def first_three(drops: list[Drop], reason: str) -> list[tuple[str, int, str]]:
    return sorted({drop[1:] for drop in drops if drop[0] == reason})[:3]


@given(drops_strategy, st.integers(0, 20))
def test_samples_are_the_first_three_whatever_order_and_parts_they_come_in(
    drops: list[Drop], cut: int
) -> None:
    expected = {reason: first_three(drops, reason) for reason, *_ in drops}
    assert noted(drops).samples == noted(drops[::-1]).samples == expected
    merged: Samples = {}
    for part in (drops[cut:], drops[:cut]):
        merge_samples(merged, noted(part).samples)
    assert merged == expected
    assert noted(drops).counts.total() == len(drops)


def test_a_sample_is_the_beginning_of_a_text() -> None:
    drops = Drops()
    drops.add("no_text", "a", 0, "é" * 1000)
    drops.add("no_text", "a", 1, ("é" * 1000).encode())
    drops.add("no_text", "a", 2, b"a\xff" + "é".encode()[:1])
    assert drops.samples["no_text"] == [
        DropSample("a", 0, "é" * 200),
        DropSample("a", 1, "é" * 200),
        DropSample("a", 2, "a\ufffd\ufffd"),
    ]


def test_half_a_surrogate_pair_can_be_stored() -> None:
    drops = Drops()
    drops.add("no_text", "a", 0, "\ud83d!")
    assert drops.samples["no_text"] == [DropSample("a", 0, "?!")]


def test_nothing_but_a_writer_gets_the_whole_text() -> None:
    written: list[dict[str, object]] = []
    Drops(written.append).add("no_text", "a", 5, "x" * 1000)
    assert written == [{"reason": "no_text", "file": "a", "offset": 5, "text": "x" * 1000}]
