"""A worker pool as Beam's, whose workers are forks of a process that has imported Beam.

Most of the seconds that a worker takes to start are these imports.  As behind the boot step of an
SDK container, a worker finds bertprep in the staged packages, and nowhere else.  That of a job
named ``stop-MOMENT-NUMBER`` stands still at that moment, as tests/beam/sabotage has it.

Started as ``python pool.py PORT FOLDER``.  A file of FOLDER for each worker, with the number of its
process for a name, holds when that was started, in the clock ticks of /proc.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import runpy
import signal
import socket
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
from apache_beam.portability.api import (
    beam_artifact_api_pb2,
    beam_artifact_api_pb2_grpc,
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
    beam_runner_api_pb2,
    endpoints_pb2,
)
from apache_beam.runners.worker import sdk_worker_main, worker_pool_main
from google.protobuf import json_format, text_format

SABOTAGE = Path(__file__).parents[1] / "sabotage" / "sitecustomize.py"
_OF_A_WORKER = ("pyarrow.compute", "pyarrow.parquet", "regex", "tokenizers", "google_crc32c")
_ENDPOINTS = ("logging", "artifact", "provision", "control")
_PACKET = 1 << 16  # bytes
_GRACE_SECONDS = 10.0  # between the two signals that end a worker, as Beam's pool has it


def main(port: int, folder: Path) -> None:
    for name in _OF_A_WORKER:
        import_module(name)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork():  # before there are threads
        theirs.close()
        _serve(port, ours)
    else:
        ours.close()
        if asked := _fork_for_each(theirs, folder):
            _work(asked)


def _serve(port: int, forks: socket.socket) -> None:
    """Beam's own pool, but for how a worker is started and ended."""
    workers: dict[str, int] = {}
    one_by_one = threading.Lock()

    class Pool(worker_pool_main.BeamFnExternalWorkerPoolServicer):  # type: ignore[misc]
        def StartWorker(self, request: Any, context: object) -> Any:  # noqa: N802
            asked = {name: getattr(request, f"{name}_endpoint").url for name in _ENDPOINTS}
            with one_by_one:
                forks.send(json.dumps({"worker": request.worker_id, **asked}).encode())
                workers[request.worker_id] = int(forks.recv(_PACKET))
            return worker_pool_main.beam_fn_api_pb2.StartWorkerResponse()

        def StopWorker(self, request: Any, context: object) -> Any:  # noqa: N802
            if worker := workers.pop(request.worker_id, None):
                _end(worker)
            return worker_pool_main.beam_fn_api_pb2.StopWorkerResponse()

    _, server = Pool.start(use_process=True, port=port)
    server.wait_for_termination()


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM)
        give_up = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < give_up:
            os.kill(process, 0)
            time.sleep(0.02)
        os.kill(process, signal.SIGKILL)


def _fork_for_each(requests: socket.socket, folder: Path) -> dict[str, str] | None:
    """Forks for each worker; in a fork it gives what was asked, else None once the pool is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    while packet := requests.recv(_PACKET):
        if (worker := os.fork()) == 0:
            requests.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asked: dict[str, str] = json.loads(packet)
            return asked
        stat = Path(f"/proc/{worker}/stat").read_text()
        (folder / f"{worker}.part").write_text(stat.rpartition(")")[2].split()[19])
        (folder / f"{worker}.part").rename(folder / str(worker))
        requests.send(str(worker).encode())
    return None


def _work(asked: dict[str, str]) -> None:
    """Becomes a worker that has what was staged."""
    who = [("worker_id", asked["worker"])]
    channel = grpc.insecure_channel(asked["provision"])
    request = beam_provision_api_pb2.GetProvisionInfoRequest()
    provision = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
    info = provision.GetProvisionInfo(request, metadata=who).info
    folder = tempfile.mkdtemp(prefix="worker-")
    staged = _retrieve(info.artifact_endpoint.url or asked["artifact"], info.dependencies, who)
    os.environ |= {
        "WORKER_ID": asked["worker"],
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "SEMI_PERSISTENT_DIRECTORY": folder,
        "LOGGING_API_SERVICE_DESCRIPTOR": _described(info.logging_endpoint.url or asked["logging"]),
        "CONTROL_API_SERVICE_DESCRIPTOR": _described(info.control_endpoint.url or asked["control"]),
    }
    os.chdir(folder)
    sys.path[:1] = staged
    name = json_format.MessageToDict(info.pipeline_options).get("beam:option:job_name:v1") or ""
    if stop := re.fullmatch(r"stop-(.+)-(\d+)", str(name)):
        os.environ["SABOTAGE"] = f"command {stop[1]} {stop[2]} stop"
        runpy.run_path(str(SABOTAGE))
    sdk_worker_main.main([])


def _retrieve(endpoint: str, dependencies: object, who: list[tuple[str, str]]) -> list[str]:
    """Lays out the staged wheels, each in a folder of its content; these folders."""
    service = beam_artifact_api_pb2_grpc.ArtifactRetrievalServiceStub(
        grpc.insecure_channel(endpoint)
    )
    asked = beam_artifact_api_pb2.ResolveArtifactsRequest(artifacts=dependencies)
    found = []
    for artifact in service.ResolveArtifacts(asked, metadata=who).replacements:
        payload = beam_runner_api_pb2.ArtifactStagingToRolePayload.FromString(artifact.role_payload)
        if payload.staged_name.endswith(".whl"):
            wanted = beam_artifact_api_pb2.GetArtifactRequest(artifact=artifact)
            parts = service.GetArtifact(wanted, metadata=who)
            found.append(_laid_out(b"".join(part.data for part in parts)))
    return found


def _laid_out(wheel: bytes) -> str:
    """A folder with what a wheel holds: one for all workers, as its modules are compiled there."""
    folder = Path(tempfile.gettempdir(), f"staged-{hashlib.sha256(wheel).hexdigest()}")
    if not folder.exists():
        new = tempfile.mkdtemp(prefix="new-")
        with zipfile.ZipFile(io.BytesIO(wheel)) as opened:
            opened.extractall(new)
        with suppress(OSError):  # another worker was quicker
            os.rename(new, folder)
    return str(folder)


def _described(url: str) -> str:
    return str(text_format.MessageToString(endpoints_pb2.ApiServiceDescriptor(url=url)))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
