"""From the values of the options to what a job takes."""

from __future__ import annotations

from typing import Any

import click

from bertprep.options import CleanOptions
from pipelines.command.split_arguments import BEAM_ARGS, TYPED
from pipelines.steps.sizes import RUN_SIZES, RunSizes


def take(kind: Any, values: dict[str, Any]) -> Any:
    """Moves the values that are fields of an option class into an object of it."""
    names = [name for name in kind.__dataclass_fields__ if name in values]
    return kind(**{name: values.pop(name) for name in names})


def take_run(ctx: click.Context, values: dict[str, Any]) -> Any:
    """Moves the values that say how to run, with the command as it was typed."""
    from pipelines.jobs.run import RunOptions

    values["beam_args"] = tuple(ctx.meta[BEAM_ARGS])
    values["command"] = (str(ctx.command.name), *ctx.meta[TYPED])
    values["sizes"] = sizes_of(ctx)
    return take(RunOptions, values)


def sizes_of(ctx: click.Context) -> RunSizes:
    """How much work is one step's; who calls the command from Python may have it otherwise."""
    return ctx.find_object(RunSizes) or RUN_SIZES


def take_selection(values: dict[str, Any]) -> Any:
    """Moves the values that choose files among the INPUTs."""
    from pipelines.folders.selection import Selection

    return Selection(values.pop("include"), values.pop("exclude"), values.pop("names", ()))


def take_excluded(values: dict[str, Any]) -> bytes:
    """Moves the list of documents to leave out, sorted; its digest goes to the values."""
    from bertprep.common.digests import digest_of
    from bertprep.corpus.holdout import parse_identities
    from pipelines.folders import files

    path = values.pop("exclude_documents")
    if path is None:
        return b""
    text = files.read_bytes(path).decode("utf-8", "replace")
    data = "".join(f"{identity}\n" for identity in sorted(parse_identities(text, path))).encode()
    values["excluded"] = digest_of(data)
    return data


def take_cleaning(ctx: click.Context, values: dict[str, Any]) -> None:
    """Moves how to clean to one value, ``clean``; None if nothing of it was asked for."""
    names = [name for name in CleanOptions.__dataclass_fields__ if name in values]
    sources = click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.DEFAULT_MAP
    is_asked = values.pop("clean") or any(ctx.get_parameter_source(n) in sources for n in names)
    found: CleanOptions = take(CleanOptions, values)
    values["clean"] = found if is_asked else None
