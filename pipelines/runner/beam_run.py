"""Runs a Beam graph, on this machine or wherever Beam's options say."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from bertprep.errors import BertprepError, UsageError
from pipelines.runner import beam_options, freed_memory, package, worker_launch
from pipelines.runner.beam_caches import remembered, unpacked
from pipelines.runner.endpoint import check_reachable
from pipelines.runner.failures import (
    last_line,
    readable,
    readable_of_job,
    readable_of_submission,
)
from pipelines.runner.limits import check_limits
from pipelines.steps.open_files import held_files

if TYPE_CHECKING:
    from pipelines.runner.remote import SubmittedJob

_RUNNERS = ("DirectRunner", "DataflowRunner", "FlinkRunner", "SparkRunner", "PortableRunner")


def check(beam_args: Sequence[str]) -> None:
    """Raises UsageError for a value Beam does not take, or for a runner that cannot start."""
    _remove_temporary(_pipeline(beam_options.parse(beam_args), 1))


def start_workers(beam_args: Sequence[str], workers: int | None) -> None:
    """Imports Beam, and starts the processes of a run on this machine ahead.

    With options of Beam, which only Beam understands, they start with the run.

    Raises:
        BertprepError: if the system's limits do not allow for them.
    """
    if workers is not None:
        check_limits(workers)
    only_here = workers is not None and not beam_args
    waiting = workers if workers and workers > 1 and only_here else 0
    worker_launch.start(waiting, only_here=only_here)


def run(
    build: Callable[[Any], None], beam_args: Sequence[str], workers: int | None, folder: str
) -> None:
    """Builds a pipeline and runs it to its end on this machine.

    It runs in this process for one worker, else in as many.

    Args:
        build: adds the graph to a pipeline.
        beam_args: Beam's own arguments.
        workers: how many; None for one.
        folder: Beam's temporary files go into it where it is local, and go with it.

    Raises:
        BertprepError: the one a worker raised, or one line on what else went wrong.
    """
    options = beam_options.parse(beam_args)
    with unpacked(), _built(build, options, workers or 1, folder) as pipeline:
        try:
            # With options of Beam's, it may be threads of this process that work.
            waits = workers is not None and workers > 1 and not beam_args
            with freed_memory.while_others_work() if waits else nullcontext():
                pipeline.run().wait_until_finish()
        except Exception as error:
            raise _readable(error) from error
        finally:
            held_files().close()


def run_elsewhere(
    build: Callable[[Any], None],
    beam_args: Sequence[str],
    folder: str,
    wait: bool,
    began: Callable[[], bool],
    taken: Callable[[Any], object] = id,
) -> SubmittedJob | None:
    """Builds a pipeline and has another runner run it: to its end, if it is to ``wait`` for that.

    Where the command is interrupted meanwhile, the job is told to end, too.

    Args:
        build: adds the steps.
        beam_args: Beam's options.
        folder: for temporary files, if it is local.
        wait: whether to stay until the job has ended.
        began: whether a step of it is at work, or was.
        taken: is given what Beam gives for a job that its runner has taken.

    Returns:
        The job, if it is left to itself.

    Raises:
        BertprepError: as ``run``; also if the runner cannot be reached.
    """
    from pipelines.runner import remote

    options = beam_options.parse(beam_args)
    check_reachable(options, wait)
    name = beam_options.runner_name(options)
    with _built(build, options, 1, folder) as pipeline:
        package.ship(pipeline.options, pipeline.local_tempdir)
        package.leave_list_out(pipeline.options)
        try:
            result = pipeline.run()
        except Exception as error:
            raise readable_of_submission(error, name) from error
        job = remote.submitted(result, options)
        if not wait:
            return job
        taken(result)
        try:
            remote.wait(result, job, options, began)
        except Exception as error:
            raise readable_of_job(error, name) from error
    return None


@contextmanager
def _built(build: Callable[[Any], None], options: Any, workers: int, folder: str) -> Iterator[Any]:
    """A pipeline with its steps, and its temporary files, which it would remove only if it ran."""
    with _temporary_in(folder):
        pipeline = _pipeline(options, workers)
    try:
        with remembered():
            build(pipeline)
            yield pipeline
    finally:
        _remove_temporary(pipeline)


def _pipeline(options: Any, workers: int) -> Any:
    import apache_beam as beam

    name = beam_options.runner_name(options)
    runner = _local(options, workers) if name.lower() in beam_options.LOCAL_RUNNERS else name
    try:
        return beam.Pipeline(runner=runner, options=options)
    except (ValueError, ImportError, AttributeError) as error:
        reason = last_line(str(error))
        if reason.startswith("Unexpected pipeline runner"):
            raise UsageError(f"no such --runner: {name}; Beam has {', '.join(_RUNNERS)}") from None
        raise UsageError(f"--runner {name}: {reason}") from None


def _local(options: Any, workers: int) -> Any:
    from pipelines.runner.local import local_runner

    return local_runner(options, workers)


@contextmanager
def _temporary_in(folder: str) -> Iterator[None]:
    """Within, temporary files are made in a folder, if it is there: a remote one is not."""
    before = tempfile.tempdir
    tempfile.tempdir = folder if os.path.isdir(folder) else before
    try:
        yield
    finally:
        tempfile.tempdir = before


def _remove_temporary(pipeline: Any) -> None:
    """Removes the folder that a pipeline makes when built, and itself removes only if run."""
    shutil.rmtree(pipeline.local_tempdir, ignore_errors=True)


def _readable(error: Exception) -> BertprepError:
    from pipelines.runner import worker_processes

    return readable(error, worker_processes.deaths)
