"""The bar of a run: shown where somebody sees it, and gone from a notebook that is saved."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from bertprep.calls import bar as module
from bertprep.calls.bar import Bar

STATE = {"stage": 1, "stages": 3, "doing": "reading", "share": 0.25, "left": 61.0}


class Shown:
    """A place in a notebook, that keeps what it showed."""

    def __init__(self, first: Any) -> None:
        self.contents = [first]

    def update(self, content: Any, raw: bool) -> None:
        assert raw
        self.contents.append(content)


class Widget:
    """A bar as tqdm's of widgets is."""

    container, n = "widget", 0

    def __init__(self) -> None:
        self.said: list[str] = []

    def set_description(self, text: str, refresh: bool) -> None:
        self.said.append(text)

    def set_postfix_str(self, text: str, refresh: bool) -> None:
        self.said.append(text)

    def update(self, count: int) -> None:
        self.n += count

    def refresh(self) -> None: ...

    def close(self) -> None: ...


def test_a_saved_notebook_keeps_nothing_of_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    display = pytest.importorskip("IPython.display")
    places: list[Shown] = []

    def shown(first: Any, display_id: bool) -> Shown:
        assert display_id
        places.append(Shown(first))
        return places[-1]

    widget = Widget()
    monkeypatch.setattr(module, "in_notebook", lambda: True)
    monkeypatch.setattr(module, "_tqdm", lambda: widget)
    monkeypatch.setattr(display, "display", shown)
    bar = Bar(wanted=True)
    bar.show(STATE)
    bar.show({**STATE, "share": 0.5})
    assert (widget.said[:2], widget.n) == (["stage 1 of 3, reading", "1:01 left"], 50)
    bar.close()
    (place,) = places  # shown once, and empty in the end
    assert place.contents == ["widget", {"text/plain": ""}]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def said_on(stream: Any, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> str:
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
    text = said_on(Terminal(), True, monkeypatch)
    assert "stage 1 of 3, reading" in text
    assert (
        "25%" in text and "1:01 left" in text and "99%" in text
    )  # what is shown is not yet the end


def test_elsewhere_or_unasked_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_on(io.StringIO(), True, monkeypatch) == ""
    assert said_on(Terminal(), False, monkeypatch) == ""


def test_a_script_is_no_notebook() -> None:
    assert not module.in_notebook()
