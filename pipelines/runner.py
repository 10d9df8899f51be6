"""Runs a Beam graph: which runner, which options, and what of its failures a user is shown."""

from __future__ import annotations

import argparse
import logging
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from bertprep import errors
from bertprep.errors import BertprepError, UsageError

_OWN_ERROR = re.compile(r"bertprep\.errors\.(\w+): (.*)")
_WHILE_RUNNING = re.compile(r" \[while running '[^']*'\].*")
_LAST_MESSAGE = re.compile(r"^(?:[\w.]+(?:Error|Exception|Interrupt)\b.*)$", re.MULTILINE)
_LOCAL_RUNNERS = ("directrunner", "direct")
_LOCAL_CHOICES = ("--direct_num_workers", "--direct_running_mode")


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


def beam_flags() -> list[str]:
    """All option names Beam knows, with their dashes."""
    return [flag for action in beam_parser()._actions for flag in action.option_strings]


def run(build: Callable[[Any], None], beam_args: Sequence[str], workers: int) -> None:
    """Builds and runs a pipeline to its end.

    Without ``--runner`` it runs on this machine: in this process for one worker, else in as many.

    Raises:
        BertprepError: the one a worker raised, or one line on what else went wrong.
    """
    import apache_beam as beam
    from apache_beam.options.pipeline_options import (
        DirectOptions,
        PipelineOptions,
        StandardOptions,
    )

    beam_parser().parse_args(list(beam_args))
    options = PipelineOptions(list(beam_args))
    name = options.view_as(StandardOptions).runner or "DirectRunner"
    direct = options.view_as(DirectOptions)
    if not any(arg.partition("=")[0] in _LOCAL_CHOICES for arg in beam_args):
        direct.direct_num_workers = workers
    by_default = direct.direct_running_mode == "in_memory"
    processes = direct.direct_num_workers if by_default else 1
    runner = _local_runner(options, processes) if name.lower() in _LOCAL_RUNNERS else name
    try:
        pipeline = beam.Pipeline(runner=runner, options=options)
    except (ValueError, ImportError, AttributeError) as error:
        raise UsageError(f"--runner {name}: {_last_line(str(error))}") from None
    try:
        build(pipeline)
        result = pipeline.run()
        state = result.wait_until_finish()
    except BertprepError:
        raise
    except Exception as error:
        raise _readable(error) from error
    if state not in (None, "DONE"):
        raise BertprepError(f"{name} ended in state {state}; its own log says why")


def _local_runner(options: Any, workers: int) -> Any:
    """Beam's in-process runner; "DirectRunner" would first try to download a binary of another."""
    from apache_beam.portability.api import beam_provision_api_pb2
    from apache_beam.runners.portability.fn_api_runner import fn_runner
    from apache_beam.runners.portability.portable_runner import JobServiceHandle
    from apache_beam.transforms.environments import SubprocessSDKEnvironment

    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    info = beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded)
    command = f"{shlex.quote(sys.executable)} -m pipelines.worker"
    processes = SubprocessSDKEnvironment.from_command_string(command) if workers > 1 else None
    return fn_runner.FnApiRunner(processes, provision_info=fn_runner.ExtendedProvisionInfo(info))


def quieten() -> None:
    """Beam logs every failure with its traceback, and much else; the user gets one line instead."""
    logging.getLogger().addHandler(logging.NullHandler())
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
    logging.getLogger().setLevel(logging.CRITICAL)


def _readable(error: Exception) -> BertprepError:
    """The error a worker raised on purpose, found in the text Beam wraps it in; else a summary."""
    for text in _texts(error):
        own = _OWN_ERROR.search(text)
        if own:
            kind: type[BertprepError] = getattr(errors, own[1], BertprepError)
            return kind(_WHILE_RUNNING.sub("", own[2]))
    return BertprepError(f"a worker failed: {_last_line(str(error))}")


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
