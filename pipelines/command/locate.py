"""`bertprep locate`: which documents a row comes from."""

from __future__ import annotations

import click

from pipelines.command.help import GroupedCommand, examples
from pipelines.command.options.fields import FOLDER
from pipelines.command.options.output import json_option
from pipelines.command.options.running import debug_option
from pipelines.messages import audience


@click.command(
    name="locate",
    cls=GroupedCommand,
    short_help="Print which documents a row comes from.",
    epilog=examples(
        "bertprep locate shards 3 1716",
        "bertprep locate shards shard-00003-of-00016.parquet 1716",
        "bertprep locate shards 3 1716 | cut -f1 > excluded.txt",
    ),
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("shard", metavar="SHARD")
@click.argument("row", metavar="ROW", type=click.IntRange(min=0))
@json_option
@debug_option
def locate(folder: str, shard: str, row: int) -> None:
    """Print which documents ROW of SHARD in DIR comes from, if it was made with --origins.

    A line for each document: its identity, which example of the row (one, unless rows are packed),
    whether A (and B, if no other line says so) is of it, the pass, its file, and the byte (or row
    of a table) at which it begins there; tabs part them.  Copies of a document have a line each.
    SHARD is a name or a number; it, rows, examples and passes are numbered from 0.
    """
    from pipelines.jobs import locate as job

    if audience.is_json():
        audience.Spoken().result("", job.located_as_json(folder, shard, row))
        return
    for line in job.locate(folder, shard, row):
        click.echo(line)
