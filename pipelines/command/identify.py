"""`bertprep identify`: the identities of documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bertprep.options import ReadOptions
from pipelines.command.help import GroupedCommand, examples
from pipelines.command.inputs import named
from pipelines.command.options.fields import options
from pipelines.command.options.inputs import inputs_argument, reading_options
from pipelines.command.options.rows import sentences_option
from pipelines.command.options.running import debug_option
from pipelines.command.values import take, take_selection


@click.command(
    name="identify",
    cls=GroupedCommand,
    short_help="Print the identities of documents.",
    epilog=examples(
        "bertprep identify corpus/*.jsonl --text-field body",
        "bertprep identify corpus/ --containing 'Jane Doe' > excluded.txt",
        "bertprep identify corpus/ --exclude 'draft*' | cut -f1 | sort | uniq -d",
    ),
)
@inputs_argument
@click.option("--containing", metavar="TEXT", default="", help="Only documents that hold TEXT.")
@click.option(
    "--identity",
    "identities",
    multiple=True,
    metavar="ID",
    help="Only the document known by it, as `bertprep locate` prints it; may be given several "
    "times.",
)
@options(
    click.option(
        "--input",
        multiple=True,
        metavar="NAME=PATH",
        help="An input of a mixture, in the place of INPUT: its documents as rows of the mixture "
        "know them.",
    ),
    group="Input",
)
@reading_options
@sentences_option
@debug_option
@click.pass_context
def identify(
    ctx: click.Context,
    /,
    inputs: Sequence[str],
    containing: str,
    identities: Sequence[str],
    **values: Any,
) -> None:
    """Print a line for each document of INPUT: its identity, file, place there, and beginning.

    The identity is that of its text, and what --exclude-documents of shard and prepare takes; give
    the options that say how INPUT is read as there.  Tabs part the four; the place is the byte, or
    the row of a table.
    """
    from pipelines.jobs.identify import identify as lines

    inputs, values["names"] = named(ctx, inputs, values)
    selection = take_selection(values)
    for line in lines(inputs, take(ReadOptions, values), selection, containing, identities):
        click.echo(line)
