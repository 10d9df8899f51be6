"""Runs a Beam graph: which runner, which options, and what of its failures a user is shown."""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, NoReturn

from bertprep import errors
from bertprep.errors import BertprepError, UsageError
from pipelines.runner import launch, memory
from pipelines.runner.limits import check_limits

_OWN_ERROR = re.compile(r"bertprep\.errors\.(\w+): (.*)")
_WHILE_RUNNING = re.compile(r" \[while running '[^']*'\]")
_LAST_MESSAGE = re.compile(r"^(?:[\w.]+(?:Error|Exception|Interrupt)\b.*)$", re.MULTILINE)
_LOCAL_RUNNERS = ("direct", "directrunner", "switchingdirect", "switchingdirectrunner")
_RUNNERS = ("DirectRunner", "DataflowRunner", "FlinkRunner", "SparkRunner", "PortableRunner")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"Beam option: {message}")


def beam_parser() -> argparse.ArgumentParser:
    """A parser of every option that Beam and its runners know."""
    from apache_beam.options.pipeline_options import PipelineOptions

    parser = _Parser(add_help=False, allow_abbrev=False)
    for options in _all_subclasses(PipelineOptions):
        if "_add_argparse_args" in vars(options):
            try:
                options._add_argparse_args(parser)
            except argparse.ArgumentError:
                continue
    return parser


def _all_subclasses(kind: Any) -> list[Any]:
    found = []
    for subclass in kind.__subclasses__():
        if subclass.__module__.startswith("apache_beam."):
            found += [subclass, *_all_subclasses(subclass)]
    return found


def check(beam_args: Sequence[str]) -> None:
    """Raises UsageError for a value Beam does not take, or for a runner that cannot start."""
    _remove_temporary(_pipeline(_options(beam_args), 1))


def _options(beam_args: Sequence[str]) -> Any:
    from apache_beam.options.pipeline_options import PipelineOptions

    beam_parser().parse_args(list(beam_args))
    return PipelineOptions(list(beam_args))


def _name(options: Any) -> str:
    from apache_beam.options.pipeline_options import StandardOptions

    return options.view_as(StandardOptions).runner or "DirectRunner"


def local_workers(beam_args: Sequence[str], asked: int | None, default: int) -> int | None:
    """Processes (or threads) on this machine; None where another runner does the work.

    Raises:
        UsageError: if ``--workers`` and Beam's options contradict each other.
    """
    if not beam_args:  # then there is no need to import Beam so early
        return asked or default
    from apache_beam.options.pipeline_options import DirectOptions

    options = _options(beam_args)
    if _name(options).lower() not in _LOCAL_RUNNERS:
        if asked:
            raise UsageError(
                f"--workers is for processes on this machine, not for --runner {_name(options)}; "
                "leave it out, or use that runner's own option (--num_workers, --parallelism)"
            )
        return None
    if not any(arg.partition("=")[0] == "--direct_num_workers" for arg in beam_args):
        return asked or default
    direct = int(options.view_as(DirectOptions).direct_num_workers) or os.cpu_count() or 1
    if asked not in (None, direct):
        raise UsageError(
            f"--workers {asked} and --direct_num_workers {direct} contradict each other; "
            "leave one out"
        )
    return direct


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
    options = _options(beam_args)
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
        raise BertprepError(f"{_name(options)} ended in state {state}; its own log says why")


def _pipeline(options: Any, workers: int) -> Any:
    import apache_beam as beam

    name = _name(options)
    runner = _local_runner(options, workers) if name.lower() in _LOCAL_RUNNERS else name
    try:
        return beam.Pipeline(runner=runner, options=options)
    except (ValueError, ImportError, AttributeError) as error:
        reason = _last_line(str(error))
        if reason.startswith("Unexpected pipeline runner"):
            raise UsageError(f"no such --runner: {name}; Beam has {', '.join(_RUNNERS)}") from None
        raise UsageError(f"--runner {name}: {reason}") from None


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


def _local_runner(options: Any, workers: int) -> Any:
    """Beam's in-process runner; "DirectRunner" would first try to download a binary of another."""
    from apache_beam.options.pipeline_options import DirectOptions
    from apache_beam.portability.api import beam_provision_api_pb2
    from apache_beam.runners.portability.fn_api_runner import fn_runner
    from apache_beam.runners.portability.portable_runner import JobServiceHandle
    from apache_beam.transforms.environments import SubprocessSDKEnvironment

    from pipelines.runner import processes

    processes.register()
    direct = options.view_as(DirectOptions)
    direct.direct_num_workers = workers
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    info = beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded)
    in_processes = workers > 1 and direct.direct_running_mode == "in_memory"
    environment = SubprocessSDKEnvironment("pipelines.runner.worker") if in_processes else None
    return fn_runner.FnApiRunner(environment, provision_info=fn_runner.ExtendedProvisionInfo(info))


def quieten() -> None:
    """Beam logs every failure with its traceback, and much else; the user gets one line instead."""
    logging.getLogger().addHandler(logging.NullHandler())
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
    logging.getLogger().setLevel(logging.CRITICAL)
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    # Its threads that listen to a worker process break off when the process ends; what is left
    # half-written by an interruption is closed whenever Python comes to it.
    threading.excepthook = lambda _: None
    sys.unraisablehook = lambda _: None


def _readable(error: Exception) -> BertprepError:
    """The error a worker raised on purpose, found in the text Beam wraps it in; else a summary."""
    for text in _texts(error):
        own = _OWN_ERROR.search(text)
        if own:
            kind: type[BertprepError] = getattr(errors, own[1], BertprepError)
            return kind(without_step_names(own[2]))
    from pipelines.runner import processes

    if processes.deaths:
        return processes.deaths[0]
    message = without_step_names(_last_line(str(error)))
    if isinstance(error, RuntimeError):  # which Beam wraps others in, names and all
        message = message.removeprefix("RuntimeError: ")
    else:
        message = f"{type(error).__name__}: {message}"
    return BertprepError(f"a worker failed: {message}")


def without_step_names(message: str) -> str:
    """A message without what Beam adds to it on its way."""
    return _WHILE_RUNNING.sub("", message)


def _texts(error: BaseException | None) -> list[str]:
    found: list[str] = []
    while error is not None:
        if isinstance(error, BertprepError):
            kind = type(error)
            found.append(f"{kind.__module__}.{kind.__name__}: {error}")
        found.append(str(error))
        error = error.__cause__ or error.__context__
    return found


def _last_line(text: str) -> str:
    """The line of a wrapped traceback that says what happened."""
    messages = _LAST_MESSAGE.findall(text)
    lines = [line for line in text.splitlines() if line.strip()]
    return str(messages[-1] if messages else lines[-1] if lines else "no message")
