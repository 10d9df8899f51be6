"""How far a run is, and when it will be done."""

from __future__ import annotations

import pytest

from pipelines.messages.stages import Stage, current, describe, state_of

STAGES = [Stage("reading", "read", "bytes", 1000, 3.0), Stage("writing", "written", "rows", 0, 1.0)]


def test_the_last_stage_that_began_is_the_current_one() -> None:
    assert current(STAGES, {}) == 0
    assert current(STAGES, {"read": 5}) == 0
    assert current(STAGES, {"read": 5, "written": 1}) == 1


def test_the_share_is_that_of_the_time_the_stages_take() -> None:
    state = state_of(STAGES, {"read": 500}, elapsed=30.0, in_stage=10.0)
    assert (state.stage, state.done, state.total, state.rate) == (1, 500, 1000, 50)
    assert state.share == pytest.approx(1.5 / 4)
    assert state.left == pytest.approx(30 * 2.5 / 1.5)


def test_a_total_that_nobody_knows_is_the_count_of_the_stage_before() -> None:
    state = state_of(STAGES, {"read": 1000, "written": 400}, elapsed=30.0)
    assert (state.total, state.share, state.rate) == (1000, pytest.approx(3.4 / 4), 0)


def test_it_may_be_too_early_to_tell() -> None:
    assert state_of(STAGES, {"read": 10}, elapsed=30.0).left is None
    assert state_of(STAGES, {"read": 900}, elapsed=0.5).left is None


def test_a_count_beyond_its_total_is_no_more_than_all() -> None:
    state = state_of(STAGES, {"read": 9000}, elapsed=30.0)
    assert (state.done, state.share) == (1000, pytest.approx(0.75))


@pytest.mark.parametrize("columns", range(4, 90, 5))
def test_a_line_never_is_wider(columns: int) -> None:
    state = state_of(STAGES, {"read": 500}, elapsed=30.0, in_stage=10.0)
    line = describe(state, columns)
    assert 0 < len(line) <= columns
    assert "37%" in line
