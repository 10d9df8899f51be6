"""Nobody at the other end is told at once."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from bertprep.errors import BertprepError, UsageError
from pipelines.runner import beam_options
from pipelines.runner.endpoint import check_reachable, worker_hint


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address of this machine at which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"localhost:{held.getsockname()[1]}"


@pytest.fixture
def somebody() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"localhost:{server.getsockname()[1]}"


def check(*args: str, waits: bool = True) -> None:
    check_reachable(beam_options.parse(args), waits)


def test_a_job_service_that_is_not_there_is_named(nobody: str) -> None:
    with pytest.raises(BertprepError, match=f"nothing takes jobs at --job_endpoint {nobody} "):
        check("--runner", "PortableRunner", "--job_endpoint", nobody)


def test_a_worker_pool_that_is_not_there_is_named(nobody: str, somebody: str) -> None:
    how = ("--job_endpoint", somebody, "--environment_type", "EXTERNAL")
    check(*how, "--environment_config", somebody)
    check(*how, "--environment_config", "pool-of-the-cluster:50000")  # a name of its own network
    with pytest.raises(BertprepError, match=f"no worker pool is at --environment_config {nobody} "):
        check(*how, "--environment_config", nobody)


def test_a_command_that_starts_no_worker_is_named(somebody: str) -> None:
    how = ("--job_endpoint", somebody, "--environment_type", "PROCESS", "--environment_config")
    check(*how, f'{{"command": "{sys.executable}"}}')
    with pytest.raises(BertprepError, match="cannot be started: '/no/boot'"):
        check(*how, '{"command": "/no/boot"}')
    with pytest.raises(UsageError, match="is JSON like"):
        check(*how, "{command: boot}")


def test_an_address_is_a_host_and_a_port() -> None:
    with pytest.raises(UsageError, match=r"expected HOST:PORT; got 'localhost'"):
        check("--job_endpoint", "localhost")


def test_workers_in_the_command_cannot_be_left() -> None:
    check("--environment_type", "LOOPBACK")
    with pytest.raises(UsageError, match="--no-wait needs workers that stay"):
        check("--environment_type", "LOOPBACK", waits=False)


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["--runner", "DataflowRunner", "--project", "p"], "Dataflow takes minutes"),
        (["--environment_type", "EXTERNAL", "--environment_config", "a:1"], "worker pool a:1"),
        (["--environment_type", "PROCESS", "--environment_config", "b"], "what b prints"),
        ([], "is docker where the runner is"),
        (["--environment_type", "LOOPBACK"], "the runner must be on this machine"),
        (["--environment_type", "x-thing"], "the runner's log"),
    ],
)
def test_what_to_look_at_depends_on_how_workers_start(args: list[str], hint: str) -> None:
    assert hint in worker_hint(beam_options.parse(args))


def test_a_jar_that_is_not_there_is_named() -> None:
    for engine in ("flink", "spark"):
        with pytest.raises(UsageError, match=f"--{engine}_job_server_jar /no/x.jar does not exist"):
            check("--runner", f"{engine.title()}Runner", f"--{engine}_job_server_jar", "/no/x.jar")
        check(
            "--runner", f"{engine.title()}Runner", f"--{engine}_job_server_jar", "https://a/x.jar"
        )
