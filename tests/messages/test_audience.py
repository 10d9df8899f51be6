"""To a person: what is read once, where both streams are one place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pipelines.messages.audience import Spoken

SUMMARY = "rows         9\nwarning: odd"


def say_all() -> None:
    spoken = Spoken()
    spoken.warning("odd")
    spoken.result(SUMMARY)


def test_a_warning_is_in_a_log_of_both_streams_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log"
    with path.open("w") as out, os.fdopen(os.dup(out.fileno()), "w") as err:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        say_all()
    assert path.read_text() == "warning: odd\nrows         9\n"


def test_streams_that_go_apart_have_it_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "out").open("w") as out, (tmp_path / "err").open("w") as err:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        say_all()
    assert (tmp_path / "out").read_text() == f"{SUMMARY}\n"
    assert (tmp_path / "err").read_text() == "warning: odd\n"


def test_a_warning_that_was_not_said_before_is_in_the_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "log").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", out)
        Spoken().result("rows         9\nwarning: never said")
    assert (tmp_path / "log").read_text() == "rows         9\nwarning: never said\n"
