"""`bertprep clean`: leave out copies, and what rules drop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bertprep.options import CleanOptions, ReadOptions
from pipelines.command.help import examples
from pipelines.command.inputs import with_inputs
from pipelines.command.options.cleaning import clean_options
from pipelines.command.options.inputs import inputs_argument, reading_options
from pipelines.command.options.output import output_options, write_drops_option
from pipelines.command.options.running import (
    config_option,
    debug_option,
    running_options,
    telling_options,
)
from pipelines.command.split_arguments import JobCommand
from pipelines.command.values import take, take_run, take_selection


@click.command(
    name="clean",
    cls=JobCommand,
    short_help="Leave out copies, and what rules drop.",
    epilog=examples(
        "bertprep clean wiki/ --output clean",
        "bertprep clean crawl/*.jsonl.zst --rules gopher --near-duplicates 0.8 -o clean",
        "bertprep clean novels/ --duplicates lines --repeated-lines 20 --write-drops -o clean",
    ),
)
@inputs_argument
@reading_options
@clean_options
@output_options
@write_drops_option
@running_options
@config_option
@telling_options
@debug_option
@click.pass_context
@with_inputs
def clean(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Write INPUT without copies and without what rules leave out, for all other commands to read.

    INPUT is plain text, WikiExtractor output, a MediaWiki dump, JSON, Parquet, Arrow, CSV or TSV,
    plain or compressed; - is standard input. What is written are JSON lines, the same for any
    number of workers.
    """
    from pipelines.jobs.clean import run_clean

    read, run = take(ReadOptions, values), take_run(ctx, values)
    selection, write_drops = take_selection(values), values.pop("write_drops")
    run_clean(inputs, read, CleanOptions(**values), run, selection, write_drops)
