"""A job on another runner: where it is, how it ends, and what is said while it is waited for."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from bertprep.common.cores import usable_cores
from bertprep.errors import BertprepError
from pipelines.runner import beam_options
from pipelines.runner.endpoint import starts_at_once, worker_hint
from pipelines.runner.engine_full import waits_for_room
from pipelines.steps.metrics import NAMESPACE

CANCEL_SECONDS = 30
_CANCEL_IDLE_SECONDS = 8  # so that it is told within a minute
_FINAL = ("DONE", "FAILED", "CANCELLED", "UPDATED", "DRAINED")


@dataclass(frozen=True)
class Patience:
    """How long things are waited for, in seconds; tests have less of it.

    Attributes:
        look: between two looks at a job.
        no_worker: until a job of which no step has begun is given up, longer where others want the
            cores; where machines may have to be started first, until that is said, and said again.
    """

    look: float = 0.5
    no_worker: float = 50


PATIENCE = Patience()


class SubmittedJob(NamedTuple):
    """A job that a runner has taken.

    Attributes:
        id: its runner's name for it.
        runner: the runner.
        page: where it can be looked at.
        end: what to do to end it.
    """

    id: str
    runner: str
    page: str
    end: str

    def describe(self) -> str:
        """The facts of a job that is left to itself."""
        lines = ("job", f"{self.id} ({self.runner})"), ("page", self.page), ("to end it", self.end)
        return "\n".join(f"{name:<13}{value}" for name, value in lines)


def submitted(result: Any, options: Any) -> SubmittedJob:
    """The job of a pipeline that was handed to its runner."""
    name = beam_options.runner_name(options)
    if template := beam_options.template_of(options):
        return SubmittedJob("none yet", name, template, f"leave the template {template} unused")
    if hasattr(result, "has_job"):
        return _of_dataflow(result, options, name)
    job, page = str(getattr(result, "_job_id", "of this process")), _page(options)
    return SubmittedJob(job, name, page, f"cancel {job} there")


def _of_dataflow(result: Any, options: Any, name: str) -> SubmittedJob:
    from apache_beam.options.pipeline_options import GoogleCloudOptions

    cloud = options.view_as(GoogleCloudOptions)
    job, region, project = result.job_id(), cloud.region, cloud.project
    page = f"https://console.cloud.google.com/dataflow/jobs/{region}/{job}?project={project}"
    end = f"gcloud dataflow jobs cancel {job} --region {region} --project {project}"
    return SubmittedJob(job, name, page, end)


def _page(options: Any) -> str:
    """Where a job of a portable runner can be looked at, as far as its options tell."""
    from apache_beam.options.pipeline_options import FlinkRunnerOptions, PortableOptions

    master = options.view_as(FlinkRunnerOptions).flink_master
    if master and not master.startswith("["):
        return str(master if "://" in master else f"http://{master}")
    endpoint = options.view_as(PortableOptions).job_endpoint
    return f"the page of the job service {endpoint}" if endpoint else "the runner's own page"


def counts(result: Any) -> dict[str, int]:
    """The counts of a job's steps so far, by name; none where its runner does not tell."""
    from apache_beam.metrics import MetricsFilter

    try:
        if hasattr(result, "_metrics"):
            result._metrics = None  # else it would not ask again
        wanted = MetricsFilter().with_namespace(NAMESPACE)
        found = result.metrics().query(wanted)["counters"]
    except Exception:  # each runner has its own; the progress is no reason to fail
        return {}
    totals: dict[str, int] = {}
    for each in found:
        amount = each.attempted if each.attempted is not None else each.committed
        name = each.key.metric.name
        totals[name] = totals.get(name, 0) + int(amount or 0)
    return totals


def wait(
    result: Any,
    job: SubmittedJob,
    options: Any,
    began: Callable[[], bool],
    patience: Patience = PATIENCE,
) -> None:
    """Waits until a job has ended well.

    Args:
        result: what Beam gave for it.
        job: the job.
        options: Beam's.
        began: whether a step of it is at work, or was.
        patience: how long to wait for a step to begin.

    Raises:
        BertprepError: if it ended otherwise, or its workers do not begin.
        BaseException: what interrupted the waiting; the job is cancelled then, and the text says
            what became of it.
    """
    _never_forget(result)
    failed: list[Exception] = []
    states: list[Any] = []

    def listen() -> None:
        try:
            states.append(result.wait_until_finish())
        except Exception as error:
            failed.append(error)

    listener = threading.Thread(target=listen, daemon=True)
    seconds = CANCEL_SECONDS
    try:
        listener.start()
        if idle := _watch(listener, began, job, options, patience):
            seconds = _CANCEL_IDLE_SECONDS
            raise BertprepError(idle)
    except BaseException as error:
        said = end(result, job, seconds)
        error.args = (f"{error.args[0] if error.args else 'interrupted'}; {said}",)
        raise
    if failed:
        raise failed[0]
    if states[0] not in (None, "DONE"):
        raise BertprepError(f"{job.runner} ended in state {states[0]}; {job.page} may say why")


def _never_forget(result: Any) -> None:
    """Keeps an object even while Python ends.

    A thread that reads a job's messages is stopped then wherever it is, and what it has locked
    stays so: gRPC would wait for that lock, for ever, as soon as the messages are forgotten.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(result))


def _watch(
    listener: threading.Thread,
    began: Callable[[], bool],
    job: SubmittedJob,
    options: Any,
    patience: Patience,
) -> str:
    """Waits for a thread, and says so while no step has begun; why it is given up, if it is."""
    started = told = time.monotonic()
    has_begun = False
    while listener.is_alive():
        listener.join(patience.look)
        now = time.monotonic()
        if has_begun or now - told < patience.no_worker or not listener.is_alive():
            continue
        told, has_begun = now, began()
        if has_begun:
            continue
        line = f"no worker has begun after {round(now - started)} s; {worker_hint(options)}"
        if waits_for_room(job.page):
            line = f"no slot is free on {job.page} after {round(now - started)} s"
        elif starts_at_once(options) and now - started >= patience.no_worker * _crowding():
            return f"{line} (--no-wait leaves the job to wait, if the engine is only busy)"
        print(f"bertprep: {line}; waiting on", file=sys.stderr, flush=True)
    return ""


def _crowding() -> float:
    """How many times longer than usual a worker here takes to begin: others want the cores, too."""
    if not hasattr(os, "getloadavg"):
        return 1.0
    return max(1.0, os.getloadavg()[0] / usable_cores())


def end(result: Any, job: SubmittedJob, seconds: float = CANCEL_SECONDS) -> str:
    """Cancels a job and waits for its end; what became of it, as a part of a sentence.

    A second signal meanwhile ends this process at once.

    Args:
        result: Beam's, of the job.
        job: what is known of it.
        seconds: how long to wait at most.
    """
    print(
        f"bertprep: cancelling the job {job.id}, for {seconds:.0f} s at most; Ctrl-C again leaves "
        "at once",
        file=sys.stderr,
        flush=True,
    )
    with _leaving_at_once(job):
        cancelling = threading.Thread(target=_cancel, args=(result,), daemon=True)
        cancelling.start()
        give_up = time.monotonic() + seconds
        state = ""
        while time.monotonic() < give_up:
            cancelling.join(PATIENCE.look)
            with suppress(Exception):  # asked again, if there is time
                state = str(result.state)
            if state in _FINAL:
                done = "had come to its end" if state == "DONE" else "has ended"
                return f"its job {job.id} {done}"
            time.sleep(PATIENCE.look)
    return _still_running(job, seconds)


def _cancel(result: Any) -> None:
    with suppress(Exception):  # its state tells
        result.cancel()


def _still_running(job: SubmittedJob, seconds: float) -> str:
    return (
        f"its job {job.id} still runs on {job.runner} after {seconds:.0f} s ({job.page}); to end "
        f"it: {job.end}; its steps end by themselves, and nothing that it writes is used"
    )


@contextmanager
def _leaving_at_once(job: SubmittedJob) -> Iterator[None]:
    def leave(number: int, frame: object) -> None:
        line = f"bertprep: error: left at once; {_still_running(job, 0)}\n"
        os.write(2, line.replace(" after 0 s", "").encode())
        os._exit(128 + number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
