"""A process that has imported Beam and our pipelines, and forks for each run of the command.

Most of the second that a run takes to start are these imports; in a fork of this process they are
done.  Only where a ``sitecustomize`` is on its path, as tests use to harm a run, does a fork import
our pipelines for itself: they are changed as they would be in a process started anew.

Started as ``python -m tests.warm FD``, with one end of a socket pair of packets; it ends when the
other one is closed.  A packet is a run: JSON, and what are to be its standard output and error.
Two come back: the number of the process, and how it ended.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from bertprep.common.process_end import leaving_at_once
from tests.quick_beam import quicken

if TYPE_CHECKING:
    from pipelines.steps.sizes import RunSizes

_ROOT = Path(__file__).parents[1]
_PACKET = 1 << 18  # bytes
_OF_A_RUN = (
    "apache_beam.runners.portability.fn_api_runner.fn_runner",
    "apache_beam.runners.portability.portable_runner",
    "apache_beam.runners.worker.sdk_worker_main",
    "click",
)
_TRAINERS = ("torch", "tensorflow")
_STACKS = Path(__file__).with_name("stacks") / "sitecustomize.py"  # changes nothing of ours


class WarmStarts:
    """The other side: runs the command in forks of a process like that."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.warm", str(theirs.fileno())]
        path = os.pathsep.join([str(_ROOT), *sys.path])
        environment = {**os.environ, "PYTHONPATH": path}
        self._process = subprocess.Popen(
            command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        self._last: WarmRun | None = None
        atexit.register(self._end)

    def _end(self) -> None:
        self._socket.close()
        self._process.wait()

    def begin(
        self, args: list[str], env: Mapping[str, str], sizes: RunSizes | None = None
    ) -> WarmRun:
        """Begins to run ``bertprep`` with these arguments, in the current folder.

        One at a time: what is still left of the one before is ended.
        """
        if self._last:
            self._last.kill()
            self._last.wait()
        out, err = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115 - the run's
        request = {"args": args, "env": dict(env), "cwd": os.getcwd()}
        request["sizes"] = json.dumps(asdict(sizes)) if sizes else ""
        streams = [out.fileno(), err.fileno()]
        socket.send_fds(self._socket, [json.dumps(request).encode()], streams)
        self._last = WarmRun(args, self._reply(None), self._reply, (out, err))
        return self._last

    def _reply(self, seconds: float | None) -> int:
        self._socket.settimeout(seconds)
        if not (reply := self._socket.recv(64)):
            raise RuntimeError(f"tests.warm has ended: {self._process.wait()}")
        return int(reply)


class WarmRun:
    """A run that has begun; as subprocess.Popen, as far as tests need it."""

    def __init__(
        self,
        args: list[str],
        pid: int,
        reply: Callable[[float | None], int],
        streams: tuple[IO[bytes], IO[bytes]],
    ) -> None:
        self.args, self.pid = ["bertprep", *args], pid
        self.returncode: int | None = None
        self._reply, self._streams = reply, streams

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            try:
                self.returncode = self._reply(timeout)
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        self.wait(timeout)
        shown = []
        for stream in self._streams:
            stream.seek(0)
            shown.append(stream.read().decode("utf-8", "backslashreplace"))
            stream.close()
        return shown[0], shown[1]

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _import_all() -> None:
    """Imports what a run does, and makes the tables that it looks at."""
    for name in _OF_A_RUN:
        import_module(name)
    with suppress(ImportError):  # Beam looks whether it runs in it
        import_module("IPython")
    for package in ("bertprep", "pipelines"):
        for room in pkgutil.walk_packages([str(_ROOT / package)], f"{package}."):
            last = room.name.rpartition(".")[2]
            if not last.startswith((*_TRAINERS, "__main__")):
                import_module(room.name)
    import_module("bertprep.text.segment").Segmenter()("Mr. Smith left. He did!")
    quicken()
    gc.collect()
    gc.freeze()


def _serve(commands: socket.socket) -> dict[str, Any] | None:
    """Forks for each request; in a fork it gives the request, else None at the end of all."""
    while True:
        packet, streams, _, _ = socket.recv_fds(commands, _PACKET, 2)
        if not packet:
            return None
        if (pid := os.fork()) == 0:
            commands.close()
            for target, stream in enumerate(streams, 1):
                os.dup2(stream, target)
                os.close(stream)
            request: dict[str, Any] = json.loads(packet)
            return request
        for stream in streams:
            os.close(stream)
        commands.send(str(pid).encode())
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        commands.send(str(code).encode())


def _become(args: list[str], env: dict[str, str], cwd: str) -> None:
    """Makes of a fork what Python makes of a process, as far as a test can see."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["bertprep", *args]
    folders = [folder for folder in env.get("PYTHONPATH", "").split(os.pathsep) if folder]
    customs = (Path(folder) / "sitecustomize.py" for folder in folders)
    if custom := next((path for path in customs if path.exists()), None):
        if custom != _STACKS:
            _forget("pipelines")
        runpy.run_path(str(custom))


def _forget(package: str) -> None:
    """Has the modules of a package imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def main() -> None:
    commands = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests' own end is ours
    with leaving_at_once():
        _import_all()
        if request := _serve(commands):
            sizes = request.pop("sizes")
            _become(**request)
            from pipelines import cli
            from tests.sized import of_text

            cli.main(of_text(sizes) if sizes else None)


if __name__ == "__main__":
    main()
