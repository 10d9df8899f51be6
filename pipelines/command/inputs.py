"""The INPUTs of a command: named in a mixture, spooled, and as workers are to open them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from pipelines.command.split_arguments import BEAM_ARGS


def with_inputs(job: Callable[..., None]) -> Callable[..., None]:
    """The same job, whose stores can be opened, and whose INPUT ``-`` is a file.

    Where workers are elsewhere, its paths are absolute.
    """

    @wraps(job)
    def wrapped(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
        from bertprep.stores.schemes import check_stores
        from pipelines.folders.standard_input import spooled
        from pipelines.runner.left_out import settle_pyarrow

        settle_pyarrow()
        inputs, values["names"] = named(ctx, inputs, values)
        output, work_dir = values["output"], values["work_dir"]
        check_stores([*inputs, values.get("vocabulary")], [output, work_dir])
        with spooled(inputs, output, work_dir) as paths:
            job(ctx, placed(ctx, paths, values), **values)

    return wrapped


def named(ctx: click.Context, inputs: Sequence[str], values: dict[str, Any]) -> Any:
    """The INPUTs and their names in a mixture.

    Args:
        ctx: tells which options were given.
        inputs: the INPUTs.
        values: of the options, by name; those of a mixture are taken out, and those that its file
            has are put in where none was given.
    """
    from pipelines.folders.mixture_inputs import named_inputs

    found = named_inputs(inputs, values.pop("input", ()), values.pop("mixture", None))
    for option, value in found.options.items():
        if ctx.get_parameter_source(option) == click.core.ParameterSource.DEFAULT:
            values[option] = value
    return found.paths, found.names


def placed(ctx: click.Context, inputs: list[str], values: dict[str, Any]) -> list[str]:
    """The INPUTs as workers are to open them.

    Args:
        ctx: has Beam's arguments.
        inputs: the INPUTs, as ``spooled`` gives them.
        values: of the options, by name; the folders among them become so, too.
    """
    beam_args = ctx.meta[BEAM_ARGS]
    if not beam_args:
        return inputs
    from bertprep.stores import s3
    from pipelines.messages.say import warn
    from pipelines.runner import beam_options
    from pipelines.runner.remote_paths import absolute, check_shared

    options = beam_options.parse(beam_args)
    s3.configure(options.get_all_options())
    if not beam_options.is_remote(beam_args):
        return inputs
    for name in ("output", "work_dir"):
        values[name] = values[name] and absolute(values[name])
    paths = [absolute(path) for path in inputs]
    work = values["work_dir"] or values["output"]
    doubt = check_shared([*paths, values["output"], work], options)
    warn([doubt] if doubt else [])
    return paths
