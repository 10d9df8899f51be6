"""A cluster of Flink that has no slot for a job is told from one whose workers do not begin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines.runner.engine_full import waits_for_room
from tests.background import serve


@pytest.fixture
def cluster() -> Iterator[Callable[[object], str]]:
    """Makes a cluster answer with something; gives its address."""
    answers: list[bytes] = []

    class Flink(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/jobs/overview"
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(answers[-1])

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Flink) as server:
        serve(server)

        def answering(content: object) -> str:
            answers.append(json.dumps(content).encode())
            return f"http://127.0.0.1:{server.server_port}/"

        yield answering
        server.shutdown()


def job(state: str = "RUNNING", **tasks: int) -> dict[str, object]:
    none = dict.fromkeys(("created", "scheduled", "deploying", "initializing", "running"), 0)
    return {"jid": "f1", "state": state, "tasks": {**none, **tasks}}


@pytest.mark.parametrize(
    ("jobs", "waits"),
    [
        ([job(running=3), job(scheduled=2, created=4)], True),
        ([job(scheduled=2, created=4, running=1)], False),
        ([job(scheduled=2, finished=1)], False),
        ([job(initializing=1, created=4)], False),
        ([job("CANCELED", scheduled=2)], False),
        ([], False),
    ],
)
def test_a_job_waits_whose_tasks_all_have_no_slot(
    cluster: Callable[[object], str], jobs: list[object], waits: bool
) -> None:
    assert waits_for_room(cluster({"jobs": jobs})) is waits


def test_who_does_not_answer_so_is_not_believed_to_be_busy(
    cluster: Callable[[object], str],
) -> None:
    assert not waits_for_room(cluster({"errors": ["no"]}))
    assert not waits_for_room(cluster([]))
    assert not waits_for_room("http://127.0.0.1:1")
    assert not waits_for_room("the page of the job service there:8099")
