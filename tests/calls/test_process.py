"""What a command says, line by line."""

from __future__ import annotations

import json
import logging

import pytest

from bertprep.calls.process import MARK, Heard
from bertprep.errors import BertprepError, InputError
from pipelines.messages.audience import MARK as SAID


def told(*events: object) -> Heard:
    heard = Heard(False)
    for event in events:
        text = event if isinstance(event, str) else MARK + json.dumps(event)
        heard.line(f"{text}\n")
    return heard


def test_both_sides_know_one_mark() -> None:
    assert MARK == SAID


def test_messages_go_to_the_log_by_what_they_are(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "bertprep"):
        heard = told(
            {"note": "a"}, {"detail": "b"}, {"warning": "c"}, {"result": "d", "figures": {"n": 1}}
        )
    assert [(r.levelname, r.message) for r in caplog.records] == [
        ("INFO", "a"),
        ("DEBUG", "b"),
        ("WARNING", "c"),
    ]
    assert (heard.results, heard.figures) == (["d"], {"n": 1})


def test_an_error_is_of_the_class_that_the_command_names() -> None:
    found = told({"error": "no text", "kind": "InputError"}).failure(1)
    assert (type(found), str(found)) == (InputError, "no text")


def test_a_command_that_died_is_told_by_its_last_words() -> None:
    found = told("one", "two").failure(-9)
    assert isinstance(found, BertprepError)
    assert "two" in str(found)
