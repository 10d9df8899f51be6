"""The ``bertprep`` command: the entry point, and what each of its commands does."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from bertprep import __version__
from bertprep.errors import UsageError
from bertprep.options import (
    PrepareOptions,
    ReadOptions,
    ShardOptions,
    VocabOptions,
)
from pipelines.command import process
from pipelines.command.beam_args import BEAM_ARGS, JobCommand
from pipelines.command.options import (
    VOCAB_HELP,
    casing_options,
    debug_option,
    example_options,
    inputs_argument,
    reading_options,
    row_options,
    running_options,
    seed_option,
    sentences_option,
    storing_options,
    vocab_options,
    word_segmenter_option,
    write_drops_option,
)

_EPILOG = "Any option of Beam and its runners is passed through, such as --runner DataflowRunner."


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="bertprep")
@debug_option
@click.pass_context
def cli(ctx: click.Context) -> None:
    """From raw text to the vocabulary and the shards a BERT trainer reads."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)


@cli.command(cls=JobCommand, epilog=_EPILOG)
@inputs_argument
@running_options
@vocab_options
@reading_options
@debug_option
@click.pass_context
def vocab(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Learn a WordPiece vocabulary from INPUT: files, folders or globs.

    INPUT is plain text, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, WikiText, sentence
    pairs (a tab between) or PTB, plain or compressed.
    """
    from pipelines.jobs.vocab import run_vocab

    read, run = _take(ReadOptions, values), _run_options(ctx, values)
    selection = _selection(values)
    run_vocab(inputs, read, VocabOptions(**values), run, selection)


@cli.command(cls=JobCommand, epilog=_EPILOG)
@inputs_argument
@click.option("--vocab", "vocabulary", required=True, help=VOCAB_HELP)
@running_options
@casing_options
@seed_option
@word_segmenter_option
@sentences_option
@reading_options
@write_drops_option
@debug_option
@click.pass_context
def prepare(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Read, segment and tokenize INPUT once, for `bertprep shard` to start from more than once.

    INPUT is plain text, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, WikiText, sentence
    pairs (a tab between) or PTB, plain or compressed.
    """
    from pipelines.folders.vocabulary import load_vocabulary
    from pipelines.jobs.prepare import run_prepare
    from pipelines.jobs.raw import RawCorpus

    read, run = _take(ReadOptions, values), _run_options(ctx, values)
    preparation = _take(PrepareOptions, values)
    casing = values["lowercase"], values["keep_accents"]
    found = load_vocabulary(values["vocabulary"], *casing)
    corpus = RawCorpus.find(inputs, read, preparation, found, _selection(values))
    run_prepare(corpus, run, values["write_drops"])


@cli.command(cls=JobCommand, epilog=_EPILOG)
@inputs_argument
@click.option("--vocab", "vocabulary", help=f"{VOCAB_HELP} [required, but for a prepared INPUT]")
@running_options
@casing_options
@storing_options
@row_options
@seed_option
@example_options
@word_segmenter_option
@sentences_option
@reading_options
@write_drops_option
@debug_option
@click.pass_context
def shard(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Make masked training examples of INPUT: files, folders or globs.

    INPUT is plain text, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, WikiText, sentence
    pairs (a tab between) or PTB, plain or compressed; or the one folder that `bertprep prepare`
    wrote: then all that was fixed there is taken from it.
    """
    from bertprep.layouts.registry import usual_format
    from pipelines.folders.vocabulary import load_vocabulary
    from pipelines.jobs.prepared import prepared_folder
    from pipelines.jobs.raw import RawCorpus
    from pipelines.jobs.shard import run_shard

    run, folder = _run_options(ctx, values), prepared_folder(inputs)
    selection = _selection(values)
    corpus: Any = None
    if folder and (selection.include or selection.exclude):
        raise UsageError(
            f"--include and --exclude choose among raw files, and {folder} holds a prepared "
            "corpus; leave them out, or prepare the inputs anew"
        )
    if folder:
        corpus, values = _prepared(ctx, folder, values)
    elif values["vocabulary"] is None:
        raise click.MissingParameter(ctx=ctx, param_hint="'--vocab'", param_type="option")
    path, casing = values.pop("vocabulary"), (values.pop("lowercase"), values.pop("keep_accents"))
    write_drops = values.pop("write_drops")
    values["output_format"] = values["output_format"] or usual_format(values["layout"])
    read, chosen = _take(ReadOptions, values), ShardOptions(**values)
    if not corpus:
        found = load_vocabulary(path, *casing)
        corpus = RawCorpus.find(inputs, read, chosen.preparation, found, selection)
    run_shard(corpus, chosen, run, write_drops)


def _prepared(ctx: click.Context, folder: str, values: dict[str, Any]) -> tuple[Any, Any]:
    """The corpus in a prepared folder, and the options' values with what was fixed there."""
    from pipelines.folders.vocabulary import load_vocabulary
    from pipelines.jobs.prepared import PreparedCorpus

    corpus = PreparedCorpus.open(folder)
    source = click.core.ParameterSource.COMMANDLINE
    given = {name for name in values if ctx.get_parameter_source(name) == source}
    path = values["vocabulary"]
    corpus.check_casing(values["lowercase"], values["keep_accents"])
    if path is not None:
        keeps = corpus.vocabulary.keeps_accents
        found = load_vocabulary(path, corpus.vocabulary.lowercase, keeps)
        corpus.check_vocabulary(found.vocabulary, path)
    return corpus, corpus.settled(values, given)


@cli.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    help="How many to show. [default: 5; 50 on the page]",
)
@click.option(
    "--html", "page", metavar="FILE", help="Write all of it to a page for a browser instead."
)
@debug_option
def inspect(folder: str, examples: int | None, page: str | None) -> None:
    """Show what is in the shards in DIR: a few examples as text, and figures.

    A predicted token is shown with its answer, as in "What do [MASK](pandas) eat?".
    """
    from pipelines.inspect.inspection import describe, write_page

    if page is not None:
        click.echo(write_page(folder, page, 50 if examples is None else examples))
        return
    is_utf8 = (sys.stdout.encoding or "").lower().startswith("utf")
    shown = describe(folder, 5 if examples is None else examples, is_utf8)
    click.echo(shown, color=False if os.environ.get("NO_COLOR") else None)


@cli.command(name="verify")
@click.argument("folder", metavar="DIR")
@debug_option
def verify_command(folder: str) -> None:
    """Check that the shards in DIR are as bertprep wrote them, byte by byte and row by row.

    Each problem is one line with its file and row; the exit code is then 1.
    """
    from pipelines.jobs.verification import verify

    click.echo(verify(folder, click.echo))


@cli.command(name="status")
@click.argument("folder", metavar="DIR")
@click.option("--work-dir", help="The folder of the run's work files. [default: DIR]")
@click.option("--end", is_flag=True, help="Have the job end: its steps stop by themselves.")
@debug_option
def status_command(folder: str, work_dir: str | None, end: bool) -> None:
    """Show how far the run is that writes DIR, with or without its command."""
    from pipelines.jobs import status

    click.echo((status.end if end else status.status)(folder, work_dir))


def _take(kind: Any, values: dict[str, Any]) -> Any:
    """Moves the values that are fields of an option class into an object of it."""
    names = [name for name in kind.__dataclass_fields__ if name in values]
    return kind(**{name: values.pop(name) for name in names})


def _selection(values: dict[str, Any]) -> Any:
    from pipelines.folders.selection import Selection

    return Selection(values.pop("include"), values.pop("exclude"))


def _run_options(ctx: click.Context, values: dict[str, Any]) -> Any:
    from pipelines.jobs.run import RunOptions

    values["beam_args"] = tuple(ctx.meta[BEAM_ARGS])
    return _take(RunOptions, values)


def main() -> None:
    """Runs the command; errors are one line, exit code 2 for wrong usage and 1 for a failure."""
    process.run(lambda: cli.main(prog_name="bertprep", standalone_mode=False), sys.argv[1:])


if __name__ == "__main__":
    main()
