"""`bertprep vocab`: learn a vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bertprep.options import ReadOptions, VocabOptions
from pipelines.command.help import examples
from pipelines.command.inputs import with_inputs
from pipelines.command.options.cleaning import cleaning_options
from pipelines.command.options.inputs import inputs_argument, mixture_options, reading_options
from pipelines.command.options.output import json_option, output_options
from pipelines.command.options.running import (
    config_option,
    debug_option,
    running_options,
    telling_options,
)
from pipelines.command.options.vocabulary import vocab_options
from pipelines.command.split_arguments import BEAM_HELP, JobCommand
from pipelines.command.values import take, take_cleaning, take_run, take_selection


@click.command(
    name="vocab",
    cls=JobCommand,
    short_help="Learn a WordPiece vocabulary.",
    epilog=examples(
        "bertprep vocab corpus/ -o vocab",
        "bertprep vocab 'wiki/*/wiki_*' -o vocab --vocab-size 50000 --cased",
        "bertprep vocab data.parquet -o vocab --text-field body -j 4",
        more=BEAM_HELP,
    ),
)
@inputs_argument
@output_options
@json_option
@vocab_options
@mixture_options
@reading_options
@cleaning_options
@running_options
@config_option
@telling_options
@debug_option
@click.pass_context
@with_inputs
def vocab(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Learn a WordPiece vocabulary from INPUT: files, folders or globs.

    INPUT is plain text, a MediaWiki dump, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, a
    web archive, HTML, mail, ... (docs/formats.md), plain or compressed; - is standard input.
    """
    from pipelines.jobs.vocab import run_vocab

    take_cleaning(ctx, values)
    read, run = take(ReadOptions, values), take_run(ctx, values)
    selection = take_selection(values)
    run_vocab(inputs, read, VocabOptions(**values), run, selection)
