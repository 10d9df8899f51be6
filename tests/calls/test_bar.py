"""The bar is shown only where somebody sees it."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from bertprep.calls import bar as bars
from bertprep.calls.bar import Bar

STATE = {"stage": 1, "stages": 2, "doing": "reading", "share": 0.4, "left": 61.0}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: Any, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    bar = Bar(wanted)
    bar.show(STATE)
    bar.show(None)
    bar.show({**STATE, "stages": 1, "share": 1.0, "left": None})
    bar.close()
    return str(stream.getvalue())


def test_on_a_terminal_there_is_the_stage_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = shown(Terminal(), True, monkeypatch)
    assert "stage 1 of 2, reading" in text
    assert (
        "40%" in text and "1:01 left" in text and "99%" in text
    )  # what is shown is not yet the end


def test_elsewhere_or_unasked_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(io.StringIO(), True, monkeypatch) == ""
    assert shown(Terminal(), False, monkeypatch) == ""


def test_a_script_is_no_notebook() -> None:
    assert not bars.in_notebook()
