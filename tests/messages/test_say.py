"""What jobs say goes to the voice that is in use."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.messages import audience
from pipelines.messages.say import say, show_result, tell, warn


class Heard:
    seconds = 1.0

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.calls.append((name, *args))


def test_each_by_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard()
    monkeypatch.setattr(audience, "_voice", heard)
    say("a")
    tell("b")
    warn(["c", "d"])
    show_result("e", {"rows": 1})
    assert heard.calls == [
        ("note", "a"),
        ("detail", "b"),
        ("warning", "c"),
        ("warning", "d"),
        ("result", "e", {"rows": 1}),
    ]
