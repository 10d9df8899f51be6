"""`bertprep status`: how far a run is."""

from __future__ import annotations

import click

from pipelines.command.help import GroupedCommand, examples
from pipelines.command.options.fields import FOLDER, options
from pipelines.command.options.running import debug_option


@click.command(
    name="status",
    cls=GroupedCommand,
    short_help="Show how far a run is, or end it.",
    epilog=examples(
        "bertprep status shards",
        "bertprep status gs://bucket/shards --work-dir gs://bucket/work",
        "bertprep status gs://bucket/shards --end",
    ),
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@options(
    click.option(
        "--work-dir",
        type=FOLDER,
        metavar="DIR",
        help="The folder of the run's work files. [default: DIR]",
    ),
    click.option("--end", is_flag=True, help="Have the job end: its steps stop by themselves."),
)
@debug_option
def status(folder: str, work_dir: str | None, end: bool) -> None:
    """Show how far the run is that writes DIR, with or without its command."""
    from pipelines.jobs import status as job

    click.echo((job.end if end else job.status)(folder, work_dir))
