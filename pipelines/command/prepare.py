"""`bertprep prepare`: tokenize a corpus once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from bertprep.options import PrepareOptions, ReadOptions
from pipelines.command.help import examples
from pipelines.command.inputs import with_inputs
from pipelines.command.options.cleaning import cleaning_options
from pipelines.command.options.inputs import (
    choosing_options,
    inputs_argument,
    mixture_options,
    reading_options,
)
from pipelines.command.options.output import json_option, output_options, write_drops_option
from pipelines.command.options.rows import seed_option, sentences_option, word_segmenter_option
from pipelines.command.options.running import (
    config_option,
    debug_option,
    running_options,
    telling_options,
)
from pipelines.command.options.vocabulary import casing_options, vocab_option
from pipelines.command.split_arguments import BEAM_HELP, JobCommand
from pipelines.command.values import take, take_cleaning, take_excluded, take_run, take_selection


@click.command(
    name="prepare",
    cls=JobCommand,
    short_help="Tokenize a corpus once, for several sets of shards.",
    epilog=examples(
        "bertprep prepare corpus/ --vocab vocab -o prepared",
        "bertprep prepare book.txt --vocab bert-base-uncased -o prepared --sentences wrapped",
        "bertprep prepare zh/ --vocab zh-vocab -o prepared --word-segmenter jieba -j 8",
        more=BEAM_HELP,
    ),
)
@inputs_argument
@vocab_option(required=True)
@casing_options
@mixture_options
@reading_options
@choosing_options
@cleaning_options
@sentences_option
@word_segmenter_option
@output_options
@write_drops_option
@json_option
@running_options
@seed_option
@config_option
@telling_options
@debug_option
@click.pass_context
@with_inputs
def prepare(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Read, segment and tokenize INPUT once, for `bertprep shard` to start from more than once.

    INPUT is plain text, a MediaWiki dump, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, a
    web archive, HTML, mail, ... (docs/formats.md), plain or compressed; - is standard input.
    """
    from pipelines.folders.vocabulary import load_vocabulary
    from pipelines.jobs.prepare import run_prepare
    from pipelines.jobs.raw_corpus import RawCorpus

    excluded = take_excluded(values)
    take_cleaning(ctx, values)
    read, run = take(ReadOptions, values), take_run(ctx, values)
    preparation = take(PrepareOptions, values)
    casing = values["lowercase"], values["keep_accents"]
    found = load_vocabulary(values["vocabulary"], *casing)
    corpus = RawCorpus.find(inputs, read, preparation, found, take_selection(values), excluded)
    run_prepare(replace(corpus, sizes=run.sizes), run, values["write_drops"])
