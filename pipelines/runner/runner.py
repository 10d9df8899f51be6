"""Runs a Beam graph, on this machine or wherever Beam's options say."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from bertprep.errors import BertprepError, UsageError
from pipelines.runner import beam_options, launch, memory
from pipelines.runner.failures import last_line, readable
from pipelines.runner.limits import check_limits

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
    launch.start(workers if workers and workers > 1 and not beam_args else 0)


def run(
    build: Callable[[Any], None], beam_args: Sequence[str], workers: int | None, folder: str
) -> None:
    """Builds and runs a pipeline to its end.

    Without ``--runner`` it runs on this machine: in this process for one worker, else in as many.
    Beam's temporary files go into ``folder`` where that is local, and go with it.

    Raises:
        BertprepError: the one a worker raised, or one line on what else went wrong.
    """
    options = beam_options.parse(beam_args)
    with _temporary_in(folder):
        pipeline = _pipeline(options, workers or 1)
    try:
        build(pipeline)
        # With options of Beam's, it may be threads of this process that work.
        waits = workers is not None and workers > 1 and not beam_args
        with memory.while_others_work() if waits else nullcontext():
            state = pipeline.run().wait_until_finish()
    except Exception as error:
        raise _readable(error) from error
    finally:
        _remove_temporary(pipeline)
    if state not in (None, "DONE"):
        name = beam_options.runner_name(options)
        raise BertprepError(f"{name} ended in state {state}; its own log says why")


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
    from pipelines.runner import processes

    return readable(error, processes.deaths)
