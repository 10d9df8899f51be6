"""The bar of a run in a notebook: what is left of it when the notebook is saved."""

from __future__ import annotations

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


def test_nothing_is_shown_where_nobody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_is_terminal", lambda: False)
    monkeypatch.setattr(module, "_tqdm", lambda: pytest.fail("a bar was made"))
    bar = Bar(wanted=True)
    bar.show(STATE)
    bar.close()
