"""Prism, Beam's own portable runner, and a pool of workers that have only what is staged."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.commands import SECONDS

ROOT = Path(__file__).parents[2]
BINARY = ROOT / ".engines" / "prism"
POOL = Path(__file__).parent / "engines" / "pool.py"
_START_SECONDS = 120
# Who has spent so little of the processor in so long a time has nothing more to do.
_IDLE_SECONDS, _IDLE_SPENT = 5.0, 0.1


class Engine:
    """A running Prism with its pool; ``options`` are Beam's to send a job there."""

    def __init__(self, endpoint: str, pool: str, folder: Path, prism: int) -> None:
        self.options = (
            *("--runner", "PortableRunner", "--job_endpoint", endpoint),
            *("--environment_type", "EXTERNAL", "--environment_config", pool),
        )
        self.endpoint, self._workers, self._prism = endpoint, folder / "workers", prism

    def workers(self) -> set[int]:
        """The processes of workers that are alive."""
        noted = [path for path in self._workers.iterdir() if path.name.isdecimal()]
        return {int(path.name) for path in noted if _started(int(path.name)) == path.read_text()}

    def stopped(self) -> set[int]:
        """Those that stand still."""
        return {worker for worker in self.workers() if _state(worker) == "T"}

    def let_end(self, workers: set[int]) -> None:
        """Waits until these have ended, or have nothing more to do, and ends who is left.

        Prism does not always tell a worker that its job is gone, which then waits for ever.
        """
        give_up = time.monotonic() + SECONDS
        idle_since, spent = time.monotonic(), 0.0
        while alive := self.workers() & workers:
            now, spent_now = time.monotonic(), _spent({*alive, self._prism})
            assert now < give_up, f"workers that were left over still work: {alive}"
            if abs(spent_now - spent) > _IDLE_SPENT:
                idle_since, spent = now, spent_now
            send(signal.SIGCONT, {worker for worker in alive if _state(worker) == "T"})
            if now - idle_since > _IDLE_SECONDS and _all_wait({*alive, self._prism}):
                send(signal.SIGKILL, alive)
            time.sleep(0.05)


def send(number: int, processes: set[int]) -> None:
    """Sends a signal to those that are still there."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _all_wait(processes: set[int]) -> bool:
    """Whether no thread of theirs could go on: on a busy machine one may have to wait."""
    states = set()
    for process in processes:
        with suppress(OSError):  # it has ended
            for thread in Path(f"/proc/{process}/task").glob("*/stat"):
                states.add(thread.read_text().rpartition(")")[2].split()[0])
    return states <= {"S", "I"}


def _spent(processes: set[int]) -> float:
    """Seconds of the processor that they have spent together."""
    found = (_stat(process) for process in processes)
    ticks = sum(int(fields[11]) + int(fields[12]) for fields in found if fields)
    return ticks / os.sysconf("SC_CLK_TCK")


def _started(process: int) -> str | None:
    """When it was started, in clock ticks; None if it has ended."""
    return fields[19] if (fields := _stat(process)) and fields[0] not in "ZX" else None


def _state(process: int) -> str:
    """One letter, as ps shows it; "X" if the process has ended."""
    return fields[0] if (fields := _stat(process)) else "X"


def _stat(process: int) -> list[str]:
    """The fields of /proc on a process behind its name; none if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return []


def skip_without_prism() -> None:
    """Skips a test where Prism is not; where it has to be, that is a failure."""
    if BINARY.exists():
        return
    why = f"{BINARY} is not there: `make engines` installs it where Go is"
    if os.environ.get("REQUIRE_PRISM"):
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """Prism and a pool, in a folder of their own, until the end."""
    jobs, pool = free_port(), free_port()
    (folder / "workers").mkdir()
    commands = [
        [str(BINARY), "-job_port", str(jobs), "-serve_http=false", "-log_level", "error"],
        [sys.executable, str(POOL), str(pool), str(folder / "workers")],
    ]
    environment = {**os.environ, "TMPDIR": str(folder)}
    environment.pop("PYTHONPATH", None)
    processes = []
    with ExitStack() as stack:
        for command, port in zip(commands, (jobs, pool), strict=True):
            with (folder / f"{port}.log").open("wb") as log:
                process = subprocess.Popen(
                    command, cwd=folder, env=environment, stdout=log, stderr=log
                )
            processes.append(process)
            stack.callback(ended, process)
            wait_for(port, process)
        yield Engine(f"localhost:{jobs}", f"localhost:{pool}", folder, processes[0].pid)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("localhost", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"nothing listens at port {port}: {process.args}")


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
