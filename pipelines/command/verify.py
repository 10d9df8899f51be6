"""`bertprep verify`: whether shards are as they were written."""

from __future__ import annotations

import json

import click

from bertprep.errors import VerificationError
from pipelines.command.help import GroupedCommand, examples
from pipelines.command.options.fields import FOLDER, options
from pipelines.command.options.output import json_option
from pipelines.command.options.running import debug_option, quiet_option
from pipelines.command.values import sizes_of
from pipelines.messages import audience


@click.command(
    name="verify",
    cls=GroupedCommand,
    short_help="Check that shards are as they were written.",
    epilog=examples(
        "bertprep verify shards",
        "bertprep verify shards -q && sbatch train.sh",
        "bertprep verify shards --json | jq .problems",
    ),
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@json_option
@options(quiet_option)
@debug_option
@click.pass_context
def verify(ctx: click.Context, folder: str) -> None:
    """Check that the shards in DIR are as bertprep wrote them, byte by byte and row by row.

    Each problem is one line with its file and row; the exit code is then 1.
    """
    from pipelines.jobs import verification

    sizes = sizes_of(ctx)

    if not audience.is_json():
        said = verification.verify(folder, click.echo, sizes)
        if not audience.is_quiet():
            click.echo(said)
        return
    problems: list[str] = []
    try:
        said = verification.verify(folder, problems.append, sizes)
    except VerificationError as error:
        shown = {"folder": folder, "good": False, "problems": problems, "result": str(error)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        raise
    shown = {"folder": folder, "good": True, "problems": problems, "result": said}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
