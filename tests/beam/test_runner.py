"""The local runner as a user meets it: what its failures say, and how it ends when told to."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apache_beam as beam
import pytest

from bertprep.errors import BertprepError, InputError, VocabularyError
from pipelines.runner import launch, runner
from tests.commands import SECONDS, ended, run, start, without_notes

Run = Callable[..., "subprocess.CompletedProcess[str]"]

# What a failure says


class Raise(beam.DoFn):  # type: ignore[misc]
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def process(self, element: object) -> Iterator[None]:
        raise self._error


class FailBesideBusy(beam.DoFn):  # type: ignore[misc]
    """One worker process is busy for long; the other fails, or ends as a crash would end it."""

    def __init__(self, folder: Path, error: Exception | None) -> None:
        self._busy, self._done = folder / "busy", folder / "done"
        self._error = error

    def process(self, element: int) -> Iterator[None]:
        try:
            self._busy.mkdir()
        except FileExistsError:
            if self._error:
                raise self._error from None
            print("the last words\n", file=sys.stderr, flush=True)
            os._exit(3)
        time.sleep(30)
        self._done.touch()
        yield None


def raised(step: beam.DoFn, workers: int, *beam_args: str) -> BertprepError:
    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create(range(20)) | beam.Reshuffle() | "Step" >> beam.ParDo(step)

    with pytest.raises(BertprepError) as error:
        runner.run(build, beam_args, workers, tempfile.gettempdir())
    return error.value


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


def test_pipelines_that_are_not_run_leave_no_temporary_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(_: beam.Pipeline) -> None:
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    runner.check(["--direct_num_workers=2"])
    with pytest.raises(KeyboardInterrupt):
        runner.run(build, [], 1, str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ahead", [0, 2])
def test_worker_processes_that_cannot_start_end_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ahead: int
) -> None:
    # Beam would wait for them for ever.
    monkeypatch.setattr(launch.sys, "executable", shutil.which("false"))
    runner.start_workers([], ahead)
    expected = "a worker process ended with exit code 1: it left no message"
    assert str(raised(FailBesideBusy(tmp_path, None), 2)) == expected


# How it ends when told to


@pytest.fixture(scope="module")
def long_text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough to keep two processes busy for some seconds."""
    path = tmp_path_factory.mktemp("long") / "long.txt"
    path.write_text("\n\n".join(prose * 4), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def short_text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough for a run whose end is all that matters."""
    path = tmp_path_factory.mktemp("short") / "short.txt"
    path.write_text("\n\n".join(prose[:6]), encoding="utf-8")
    return path


def workers_of(command: subprocess.Popen[str]) -> list[int]:
    """The running worker processes, its forks, of a command, also when it is gone itself."""
    line = "".join(f"{argument}\0" for argument in command.args).encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            running = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if running == line and int(folder.name) != command.pid:
            found.append(int(folder.name))
    return found


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """A wait that no test should come near the end of."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def running(
    text: Path, vocabulary: Path, output: Path, workers: int, *more: str
) -> Iterator[subprocess.Popen[str]]:
    """A run that is at work, in a process group of its own as in a terminal."""
    options = ["--vocab", vocabulary, "--output", output, "--workers", workers, *more]
    command = start(
        [sys.executable, "-m", "pipelines.cli", "shard", text, *options], start_new_session=True
    )
    try:
        notes = output / ".bertprep-work" / "progress"
        wait_until(lambda: any(notes.glob("*.json")) or command.poll() is not None)
        assert command.poll() is None, command.communicate()
        assert len(workers_of(command)) == (workers if workers > 1 else 0)
        yield command
    finally:
        for process in [*workers_of(command), command.pid]:
            if command.poll() is None or process != command.pid:
                os.kill(process, signal.SIGKILL)
        command.communicate()


def last_lines(command: subprocess.Popen[str]) -> list[str]:
    """What the command says, once it has ended, but for what it reads and warns of."""
    done = ended(command)
    assert done.stdout == ""
    return without_notes(done.stderr)


RESUME = "; the same command with --resume goes on from what is done"


def check_what_is_left(output: Path, line: str) -> None:
    """Only the work folder, and that only if the user was told how to go on from it."""
    left = [path.name for path in output.iterdir()] if output.exists() else []
    assert left == ([".bertprep-work"] if line.endswith(RESUME) else [])


needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")


@needs_proc
def test_ctrl_c_ends_all_with_one_line_and_leaves_nothing_final(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    with running(long_text, letters_vocab, tmp_path / "new" / "out", 2) as command:
        for process in workers_of(command):
            ignored = re.search(r"SigIgn:\t(\w+)", Path(f"/proc/{process}/status").read_text())
            assert ignored and int(ignored[1], 16) & 1 << signal.SIGINT - 1
        # An impatient user does not leave a mess either.
        for _ in range(20):
            os.killpg(command.pid, signal.SIGINT)
            time.sleep(0.01)
        (line,) = last_lines(command)
        assert line.removesuffix(RESUME) == "bertprep: error: interrupted"
        assert command.returncode == 130
        assert workers_of(command) == []
    check_what_is_left(tmp_path / "new" / "out", line)


INTERRUPTED_FORK = """
import os, signal
moment = {moment!r}
os.register_at_fork(**{{moment: lambda: os.kill(os.getpid(), signal.SIGINT)}})
from pipelines.cli import main
main()
"""


@needs_proc
@pytest.mark.parametrize(
    ("moment", "code", "message"),
    [
        ("before", 130, "interrupted"),
        ("after_in_parent", 130, "interrupted"),
        ("after_in_child", 1, "a worker process ended with exit code 1: it left no message"),
    ],
)
def test_ctrl_c_is_not_lost_while_workers_are_forked(
    short_text: Path, letters_vocab: Path, tmp_path: Path, moment: str, code: int, message: str
) -> None:
    program = INTERRUPTED_FORK.format(moment=moment)
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, "-c", program, *map(str, arguments), "--workers", "2"]
    done = run(command)
    assert done.returncode == code, done.stderr
    (line,) = without_notes(done.stderr)
    assert line.removesuffix(RESUME) == f"bertprep: error: {message}"


BESIDE_THREADS = """
import threading, time
threading.Thread(target=time.sleep, args=(2,)).start()
from pipelines.cli import main
main()
"""


def test_a_program_with_threads_need_not_guard_its_call_of_main(
    short_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(BESIDE_THREADS)
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, program, *map(str, arguments), "--workers", "2"]
    done = run(command)
    assert done.returncode == 0, done.stderr
    assert without_notes(done.stderr) == []


def test_ctrl_c_before_spawned_workers_are_at_work_is_one_line(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    arguments = ["shard", long_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = start(
        [sys.executable, "-m", "pipelines.cli", *arguments, "--direct_num_workers=2"],
        start_new_session=True,
    )
    wait_until(lambda: children_of(command.pid))
    os.killpg(command.pid, signal.SIGINT)
    (line,) = last_lines(command)
    assert line.removesuffix(RESUME) == "bertprep: error: interrupted"
    assert command.returncode == 130


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@needs_proc
def test_a_request_to_terminate_ends_it_as_well(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    # In one process, in the midst of a step, which Beam would take for a failure of the step.
    with running(long_text, letters_vocab, tmp_path / "out", 1) as command:
        command.terminate()
        (line,) = last_lines(command)
        assert line.removesuffix(RESUME) == "bertprep: error: terminated"
        assert command.returncode == 143
    check_what_is_left(tmp_path / "out", line)


@needs_proc
def test_a_killed_worker_process_ends_the_run(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    with running(long_text, letters_vocab, tmp_path / "out", 2) as command:
        os.kill(workers_of(command)[0], signal.SIGKILL)
        (line,) = last_lines(command)
        assert line.startswith("bertprep: error: a worker process was killed by signal 9, perhaps")
        assert command.returncode == 1
        assert workers_of(command) == []
    check_what_is_left(tmp_path / "out", line)


@pytest.mark.parametrize("closed", [(0, 1), (2,), (0, 1, 2)])
def test_closed_standard_streams_are_no_places_for_other_files(
    short_text: Path, letters_vocab: Path, tmp_path: Path, closed: tuple[int, ...]
) -> None:
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments), "--workers", "2"]
    shell = ["sh", "-c", '"$@" ' + " ".join(f"{n}>&-" for n in closed), "sh"]
    done = run([*shell, *command])
    assert done.returncode == 0, done.stderr


UNTOLD_START = """
import signal, sys
from pipelines.cli import main
sys.executable = "{executable}"
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
main()
"""


def test_a_worker_process_is_missed_where_the_ends_of_processes_are_ignored(
    short_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    program = UNTOLD_START.format(executable=shutil.which("false"))
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, "-c", program, *map(str, arguments), "--direct_num_workers=2"]
    done = run(command)
    assert done.returncode == 1
    assert "a worker process ended with exit code 1: it left no message" in done.stderr


STARTED_IN_VAIN = """
from pipelines.runner import launch
from pipelines.runner import runner
runner.start_workers(["--runner=FlinkRunner"], 2)
runner.start_workers([], None)
runner.start_workers([], 1)
assert launch._waiting == []
runner.start_workers([], 2)
print(*[process.pid for process in launch._waiting], flush=True)
"""


@needs_proc
def test_worker_processes_started_ahead_end_with_a_run_that_does_not_begin() -> None:
    done = subprocess.run([sys.executable, "-c", STARTED_IN_VAIN], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 2
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in done.stdout.split()))


@needs_proc
def test_worker_processes_do_not_outlive_a_killed_command(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    with running(long_text, letters_vocab, tmp_path / "out", 2) as command:
        command.kill()
        wait_until(lambda: not workers_of(command))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".bertprep-work"]


@needs_proc
def test_a_killed_command_is_resumed_once_its_workers_are_gone_too(
    bertprep: Run, long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    few = ("--dupe-factor", "1")
    options = ["--vocab", letters_vocab, "--workers", 1, "--output", output, "--resume", *few]
    with running(long_text, letters_vocab, output, 2, *few) as command:
        workers = workers_of(command)
        for process in workers:
            os.kill(process, signal.SIGSTOP)
        command.kill()
        refused = bertprep("shard", long_text, *options)
        for process in workers:
            os.kill(process, signal.SIGCONT)
        done = bertprep("shard", long_text, *options)
    assert f"another run is writing to {output}" in refused.stderr
    assert done.returncode == 0, done.stderr
