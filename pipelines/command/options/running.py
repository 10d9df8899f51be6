"""How a command runs, and how much it says."""

from __future__ import annotations

from typing import Any

import click

from pipelines.command.options.fields import CONFIG_FLAG, FILE, FOLDER, options
from pipelines.messages import audience
from pipelines.runner import debug

debug_option = options(
    click.option(
        debug.FLAG,
        is_flag=True,
        expose_value=False,  # it is looked for before click parses: see pipelines.runner.debug
        help=f"Show tracebacks and Beam's log, as {debug.VARIABLE}=1 does.",
    )
)


def _loudness(level: int) -> Any:
    def speak(ctx: click.Context, param: click.Parameter, given: bool) -> None:
        if given:
            audience.set_level(level)

    return speak


def _as_json(ctx: click.Context, param: click.Parameter, given: bool) -> None:
    audience.set_json(given)


quiet_option = click.option(
    "--quiet",
    "-q",
    is_flag=True,
    expose_value=False,
    callback=_loudness(audience.QUIET),
    help="Say nothing but warnings and errors.",
)
telling_options = options(
    quiet_option,
    click.option(
        "--verbose",
        "-v",
        is_flag=True,
        expose_value=False,
        callback=_loudness(audience.VERBOSE),
        help="Name each file that is read, and as what.",
    ),
)
config_option = options(
    click.option(
        CONFIG_FLAG,
        metavar="FILE",
        type=FILE,
        expose_value=False,  # it is read before click parses: see pipelines.command.split_arguments
        help="Take options from a file of TOML; those given here come first.",
    )
)
running_options = options(
    click.option("--resume", is_flag=True, help="Go on with a run that was broken off."),
    click.option(
        "--work-dir",
        type=FOLDER,
        metavar="DIR",
        help="A folder for the work files. [default: below --output]",
    ),
    click.option(
        "--workers",
        "-j",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes on this machine. [default: one per core, as far as the input is worth it]",
    ),
    click.option(
        "--wait/--no-wait",
        default=True,
        help="With another --runner: stay until its job has ended, or print where it is and leave.",
    ),
    click.option("--strict", is_flag=True, help="Take warnings for errors, and write nothing."),
    click.option(
        "--dry-run",
        is_flag=True,
        help="Say what would be read and written, and how long it may take; write nothing.",
    ),
)
