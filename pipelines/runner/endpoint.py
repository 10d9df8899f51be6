"""Whether there is anybody where Beam's options send a job to: said at once, not after minutes."""

from __future__ import annotations

import json
import os
import shutil
import socket
from typing import Any

from bertprep.errors import BertprepError, UsageError
from pipelines.runner import beam_options

_CONNECT_SECONDS = 5
_HERE = ("localhost", "127.0.0.1", "::1", "[::1]")


def check_reachable(options: Any, waits: bool) -> None:
    """Raises an error if a job could not be handed over, or its workers not started.

    Args:
        options: Beam's.
        waits: whether the command stays until the job has ended.

    Raises:
        BertprepError: if nobody listens there.
        UsageError: if the options contradict each other.
    """
    portable = _portable(options)
    if not waits and portable.environment_type == "LOOPBACK":
        raise UsageError(
            "--no-wait needs workers that stay: those of --environment_type LOOPBACK are in the "
            "command; use EXTERNAL, PROCESS or DOCKER"
        )
    _check_jars(options)
    endpoint = portable.job_endpoint
    if endpoint and endpoint != "embed":
        _check(endpoint, f"nothing takes jobs at --job_endpoint {endpoint}", "start a job service")
    if portable.environment_type == "EXTERNAL":
        address = str(portable.environment_config or "")
        if not _is_elsewhere(address):
            _check(
                address,
                f"no worker pool is at --environment_config {address}",
                "start one: python -m apache_beam.runners.worker.worker_pool_main",
            )
    if portable.environment_type == "PROCESS":
        _check_command(str(portable.environment_config or ""), endpoint)


def _check_jars(options: Any) -> None:
    """Raises UsageError for the jar of a job server that is not where it is said to be."""
    from apache_beam.options.pipeline_options import FlinkRunnerOptions, SparkRunnerOptions

    jars = {
        "--flink_job_server_jar": options.view_as(FlinkRunnerOptions).flink_job_server_jar,
        "--spark_job_server_jar": options.view_as(SparkRunnerOptions).spark_job_server_jar,
    }
    for flag, jar in jars.items():
        if jar and "://" not in jar and not os.path.isfile(jar):
            raise UsageError(f"{flag} {jar} does not exist; expected a jar, or an address of one")


def _portable(options: Any) -> Any:
    from apache_beam.options.pipeline_options import PortableOptions

    return options.view_as(PortableOptions)


def _is_elsewhere(address: str) -> bool:
    """Whether a name may mean something to the runner's machines alone."""
    return address.rpartition(":")[0] not in _HERE


def _check(address: str, problem: str, remedy: str) -> None:
    host, _, port = address.removeprefix("http://").rpartition(":")
    if not port.isdecimal():
        raise UsageError(f"{problem}: expected HOST:PORT; got {address!r}")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BertprepError(f"{problem} ({reason}); {remedy}, or name where one is") from None


def _check_command(config: str, endpoint: str | None) -> None:
    """Where the job service is on this machine, so is the command that starts its workers."""
    if endpoint and endpoint != "embed" and _is_elsewhere(endpoint):
        return
    try:
        command = json.loads(config)["command"] if config.startswith("{") else config
    except (ValueError, LookupError, TypeError):
        raise UsageError(
            '--environment_config for PROCESS is JSON like {"command": "/opt/boot"}; got '
            f"{config!r}"
        ) from None
    if not shutil.which(str(command)):
        raise BertprepError(
            f"--environment_config names a command that cannot be started: {command!r}"
        )


def starts_at_once(options: Any) -> bool:
    """Whether workers take seconds to begin: no machine or container is started for them."""
    kind = _portable(options).environment_type
    is_dataflow = beam_options.runner_name(options).lower().startswith("dataflow")
    return kind in ("LOOPBACK", "EXTERNAL", "PROCESS") and not is_dataflow


def worker_hint(options: Any) -> str:
    """The advice where no worker begins."""
    portable = _portable(options)
    kind, config = portable.environment_type, portable.environment_config
    if beam_options.runner_name(options).lower().startswith("dataflow"):
        return "Dataflow takes minutes to start machines; its page tells"
    if kind == "EXTERNAL":
        return f"look at what the worker pool {config} prints, and whether the runner reaches it"
    if kind == "PROCESS":
        return f"look at what {config} prints, as in the runner's log"
    if kind in (None, "", "DOCKER"):
        return "workers are containers (--environment_type): is docker where the runner is?"
    if kind == "LOOPBACK":
        return "workers are in this command (LOOPBACK): the runner must be on this machine"
    return "look at the runner's log"
