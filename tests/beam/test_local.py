"""Beam's in-process runner, in threads and in processes of ours: what a failure of a step says."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pytest

from bertprep.errors import BertprepError, InputError, VocabularyError
from tests.beam.broken_runs import FailBesideBusy, children_of, raised


class Raise(beam.DoFn):  # type: ignore[misc]
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def process(self, element: object) -> Iterator[None]:
        raise self._error


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (InputError("a.txt: line 1 is bad; mend it"), InputError, "a.txt: line 1 is bad; mend it"),
        (VocabularyError("no [CLS]"), VocabularyError, "no [CLS]"),
        (OSError(28, "No space left on device"), BertprepError, "[Errno 28] No space left on devi"),
        (KeyError("tokens"), BertprepError, 'a worker failed: KeyError: "tokens"'),
        (MemoryError(), BertprepError, "a worker failed: MemoryError"),
    ],
)
@pytest.mark.parametrize("how", [[], ["--direct_running_mode=multi_threading"]])
def test_an_error_of_a_step_is_told_in_one_line_without_beams_additions(
    error: Exception, kind: type, message: str, how: list[str]
) -> None:
    found = raised(Raise(error), 1, *how)
    assert type(found) is kind
    assert message in str(found)
    assert "while running" not in str(found)
    assert "\n" not in str(found)


@pytest.fixture(scope="module")
def importable() -> Iterator[None]:
    """Lets worker processes import this module's steps."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    yield
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


@pytest.fixture
def quiet_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command has it: Beam's threads may break off when the process they listen to ends."""
    monkeypatch.setattr(threading, "excepthook", lambda _: None)


@pytest.mark.usefixtures("importable", "quiet_threads")
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, "a worker process ended with exit code 3: the last words"),
        (InputError("a.txt is bad"), "a.txt is bad"),
    ],
)
def test_the_first_failure_ends_the_run_whatever_other_processes_are_at(
    tmp_path: Path, error: Exception | None, expected: str
) -> None:
    before = set(children_of(os.getpid()))  # as Python's resource tracker, of another test's pool
    assert str(raised(FailBesideBusy(tmp_path, error), 2)) == expected
    assert set(children_of(os.getpid())) <= before
    assert (tmp_path / "busy").exists()
    assert not (tmp_path / "done").exists()
