"""The local runner's worker processes: started, watched, and ended with the run.

Beam's own handler waits for ever for a process that died before it connected, and where one worker
fails the run waits until the others are done with all their elements.  Here the first failure or
death ends the run, and the end of the run ends the processes.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from apache_beam.portability import python_urns
from apache_beam.portability.api import endpoints_pb2
from apache_beam.runners.portability.fn_api_runner.worker_handlers import (
    GrpcWorkerHandler,
    WorkerHandler,
)
from google.protobuf import json_format, text_format  # type: ignore[import-untyped]

from bertprep.errors import BertprepError
from pipelines.runner import debug, worker_launch

_ABORT_SECONDS = 0.5
_END_SECONDS = 5.0  # from the end of a process's connections to its own, on a busy machine

# What ended a process before its time; the first death of a run tells why the run failed.
deaths: list[BertprepError] = []
_workers: list[WorkerProcess] = []


class WorkerProcess(GrpcWorkerHandler):  # type: ignore[misc]
    """Beam's handle of one worker process."""

    def __init__(self, command: bytes, state: Any, provision_info: Any, grpc_server: Any) -> None:
        super().__init__(state, provision_info, grpc_server)
        self._ended = False
        self._last_line = "it left no message"

    def start_worker(self) -> None:
        control = endpoints_pb2.ApiServiceDescriptor(url=self.control_address)
        options = self.provision_info.provision_info.pipeline_options
        settings = {
            "CONTROL_API_SERVICE_DESCRIPTOR": text_format.MessageToString(control),
            "PIPELINE_OPTIONS": json_format.MessageToJson(options),
            "WORKER_ID": self.worker_id,
        }
        self._process = worker_launch.take(settings)
        _workers.append(self)
        self.control_conn.push = self._push
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _push(self, request: Any) -> Any:
        """Sends a request; a bundle that fails is the end of what other workers are at, too."""
        future = type(self.control_conn).push(self.control_conn, request)
        if future is not None and request.WhichOneof("request") == "process_bundle":
            answer = future.set

            def answered(response: Any) -> None:
                answer(response)
                if response.error:
                    _fail_all(RuntimeError(response.error))

            future.set = answered
            if future.is_done():  # before it was looked at
                answered(future.get())
        return future

    def fail(self, error: Exception) -> None:
        """Ends the waiting for this worker: for its data, and for its answers."""
        self.data_conn._exception = error
        with suppress(RuntimeError):  # another thread sends a request
            self.control_conn.abort(error)

    def _listen(self) -> None:
        """Keeps the last line the process prints, for when it has no chance to tell otherwise.

        Beam prints a traceback for whatever goes wrong, and if it cannot, never answers: in a file
        there may be no room.
        """
        with self._process.stderr as stderr:
            for line in stderr:
                text = line.decode("utf-8", "replace").rstrip()
                self._last_line = text.strip() or self._last_line
                if debug.wanted():
                    print(f"worker {self._process.pid}: {text}", file=sys.stderr, flush=True)

    def _watch(self) -> None:
        code = self._process.exit_code()
        if self._ended or code is None:
            return
        deaths.append(self._death(code))
        first = deaths[0]  # another run in this process has deaths of its own
        _fail_all(first)
        while not self._ended:  # a request may still be on its way
            time.sleep(_ABORT_SECONDS)
            self.fail(first)

    def _death(self, code: int) -> BertprepError:
        if code < 0:
            cause = ", perhaps for want of memory: try fewer --workers" * (code == -signal.SIGKILL)
            return BertprepError(f"a worker process was killed by signal {-code}{cause}")
        self._listener.join(_ABORT_SECONDS)
        return BertprepError(f"a worker process ended with exit code {code}: {self._last_line}")

    def close(self) -> None:
        """All bundles are done, or the run failed: there is nothing to wait for.

        But where the connection is lost, the process has ended or soon will: that says why.
        """
        code = self._process.exit_code(seconds=_END_SECONDS if self.data_conn._closed else 0)
        if code is not None and not self._ended and not deaths:
            deaths.append(self._death(code))
        self._ended = True
        self.stop_worker()  # first: what Beam closes then may raise the failure of the run again
        super().close()

    def stop_worker(self) -> None:
        self._process.kill()
        self._process.exit_code()


def _fail_all(error: Exception) -> None:
    for worker in list(_workers):
        worker.fail(error)


def register() -> None:
    """Makes this the handler of all environments that are processes on this machine."""
    deaths.clear()
    _workers.clear()
    WorkerHandler.register_environment(python_urns.SUBPROCESS_SDK, bytes)(WorkerProcess)
