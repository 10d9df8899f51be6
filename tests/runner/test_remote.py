"""A job on another runner: how it is waited for, and ended with its command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from bertprep.errors import BertprepError, InputError
from pipelines.runner import beam_options, remote
from pipelines.runner.failures import readable_of_job, readable_of_submission
from pipelines.runner.remote import Patience, SubmittedJob

JOB = SubmittedJob("job-7", "FlinkRunner", "http://there", "cancel job-7 there")


class Result:
    """What Beam gives for a job; it obeys a cancellation, or does not."""

    def __init__(self, obeys: bool = True, seconds: float = 60) -> None:
        self._obeys, self._until = obeys, time.monotonic() + seconds
        self.cancelled = False
        self._job_id = "job-7"

    @property
    def state(self) -> str:
        return "CANCELLED" if self.cancelled and self._obeys else "RUNNING"

    def cancel(self) -> None:
        self.cancelled = True

    def wait_until_finish(self) -> str:
        while time.monotonic() < self._until and not self.cancelled:
            time.sleep(0.01)
        return "DONE"


class Interrupted(BaseException):
    pass


def test_an_interrupted_wait_cancels_the_job(capsys: pytest.CaptureFixture[str]) -> None:
    result = Result()

    def began() -> bool:
        raise Interrupted("interrupted")

    with pytest.raises(Interrupted, match=r"interrupted; its job job-7 has ended$"):
        remote.wait(result, JOB, beam_options.parse([]), began, Patience(no_worker=0))
    assert result.cancelled
    assert "cancelling the job job-7, for 30 s at most; Ctrl-C again leaves at" in (
        capsys.readouterr().err
    )


def test_a_job_that_does_not_obey_is_told_of_with_the_way_to_end_it() -> None:
    said = remote.end(Result(obeys=False), JOB, seconds=0.1)
    assert said.startswith(
        "its job job-7 still runs on FlinkRunner after 0 s (http://there); to end it: cancel job-7"
    )


SECOND = """
import os, signal, sys, time
from tests.runner.test_remote import JOB, Result
from pipelines.runner import remote
remote.end(Result(obeys=False), JOB, seconds=60)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_leaves_at_once(number: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", SECOND], stderr=subprocess.PIPE, env=environment, text=True
    )
    with process:
        assert process.stderr is not None
        assert "cancelling" in process.stderr.readline()
        time.sleep(0.2)
        process.send_signal(number)
        assert process.wait(5) == 128 + number
        assert "left at once; its job job-7 still runs on FlinkRunner" in process.stderr.read()


@pytest.mark.parametrize("kind", ["EXTERNAL", "PROCESS", "LOOPBACK"])
def test_workers_that_do_not_begin_are_given_up(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (0.1, 0.1, 0.1))
    result = Result()
    options = beam_options.parse(
        ["--runner", "PortableRunner", "--environment_type", kind, "--environment_config", "p:1"]
    )
    with pytest.raises(BertprepError, match="no worker has begun after 0 s") as caught:
        remote.wait(result, JOB, options, lambda: False, Patience(look=0.02, no_worker=0.1))
    assert result.cancelled
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(
        "(--no-wait leaves the job to wait, if the engine is only busy); its job job-7 has ended"
    )
    assert "cancelling the job job-7, for 8 s at most" in capsys.readouterr().err


def test_who_waits_for_a_worker_is_told_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (0.1, 0.1, 0.1))
    patience = remote.PATIENCE
    assert patience.no_worker * remote._crowding() + 2 * patience.look < 60


def test_where_others_want_the_cores_a_worker_may_take_longer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (1e6, 0.1, 0.1))
    options = beam_options.parse(["--environment_type", "EXTERNAL"])
    answers = iter([False, False])
    patience = Patience(look=0.02, no_worker=0.05)
    remote.wait(Result(seconds=0.5), JOB, options, lambda: next(answers, True), patience)
    assert capsys.readouterr().err.count("; waiting on\n") == 2


@pytest.mark.parametrize(
    "args",
    [
        ["--runner", "FlinkRunner", "--environment_type", "DOCKER"],
        ["--runner", "DataflowRunner", "--project", "p", "--environment_type", "PROCESS"],
    ],
)
def test_machines_that_are_being_started_are_waited_for(
    capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    answers = iter([False, True, True])
    patience = Patience(look=0.02, no_worker=0)
    remote.wait(Result(seconds=0.2), JOB, beam_options.parse(args), lambda: next(answers), patience)
    said = capsys.readouterr().err
    assert said.count("no worker has begun after 0 s; ") == said.count("; waiting on\n") == 1


def test_a_job_that_has_no_slot_yet_is_waited_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "waits_for_room", lambda page: page == JOB.page)
    options = beam_options.parse(
        ["--environment_type", "EXTERNAL", "--environment_config", "pool:50000"]
    )
    answers = iter([False, True])
    patience = Patience(look=0.02, no_worker=0)
    remote.wait(Result(seconds=0.2), JOB, options, lambda: next(answers, True), patience)
    assert "no slot is free on http://there after 0 s; waiting on" in capsys.readouterr().err


def test_counts_are_asked_for_anew_each_time() -> None:
    result: Any = SimpleNamespace(_metrics=None)

    def metrics() -> Any:
        result._metrics = result._metrics or SimpleNamespace(query=lambda _: {"counters": [found]})
        return result._metrics

    key = SimpleNamespace(metric=SimpleNamespace(name="tokens"))
    found = SimpleNamespace(key=key, attempted=5, committed=None)
    result.metrics = metrics
    assert remote.counts(result) == {"tokens": 5}
    first = result._metrics
    assert remote.counts(result) == {"tokens": 5}
    assert result._metrics is not first


def test_a_job_that_ended_otherwise_is_an_error() -> None:
    result: Any = SimpleNamespace(wait_until_finish=lambda: "UNKNOWN")
    with pytest.raises(BertprepError, match=r"FlinkRunner ended in state UNKNOWN; http://there"):
        remote.wait(result, JOB, beam_options.parse([]), lambda: True)


FORGOTTEN = """
from pipelines.runner import beam_options, remote
class Result:
    def wait_until_finish(self): return "DONE"
    def __del__(self): print("forgotten")
result = Result()
job = remote.SubmittedJob("job-7", "FlinkRunner", "http://there", "cancel job-7 there")
remote.wait(result, job, beam_options.parse([]), lambda: True)
"""


@pytest.mark.slow
def test_what_holds_a_jobs_messages_is_not_forgotten_while_python_ends() -> None:
    command = [sys.executable, "-c", FORGOTTEN]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Pipeline job-7 failed in state FAILED: no jar at x", "the job failed: Pipeline job-7"),
        ("Pipeline job-7 failed in state CANCELLED: ", "the job was cancelled on FlinkRunner"),
        (
            "bundle failed: Traceback (most recent call last):\n"
            "  File /apache_beam/runners/worker/sdk_worker.py, line 313\nKeyError: 'a'",
            "a worker failed: KeyError: 'a'",
        ),
        (
            "Traceback (most recent call last):\n"
            "  File /apache_beam/runners/portability/local_job_service.py\nKeyError: 'process'",
            "the job failed: KeyError: 'process'",
        ),
    ],
)
def test_only_of_workers_it_is_said_that_they_failed(text: str, said: str) -> None:
    assert str(readable_of_job(RuntimeError(text), "FlinkRunner")).startswith(said)


def test_what_a_worker_raised_on_purpose_is_told_as_it_is() -> None:
    text = "Traceback (most recent call last):\nbertprep.errors.InputError: a is bad [while ru"
    found = readable_of_job(RuntimeError(text), "FlinkRunner")
    assert isinstance(found, InputError)


@pytest.mark.parametrize(
    ("args", "page"),
    [
        (["--flink_master", "master:8081"], "http://master:8081"),
        (["--job_endpoint", "there:8099"], "the page of the job service there:8099"),
    ],
)
def test_where_a_job_is_follows_from_beams_options(args: list[str], page: str) -> None:
    options = beam_options.parse(["--runner", "FlinkRunner", *args])
    assert remote.submitted(Result(), options) == SubmittedJob(
        "job-7", "FlinkRunner", page, "cancel job-7 there"
    )


def test_a_job_of_dataflow_has_its_page_in_the_console() -> None:
    options = beam_options.parse(["--runner", "DataflowRunner", "--project", "p", "--region", "r"])
    result = SimpleNamespace(has_job=True, job_id=lambda: "2026-1")
    found = remote.submitted(result, options)
    assert found.page == "https://console.cloud.google.com/dataflow/jobs/r/2026-1?project=p"
    assert found.end == "gcloud dataflow jobs cancel 2026-1 --region r --project p"
    assert found.describe().splitlines()[0] == "job          2026-1 (DataflowRunner)"


def test_a_job_server_that_cannot_be_downloaded_is_told_with_what_to_do() -> None:
    text = (
        "Unable to fetch remote job server jar at https://a/b.jar: HTTP Error 404: Not Found. "
        "Also failed to fetch from a mirror at https://c/b.jar: no"
    )
    assert str(readable_of_submission(RuntimeError(text), "FlinkRunner")) == (
        "Beam's job server for FlinkRunner cannot be had from https://a/b.jar (HTTP Error 404: Not "
        "Found); name one that runs by --job_endpoint, or its jar by --flink_job_server_jar"
    )
    other = readable_of_submission(RuntimeError("no room"), "FlinkRunner")
    assert str(other) == "FlinkRunner did not take the job: no room"
