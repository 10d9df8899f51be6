"""The room that a run is said to take is the room that it takes."""

from __future__ import annotations

import os
import re
import shutil
import threading
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest

from bertprep.errors import OutputError
from pipelines.folders.disk_room import bytes_in
from pipelines.folders.work_names import WORK_FOLDER
from pipelines.folders.workspace import Workspace
from tests.conftest import Run
from tests.lanes import usual_of

UNITS = {"bytes": 1, "kB": 1e3, "MB": 1e6}
KINDS = {
    "usual": "",
    "tfrecord": "--output-format tfrecord",
    "labels in tfrecord": "--output-format tfrecord --layout huggingface",
    "lddl": "--layout lddl --num-shards 2",
    "one segment": "--layout bert4keras --task none",
    "packed": "--pack --output-format tfrecord --layout huggingface --max-seq-length 256",
}


class Peak(threading.Thread):
    """The most bytes that files below a folder had at a time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.most, self.over = folder, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.01):
            total = 0
            for parent, _, names in os.walk(self.folder):
                for name in names:
                    try:
                        total += os.path.getsize(os.path.join(parent, name))
                    except OSError:  # moved meanwhile
                        continue
            self.most = max(self.most, total)


# What short documents add to the rows is the same in all containers that have the same columns.
USUAL = [*(("prose", kind) for kind in KINDS), ("short", "usual"), ("short", "lddl")]


@pytest.mark.parametrize(("text", "kind"), usual_of(product(("prose", "short"), KINDS), USUAL))
def test_of_each_container_and_of_short_documents(
    cli_in_process: Run, prose: list[str], vocab_dir: Path, tmp_path: Path, kind: str, text: str
) -> None:
    path, output = tmp_path / "text.txt", tmp_path / "out"
    rule = "blank-line" if text == "prose" else "line"
    documents = [one.replace("\n\n", "\n") for one in prose[:45]]
    if text == "short":
        words = " ".join(prose).split()[:20_000]
        documents = [" ".join(words[i : i + 8 + i % 9]) for i in range(0, len(words), 12)]
    path.write_text(("\n\n" if text == "prose" else "\n").join(documents), encoding="utf-8")
    peak = Peak(output)
    peak.start()
    command = ("shard", path, "--vocab", vocab_dir, "--output", output, "--documents", rule)
    done = cli_in_process(*command, "--dupe-factor", 5, "--workers", 1, *KINDS[kind].split())
    peak.over.set()
    peak.join()
    assert done.returncode == 0, done.stderr
    said = re.findall(r"([\d.]+) (bytes|kB|MB) of ", done.stderr)
    estimate = sum(float(figure) * UNITS[unit] for figure, unit in said)
    assert 0.9 * peak.most < estimate < 1.5 * peak.most, (estimate, peak.most)


def test_what_is_written_lies_in_the_work_folder_until_it_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one disk it is there once, on two for a time in both."""
    work, output = tmp_path / "work", tmp_path / "out"
    free = {str(work): 0, str(output): 0}
    disks = {str(work): 1, str(output): 1}

    def usage(folder: str) -> SimpleNamespace:
        return SimpleNamespace(free=free[folder])

    real_stat = os.stat

    def stat(path: object, **more: object) -> object:
        found = real_stat(path, **more)  # type: ignore[arg-type]
        on = disks.get(str(path))
        return SimpleNamespace(st_dev=on, st_mode=found.st_mode) if on else found

    with Workspace(str(output), overwrite=False, work_dir=str(work)) as workspace:
        used = bytes_in(str(work / WORK_FOLDER))
        monkeypatch.setattr(shutil, "disk_usage", usage)
        monkeypatch.setattr(os, "stat", stat)
        for two, room, fits in (
            (False, (500, 0), True),
            (False, (499, 500), False),
            (True, (500, 200), True),
            (True, (500, 199), False),
            (True, (499, 500), False),
        ):
            disks[str(output)] = 2 if two else 1
            free[str(work)], free[str(output)] = room
            if fits:
                workspace.check_space(300 + used, 200)
            else:
                with pytest.raises(OutputError, match="free, and the run takes about"):
                    workspace.check_space(300 + used, 200)
        monkeypatch.undo()
