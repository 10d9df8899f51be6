"""Prism, Beam's own portable runner, and a pool of workers that have only what is staged."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BINARY = ROOT / ".engines" / "prism"
BOOT = Path(__file__).parent / "engines" / "boot.py"
_START_SECONDS = 120


class Engine:
    """A running Prism with its pool; ``options`` are Beam's to send a job there."""

    def __init__(self, endpoint: str, pool: str, folder: Path) -> None:
        self.options = (
            *("--runner", "PortableRunner", "--job_endpoint", endpoint),
            *("--environment_type", "EXTERNAL", "--environment_config", pool),
        )
        self.endpoint, self.folder = endpoint, folder

    def workers(self) -> set[int]:
        """The processes of workers that are alive."""
        marker = str(self.folder).encode()
        found = set()
        for process in Path("/proc").iterdir():
            if process.name.isdecimal():
                try:
                    command = (process / "cmdline").read_bytes()
                    ours = b"sdk_worker_main" in command and (
                        marker in (process / "environ").read_bytes()
                    )
                except OSError:
                    continue
                if ours:
                    found.add(int(process.name))
        return found

    def stopped(self) -> set[int]:
        """Those that stand still."""
        return {worker for worker in self.workers() if _state(worker) == "T"}


def _state(process: int) -> str:
    """One letter, as ps shows it; "X" if the process has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


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
    boot = folder / "boot"
    boot.write_text(f'#!/bin/sh\nexec {sys.executable} {BOOT} "$@"\n')
    boot.chmod(0o755)
    commands = [
        [str(BINARY), "-job_port", str(jobs), "-serve_http=false", "-log_level", "error"],
        [
            *(sys.executable, "-m", "apache_beam.runners.worker.worker_pool_main"),
            *(f"--service_port={pool}", f"--container_executable={boot}"),
        ],
    ]
    environment = {**os.environ, "TMPDIR": str(folder)}
    environment.pop("PYTHONPATH", None)
    with ExitStack() as stack:
        for command, port in zip(commands, (jobs, pool), strict=True):
            with (folder / f"{port}.log").open("wb") as log:
                process = subprocess.Popen(
                    command, cwd=folder, env=environment, stdout=log, stderr=log
                )
            stack.callback(ended, process)
            wait_for(port, process)
        yield Engine(f"localhost:{jobs}", f"localhost:{pool}", folder)


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
