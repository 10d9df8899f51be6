"""Beam's own options: which there are, and what they say of the runner and its processes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from bertprep.common.cores import usable_cores
from bertprep.errors import UsageError

LOCAL_RUNNERS = ("direct", "directrunner", "switchingdirect", "switchingdirectrunner")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"Beam option: {message}")


def known() -> dict[str, argparse.Action]:
    """Every flag of Beam and its runners, and what it does with its values."""
    return dict(beam_parser()._option_string_actions)


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


def parse(beam_args: Sequence[str]) -> Any:
    """Beam's PipelineOptions of these arguments; UsageError for a value it does not take."""
    from apache_beam.options.pipeline_options import PipelineOptions

    beam_parser().parse_args(list(beam_args))
    return PipelineOptions(list(beam_args))


def runner_name(options: Any) -> str:
    """The runner that Beam's options name."""
    from apache_beam.options.pipeline_options import StandardOptions

    return options.view_as(StandardOptions).runner or "DirectRunner"


def is_remote(beam_args: Sequence[str]) -> bool:
    """Whether Beam's options name another runner than the one in this process."""
    return runner_name(parse(beam_args)).lower() not in LOCAL_RUNNERS


def template_of(options: Any) -> str | None:
    """Where the job is only to be written to, as a template to be run later."""
    from apache_beam.options.pipeline_options import GoogleCloudOptions

    location: str | None = options.view_as(GoogleCloudOptions).template_location
    return location


def address_of(options: Any) -> str | None:
    """Where the options send a job, as host and port; None if they name no place."""
    from apache_beam.options.pipeline_options import FlinkRunnerOptions, PortableOptions

    endpoint: str | None = options.view_as(PortableOptions).job_endpoint
    master: str | None = options.view_as(FlinkRunnerOptions).flink_master
    named = endpoint or master
    return named if named and ":" in named else None


def local_workers(beam_args: Sequence[str], asked: int | None, default: int) -> int | None:
    """Processes (or threads) on this machine; None where another runner does the work.

    Args:
        beam_args: Beam's own arguments.
        asked: by ``--workers``; None for nothing.
        default: how many where nothing is asked for.

    Raises:
        UsageError: if ``--workers`` and Beam's options contradict each other.
    """
    if not beam_args:  # then there is no need to import Beam so early
        return asked or default
    from apache_beam.options.pipeline_options import DirectOptions

    options = parse(beam_args)
    name = runner_name(options)
    if name.lower() not in LOCAL_RUNNERS:
        if asked:
            raise UsageError(
                f"--workers is for processes on this machine, not for --runner {name}; "
                "leave it out, or use that runner's own option (--num_workers, --parallelism)"
            )
        return None
    if not any(arg.partition("=")[0] == "--direct_num_workers" for arg in beam_args):
        return asked or default
    direct = int(options.view_as(DirectOptions).direct_num_workers) or usable_cores()
    if asked not in (None, direct):
        raise UsageError(
            f"--workers {asked} and --direct_num_workers {direct} contradict each other; "
            "leave one out"
        )
    return direct
