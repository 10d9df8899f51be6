"""The boot step of an SDK container without a container: a worker with what was staged, no more.

A worker pool of Beam's starts it.  It takes the staged packages, lays them out in a folder of their
own, and becomes a worker that finds bertprep there, and nowhere else.  That of a job named
``stop-MOMENT-NUMBER`` stands still at that moment, as tests/beam/sabotage has it.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import zipfile

import grpc
from apache_beam.portability.api import (
    beam_artifact_api_pb2,
    beam_artifact_api_pb2_grpc,
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
    beam_runner_api_pb2,
    endpoints_pb2,
)
from google.protobuf import json_format, text_format

SABOTAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sabotage")


def main() -> None:
    parser = argparse.ArgumentParser()
    for flag in ("id", "logging", "artifact", "provision", "control"):
        parser.add_argument(f"--{flag}" if flag == "id" else f"--{flag}_endpoint")
    args = parser.parse_args()
    who = [("worker_id", args.id)]
    channel = grpc.insecure_channel(args.provision_endpoint)
    request = beam_provision_api_pb2.GetProvisionInfoRequest()
    provision = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
    info = provision.GetProvisionInfo(request, metadata=who).info
    folder = tempfile.mkdtemp(prefix="worker-")
    retrieve(info.artifact_endpoint.url or args.artifact_endpoint, info.dependencies, folder, who)
    environment = {
        **os.environ,
        "PYTHONPATH": folder,
        "WORKER_ID": args.id,
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "SEMI_PERSISTENT_DIRECTORY": folder,
        "LOGGING_API_SERVICE_DESCRIPTOR": described(
            info.logging_endpoint.url or args.logging_endpoint
        ),
        "CONTROL_API_SERVICE_DESCRIPTOR": described(
            info.control_endpoint.url or args.control_endpoint
        ),
    }
    name = json_format.MessageToDict(info.pipeline_options).get("beam:option:job_name:v1") or ""
    if stop := re.fullmatch(r"stop-(.+)-(\d+)", str(name)):
        environment["PYTHONPATH"] += os.pathsep + SABOTAGE
        environment["SABOTAGE"] = f"command {stop[1]} {stop[2]} stop"
    command = [sys.executable, "-m", "apache_beam.runners.worker.sdk_worker_main"]
    os.chdir(folder)
    os.execve(sys.executable, command, environment)


def retrieve(endpoint: str, dependencies: object, folder: str, who: list[tuple[str, str]]) -> None:
    """Lays out the staged wheels."""
    service = beam_artifact_api_pb2_grpc.ArtifactRetrievalServiceStub(
        grpc.insecure_channel(endpoint)
    )
    asked = beam_artifact_api_pb2.ResolveArtifactsRequest(artifacts=dependencies)
    for artifact in service.ResolveArtifacts(asked, metadata=who).replacements:
        payload = beam_runner_api_pb2.ArtifactStagingToRolePayload.FromString(artifact.role_payload)
        if not payload.staged_name.endswith(".whl"):
            continue
        path = os.path.join(folder, payload.staged_name)
        wanted = beam_artifact_api_pb2.GetArtifactRequest(artifact=artifact)
        with open(path, "wb") as stream:
            for part in service.GetArtifact(wanted, metadata=who):
                stream.write(part.data)
        with zipfile.ZipFile(path) as wheel:
            wheel.extractall(folder)


def described(url: str) -> str:
    return str(text_format.MessageToString(endpoints_pb2.ApiServiceDescriptor(url=url)))


if __name__ == "__main__":
    main()
