"""A folder that is taken away while another run waits for it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from bertprep.errors import InputError, OutputError
from pipelines.folders import lock
from pipelines.folders.patience import Patience
from pipelines.folders.work_names import WORK_FOLDER
from pipelines.folders.workspace import Workspace
from tests.commands import SECONDS


def test_a_run_that_fails_takes_away_the_folder_another_waits_for(tmp_path: Path) -> None:
    output = tmp_path / "new" / "out"
    opened = threading.Event()
    failed = threading.Event()

    def waits() -> None:
        with Workspace(str(output), overwrite=False) as workspace:
            workspace.identify({"seed": 2})
            held.append(os.path.samestat(os.stat(output), os.fstat(descriptors[-1])))
            workspace.commit([], {"vocab.txt": b"2", "manifest.json": b"{}"})

    descriptors: list[int] = []
    held: list[bool] = []
    real_open = os.open

    def seen_open(path: object, *args: object, **more: object) -> int:
        descriptor = real_open(path, *args, **more)  # type: ignore[arg-type]
        if path == str(output) and threading.current_thread() is waiting:
            descriptors.append(descriptor)
            opened.set()
        return descriptor

    waiting = threading.Thread(target=waits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", seen_open)
        with pytest.raises(InputError), Workspace(str(output), overwrite=False) as first:
            first.identify({"seed": 1})
            waiting.start()
            assert opened.wait(SECONDS)
            time.sleep(0.1)
            raise InputError("no")
        failed.set()
        waiting.join(SECONDS)
    assert held == [True] and len(descriptors) == 2
    assert {path.name for path in output.iterdir()} == {"vocab.txt", "manifest.json"}


def test_a_run_that_is_refused_takes_nothing_away(tmp_path: Path) -> None:
    output = tmp_path / "out"
    first = lock.hold(str(tmp_path))
    with Workspace(str(output), overwrite=False), pytest.raises(OutputError, match="another run"):
        Workspace(str(output), overwrite=False, patience=Patience(lock=0)).__enter__()
    assert first is not None
    os.close(first)


def test_the_lock_is_of_the_folder_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    real_lock = lock._lock

    def taken_away(descriptor: int, patience_seconds: float) -> bool:
        folder.rmdir()
        folder.mkdir()
        return real_lock(descriptor, patience_seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lock, "_lock", taken_away)
        with pytest.raises(FileNotFoundError):
            lock.hold(str(folder))
    again = lock.hold(str(folder))
    assert again is not None
    os.close(again)
    assert not (folder / WORK_FOLDER).exists()
