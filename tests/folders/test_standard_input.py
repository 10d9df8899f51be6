"""INPUT - is a file while it is read."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bertprep.errors import InputError, UsageError
from pipelines.folders.standard_input import spooled


def given(monkeypatch: pytest.MonkeyPatch, data: bytes, terminal: bool = False) -> None:
    stdin: Any = SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: terminal)
    monkeypatch.setattr("sys.stdin", stdin)


def test_it_is_a_file_beside_the_output_and_gone_in_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    times = []
    for _ in range(2):
        given(monkeypatch, b"Some text.\n" * 300_000)
        with spooled(["a", "-"], str(tmp_path / "not" / "yet"), None) as paths:
            assert paths[0] == "a"
            path = Path(paths[1])
            assert path.name == "stdin" and path.parent.parent == tmp_path
            assert path.read_bytes() == b"Some text.\n" * 300_000
            times.append(os.stat(path).st_mtime)
        assert list(tmp_path.iterdir()) == []
    assert times[0] == times[1] < 10**9  # the same input, to a run that is resumed


def test_others_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, b"")
    with spooled(["a", "./-"], "out", None) as paths:
        assert paths == ["a", "./-"]


def test_a_terminal_is_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, b"", terminal=True)
    with pytest.raises(UsageError, match="is a terminal; pipe text"), spooled(["-"], "out", None):
        pass


def test_nothing_on_standard_input_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, b"")
    with (
        pytest.raises(InputError, match=r"^standard input is empty"),
        spooled(["-"], str(tmp_path / "out"), None),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_errors_name_standard_input_not_its_copy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given(monkeypatch, b"text")
    with (
        pytest.raises(InputError, match=r"^standard input is odd$"),
        spooled(["-"], str(tmp_path / "out"), None) as (path,),
    ):
        raise InputError(f"{path} is odd")
