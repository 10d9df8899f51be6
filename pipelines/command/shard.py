"""`bertprep shard`: rows for a trainer."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from bertprep.errors import UsageError
from bertprep.options import ReadOptions, ShardOptions
from pipelines.command.help import examples
from pipelines.command.inputs import with_inputs
from pipelines.command.options.cleaning import cleaning_options
from pipelines.command.options.inputs import (
    choosing_options,
    inputs_argument,
    mixture_options,
    reading_options,
)
from pipelines.command.options.output import (
    json_option,
    output_options,
    storing_options,
    write_drops_option,
)
from pipelines.command.options.rows import (
    masking_options,
    pair_options,
    seed_option,
    sentences_option,
    word_segmenter_option,
)
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
    name="shard",
    cls=JobCommand,
    short_help="Make shards of masked training rows.",
    epilog=examples(
        "bertprep shard corpus/ --vocab vocab -o shards",
        "bertprep shard prepared -o shards --max-seq-length 512 --masking whole-word",
        "bertprep shard data.jsonl.gz --vocab bert-base-cased -o shards --output-format tfrecord",
        more=BEAM_HELP,
    ),
)
@inputs_argument
@vocab_option(required=False, more=" [required, but for a prepared INPUT]")
@casing_options
@mixture_options
@reading_options
@choosing_options
@cleaning_options
@sentences_option
@pair_options
@masking_options
@word_segmenter_option
@output_options
@storing_options
@write_drops_option
@json_option
@running_options
@seed_option
@config_option
@telling_options
@debug_option
@click.pass_context
@with_inputs
def shard(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Make masked training examples of INPUT: files, folders or globs.

    INPUT is plain text, a MediaWiki dump, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, a
    web archive, HTML, mail, ... (docs/formats.md), plain or compressed; - is standard input; or the
    inputs of a mixture, by --input and --weight in its place; or the one folder that
    `bertprep prepare` wrote: then all that was fixed there is taken from it.
    """
    from bertprep.layouts.registry import usual_format
    from pipelines.folders.vocabulary import load_vocabulary
    from pipelines.jobs.held_out import check_prepared
    from pipelines.jobs.prepared_corpus import prepared_folder
    from pipelines.jobs.raw_corpus import RawCorpus
    from pipelines.jobs.shard import run_shard

    run, folder = take_run(ctx, values), prepared_folder(inputs)
    selection = take_selection(values)
    take_cleaning(ctx, values)
    if folder:
        _check_only(folder, selection)
        left_out = {"--exclude-documents": "exclude_documents", "cleaning": "clean"}
        given = [said for said, name in left_out.items() if values[name] is not None]
        check_prepared(given, folder)
    excluded = take_excluded(values)
    if values["layout"] == "megatron":
        return _megatron(ctx, folder, run, values)
    corpus: Any = None
    if folder:
        corpus, values = _prepared(ctx, folder, values)
    elif values["vocabulary"] is None:
        raise _no_vocabulary(inputs)
    path, casing = values.pop("vocabulary"), (values.pop("lowercase"), values.pop("keep_accents"))
    write_drops = values.pop("write_drops")
    values["output_format"] = values["output_format"] or usual_format(values["layout"])
    read, chosen = take(ReadOptions, values), ShardOptions(**values)
    if not corpus:
        found = load_vocabulary(path, *casing)
        corpus = RawCorpus.find(inputs, read, chosen.preparation, found, selection, excluded)
        corpus = replace(corpus, sizes=run.sizes)
    run_shard(corpus, chosen, run, write_drops)


def _no_vocabulary(inputs: Sequence[str]) -> UsageError:
    paths = " ".join(map(shlex.quote, inputs))
    return UsageError(
        f"missing option --vocab. Learn one (bertprep vocab {paths} -o vocab) and give its folder "
        "(--vocab vocab), or name a model of the Hub (--vocab bert-base-uncased)"
    )


def _check_only(folder: str, selection: Any) -> None:
    """Refuses what chooses among raw inputs, where a prepared corpus is the input."""
    if selection.names:
        raise UsageError(
            f"{folder} holds a prepared corpus, and a mixture is of raw inputs; prepare the "
            "mixture: bertprep prepare --input NAME=PATH ..."
        )
    if selection.include or selection.exclude:
        raise UsageError(
            f"--include and --exclude choose among raw files, and {folder} holds a prepared "
            "corpus; leave them out, or prepare the inputs anew"
        )


def _megatron(ctx: click.Context, folder: str | None, run: Any, values: dict[str, Any]) -> None:
    """Writes a prepared corpus for trainers that make rows themselves."""
    from pipelines.jobs.megatron import run_megatron

    if folder is None:
        raise UsageError(
            "--layout megatron takes a prepared corpus: `bertprep prepare INPUT --vocab VOCAB "
            "--output PREPARED`, and then this command with PREPARED"
        )
    sources = click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.DEFAULT_MAP
    of_rows = ShardOptions.__dataclass_fields__.keys() - {"layout", "seed", "word_segmenter"}
    for name in sorted(of_rows & values.keys()):
        if ctx.get_parameter_source(name) in sources:
            raise UsageError(
                f"--layout megatron has no rows, so that --{name.replace('_', '-')} has no effect: "
                "leave it out"
            )
    run_megatron(_prepared(ctx, folder, values)[0], run)


def _prepared(ctx: click.Context, folder: str, values: dict[str, Any]) -> tuple[Any, Any]:
    """The corpus in a prepared folder, and the options' values with what was fixed there."""
    from pipelines.folders.vocabulary import load_vocabulary
    from pipelines.jobs.prepared_corpus import PreparedCorpus

    corpus = PreparedCorpus.open(folder)
    sources = click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.DEFAULT_MAP
    given = {name for name in values if ctx.get_parameter_source(name) in sources}
    path = values["vocabulary"]
    corpus.check_casing(values["lowercase"], values["keep_accents"])
    if path is not None:
        keeps = corpus.vocabulary.keeps_accents
        found = load_vocabulary(path, corpus.vocabulary.lowercase, keeps)
        corpus.check_vocabulary(found.vocabulary, path)
    return corpus, corpus.settled(values, given)
