"""Beam's failures in one line of ours."""

from __future__ import annotations

import pytest

from bertprep.errors import BertprepError, InputError, OutputError
from pipelines.runner.failures import last_line, readable, readable_of_job, readable_of_submission

WRAPPED = """Traceback (most recent call last):
  File "beam.py", line 7, in process
bertprep.errors.InputError: a.txt, line 3: no text [while running 'read/ParDo']
"""


def test_what_a_worker_raised_on_purpose_is_found_in_the_text() -> None:
    found = readable(RuntimeError(WRAPPED))
    assert (type(found), str(found)) == (InputError, "a.txt, line 3: no text")


def test_or_among_the_causes() -> None:
    error = RuntimeError("the bundle failed")
    error.__cause__ = ValueError("of")
    error.__cause__.__context__ = OutputError("the disk is full")
    found = readable(error)
    assert (type(found), str(found)) == (OutputError, "the disk is full")


def test_a_process_that_died_explains_what_broke_then() -> None:
    death = BertprepError("a worker was killed")
    assert readable(RuntimeError("broken pipe"), [death]) is death
    assert readable(RuntimeError(WRAPPED), [death]) is not death


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("x [while running 'a b']"), "a worker failed: ValueError: x"),
        (RuntimeError("Traceback\n  in\nKeyError: 'y'\n"), "a worker failed: KeyError: 'y'"),
        (RuntimeError("RuntimeError: z"), "a worker failed: z"),
        (
            RuntimeError("panicked: lost w\nStacktrace: goroutine 7 [running]:\n\terr.go:78 +0x95"),
            "a worker failed: panicked: lost w",
        ),
        (RuntimeError("lost w\n\ngoroutine 7 [running]:\nmain()"), "a worker failed: lost w"),
    ],
)
def test_of_all_else_there_is_the_last_line(error: Exception, said: str) -> None:
    assert str(readable(error)) == said
    assert last_line("") == "no message"


def test_a_job_may_fail_without_a_worker() -> None:
    assert "cancelled on FlinkRunner" in str(
        readable_of_job(RuntimeError("state CANCELLED"), "FlinkRunner")
    )
    assert str(readable_of_job(RuntimeError("no slot"), "F")) == "the job failed: no slot"
    in_worker = RuntimeError('File "runners/worker/sdk.py"\nValueError: x')
    assert str(readable_of_job(in_worker, "F")) == "a worker failed: ValueError: x"


def test_a_jar_that_cannot_be_had_names_the_options() -> None:
    error = RuntimeError("Unable to fetch job server jar at https://a.org/f.jar: timed out")
    assert str(readable_of_submission(error, "FlinkRunner")) == (
        "Beam's job server for FlinkRunner cannot be had from https://a.org/f.jar (timed out); "
        "name one that runs by --job_endpoint, or its jar by --flink_job_server_jar"
    )
    assert "SparkRunner did not take the job: no" in str(
        readable_of_submission(RuntimeError("no"), "SparkRunner")
    )
