"""What ends a run from outside, and what it finds there: signals, full outputs, odd files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bertprep.errors import InputError
from bertprep.shards.folder import Shards
from bertprep.stores.folder import Folder
from tests.commands import SECONDS
from tests.conftest import Run
from tests.lanes import usual_of
from tests.made_folders import options, write_folder

SHARD = "shard-00000-of-00001.parquet"
COMMAND = [sys.executable, "-m", "pipelines.cli"]


@pytest.fixture
def text(tmp_path: Path, prose: list[str]) -> Path:
    path = tmp_path / "text.txt"
    path.write_text("\n\n".join(prose[:4]), encoding="utf-8")
    return path


def started(work: Path, *args: object, **more: object) -> subprocess.Popen[str]:
    """A run that has come to its work."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,  # type: ignore[call-overload]
    )
    give_up = time.monotonic() + SECONDS
    while not any((work / "progress").glob("*.json")):
        assert process.poll() is None and time.monotonic() < give_up
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("workers", usual_of([1, 2], [2]))
def test_the_end_of_a_terminal_is_told_as_any_other(
    letters_vocab: Path, long_text: Path, tmp_path: Path, workers: int
) -> None:
    """It goes to all processes of the terminal, workers included."""
    output = tmp_path / "new" / "out"
    command = (
        "shard",
        long_text,
        "--vocab",
        letters_vocab,
        "--output",
        output,
        "--workers",
        workers,
    )
    process = started(output / ".bertprep-work", *command, start_new_session=True)
    os.killpg(process.pid, signal.SIGHUP)
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 129
    assert err.splitlines()[-1].startswith("bertprep: error: terminated: the terminal hung up")


def test_nohup_is_heeded(vocab_dir: Path, prose: list[str], tmp_path: Path) -> None:
    output, text = tmp_path / "out", tmp_path / "text.txt"
    text.write_text("\n\n".join(prose[:40]), encoding="utf-8")
    options = ("--output", output, "--dupe-factor", 1, "--workers", 1)
    command = ("shard", text, "--vocab", vocab_dir, *options)

    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    process = started(output / ".bertprep-work", *command, preexec_fn=ignore)
    process.send_signal(signal.SIGHUP)
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, err


def test_nothing_is_left_outside_of_the_work_folder(
    vocab_dir: Path, long_text: Path, tmp_path: Path
) -> None:
    """Not even by a run that is killed without a chance to clean up."""
    output, temporary = tmp_path / "out", tmp_path / "temporary"
    temporary.mkdir()
    command = ("shard", long_text, "--vocab", vocab_dir, "--output", output, "--workers", 1)
    process = started(
        output / ".bertprep-work", *command, env={**os.environ, "TMPDIR": str(temporary)}
    )
    process.kill()
    process.communicate(timeout=SECONDS)
    assert list(temporary.iterdir()) == []


@pytest.fixture
def full() -> Iterator[object]:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as stream:
        yield stream


# All print their summaries by the same door.
@pytest.mark.parametrize(
    "kind",
    ["shard", *(pytest.param(k, marks=pytest.mark.exhaustive) for k in ("vocab", "prepare"))],
)
def test_a_run_that_nobody_hears_of_is_no_failure(
    vocab_dir: Path, text: Path, tmp_path: Path, full: object, kind: str
) -> None:
    output = tmp_path / "out"
    more = ("--vocab-size", 300) if kind == "vocab" else ("--vocab", vocab_dir)
    command = [*COMMAND, kind, text, "--output", output, "--workers", 1, *more]
    done = subprocess.run(list(map(str, command)), stdout=full, stderr=subprocess.PIPE, text=True)  # type: ignore[call-overload]
    assert done.returncode == 0
    assert "the output is complete, but its summary cannot be printed: No space" in done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    assert (output / "manifest.json").exists()


def test_a_run_whose_log_is_on_a_full_disk_goes_on(
    vocab_dir: Path, text: Path, tmp_path: Path, full: object
) -> None:
    output = tmp_path / "out"
    command = [*COMMAND, "shard", text, "--vocab", vocab_dir, "--output", output, "--workers", 1]
    done = subprocess.run(list(map(str, command)), stderr=full, stdout=subprocess.PIPE, text=True)  # type: ignore[call-overload]
    assert done.returncode == 0
    assert "documents" in done.stdout
    assert (output / "manifest.json").exists()
    options = ("--vocab-size", 300, "--workers", 1)
    command = [*COMMAND, "vocab", text, "--output", tmp_path / "none", *options]
    done = subprocess.run(list(map(str, command)), stderr=full, stdout=full)  # type: ignore[call-overload]
    assert done.returncode == 0
    assert (tmp_path / "none" / "manifest.json").exists()


@pytest.mark.parametrize("command", ["inspect", "verify"])
def test_what_only_prints_fails_if_it_cannot(tmp_path: Path, full: object, command: str) -> None:
    folder = write_folder(tmp_path / "shards", options(), [20])
    done = subprocess.run(
        [*COMMAND, command, str(folder)], stdout=full, stderr=subprocess.PIPE, text=True
    )  # type: ignore[call-overload]
    assert (done.returncode, done.stderr) == (1, "bertprep: error: No space left on device\n")


@pytest.mark.parametrize("name", [f"rows/{SHARD}", "vocab.txt", "manifest.json"])
def test_a_pipe_in_place_of_a_file_keeps_nobody_waiting(
    cli_in_process: Run, tmp_path: Path, name: str
) -> None:
    folder = write_folder(tmp_path / "shards", options(), [20])
    (folder / name).unlink()
    os.mkfifo(folder / name)
    for command in ("verify", "inspect"):
        done = cli_in_process(command, folder)
        assert done.returncode == 1
        assert "not a regular file" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    with pytest.raises(InputError):
        Shards(folder)
    with pytest.raises(InputError, match="not a regular file"):
        Folder(folder).read(name)


@pytest.mark.parametrize(
    "name", ["../outside.parquet", "/dev/zero", "a/../../x", "rows/../../x", "rows/"]
)
def test_no_reader_follows_a_name_out_of_the_folder(
    cli_in_process: Run, tmp_path: Path, name: str
) -> None:
    folder = write_folder(tmp_path / "shards", options(), [20])
    shutil.copy(folder / "rows" / SHARD, tmp_path / "outside.parquet")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f"rows/{SHARD}", name))
    for command in ("verify", "inspect"):
        done = cli_in_process(command, folder)
        assert done.returncode == 1
        assert "expected the name of a file in the folder" in done.stderr
    with pytest.raises(InputError, match="expected the name of a file in the folder"):
        Shards(folder)
