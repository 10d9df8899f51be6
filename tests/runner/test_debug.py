"""--debug, and the variable of the same meaning."""

from __future__ import annotations

import pytest

from pipelines.runner import debug


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("1", True), ("yes", True), ("", False), ("0", False), ("False", False), ("off", False)],
)
def test_the_variable_says_yes_or_no(
    monkeypatch: pytest.MonkeyPatch, value: str, wanted: bool
) -> None:
    monkeypatch.setenv(debug.VARIABLE, value)
    with debug.as_asked(["shard", "a.txt"]):
        assert debug.wanted() == wanted


def test_the_flag_holds_for_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(debug.VARIABLE, raising=False)
    with debug.as_asked(["shard", "--debug", "a.txt"]):
        assert debug.wanted()
    assert not debug.wanted()


def test_after_two_dashes_it_is_an_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(debug.VARIABLE, raising=False)
    with debug.as_asked(["shard", "--", "--debug"]):
        assert not debug.wanted()
