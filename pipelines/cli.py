"""The ``bertprep`` command."""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Any, get_args

import click

from bertprep import __version__
from bertprep.errors import BertprepError, one_line
from bertprep.options import (
    BadInput,
    DocumentRule,
    InputFormat,
    Layout,
    Masking,
    OutputFormat,
    PrepareOptions,
    ReadOptions,
    SentenceRule,
    ShardOptions,
    Task,
    VocabOptions,
    WordSegmenter,
    usual_format,
)
from pipelines.command.options import BEAM_ARGS, JobCommand, options, shard_number


def _choice(literal: Any) -> click.Choice[str]:
    return click.Choice(list(get_args(literal)))


_VOCAB_HELP = "A vocab.txt, or a folder that holds one (the output of `bertprep vocab`)."

_inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")

_reading = options(
    click.option(
        "--input-format",
        type=_choice(InputFormat),
        default="auto",
        show_default=True,
        help="What the files hold; auto looks at the first bytes of each.",
    ),
    click.option(
        "--documents",
        type=_choice(DocumentRule),
        default="auto",
        help="What a document is in plain text: what blank lines separate; a section, which two of "
        "them or more do; a line; or a file. [default: section for hard-wrapped lines, else "
        "blank-line]",
    ),
    click.option(
        "--text-field",
        default="text",
        show_default=True,
        help="The key of a JSON line that holds the text.",
    ),
    click.option(
        "--keep-titles",
        is_flag=True,
        help="Keep the title that WikiExtractor repeats as the first line of each article.",
    ),
    click.option(
        "--bad-input",
        type=_choice(BadInput),
        default="fail",
        show_default=True,
        help="Stop at the first record that cannot be read, or leave such out and count them.",
    ),
)

_running = options(
    click.option("--output", required=True, help="The folder to write; it must be empty or new."),
    click.option("--overwrite", is_flag=True, help="Replace what bertprep wrote there before."),
    click.option("--resume", is_flag=True, help="Go on with a run that was broken off."),
    click.option("--work-dir", help="A folder for the work files. [default: below --output]"),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        help="Processes on this machine. [default: one per core, as far as the input is worth it]",
    ),
    click.option("--strict", is_flag=True, help="Take warnings for errors, and write nothing."),
)

_casing = click.option(
    "--uncased/--cased",
    "lowercase",
    default=None,
    help="How to treat letters. [default: as the vocabulary's folder or its tokens say]",
)
_seed = click.option(
    "--seed", type=int, default=12345, show_default=True, help="Of everything random."
)
_word_segmenter = click.option(
    "--word-segmenter",
    type=_choice(WordSegmenter),
    default="none",
    show_default=True,
    help="Mask Chinese by the words jieba finds, not by character (needs bertprep[zh]).",
)
_sentences = click.option(
    "--sentences",
    type=_choice(SentenceRule),
    default="rules",
    show_default=True,
    help="Segment lines by rules; the same for hard-wrapped lines; or one sentence a line.",
)
_write_drops = click.option(
    "--write-drops", is_flag=True, help="Write what was left out, and why, to dropped.jsonl."
)

_EPILOG = "Any option of Beam and its runners is passed through, such as --runner DataflowRunner."


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="bertprep")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """From raw text to the vocabulary and the shards a BERT trainer reads."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)


@cli.command(cls=JobCommand, epilog=_EPILOG)
@_inputs
@_running
@click.option(
    "--vocab-size",
    type=int,
    default=30522,
    show_default=True,
    help="Lines of vocab.txt, special and unused tokens included.",
)
@click.option(
    "--uncased/--cased",
    "lowercase",
    default=True,
    show_default=True,
    help="Lower-case and strip accents, or keep the text's letters.",
)
@click.option(
    "--min-frequency",
    type=int,
    default=2,
    show_default=True,
    help="How often a piece must occur in the corpus.",
)
@click.option(
    "--limit-alphabet",
    type=int,
    default=1000,
    show_default=True,
    help="Different characters that words are spelled with; CJK ideographs do not count.",
)
@click.option("--max-token-length", type=int, help="Characters of the longest piece.")
@click.option(
    "--unused-tokens",
    type=int,
    default=0,
    show_default=True,
    help="[unusedN] tokens to reserve; with 99 or more, [UNK] [CLS] [SEP] [MASK] get ids 100-103.",
)
@_reading
@click.pass_context
def vocab(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Learn a WordPiece vocabulary from INPUT: files, folders or globs.

    INPUT is plain text, WikiExtractor output, JSON lines, sentence pairs (a tab between) or PTB,
    plain or .gz, in UTF-8.
    """
    from pipelines.jobs.jobs import run_vocab

    read, run = _take(ReadOptions, values), _run_options(ctx, values)
    run_vocab(inputs, read, VocabOptions(**values), run)


@cli.command(cls=JobCommand, epilog=_EPILOG)
@_inputs
@click.option("--vocab", "vocabulary", required=True, help=_VOCAB_HELP)
@_running
@_casing
@_seed
@_word_segmenter
@_sentences
@_reading
@_write_drops
@click.pass_context
def prepare(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Read, segment and tokenize INPUT once, for `bertprep shard` to start from more than once.

    INPUT is plain text, WikiExtractor output, JSON lines, sentence pairs (a tab between) or PTB,
    plain or .gz, in UTF-8.
    """
    from pipelines.jobs.jobs import load_vocabulary, run_prepare
    from pipelines.jobs.raw import RawCorpus

    read, run = _take(ReadOptions, values), _run_options(ctx, values)
    preparation = _take(PrepareOptions, values)
    vocabulary = load_vocabulary(values["vocabulary"], values["lowercase"])
    corpus = RawCorpus.find(inputs, read, preparation, vocabulary)
    run_prepare(corpus, run, values["write_drops"])


@cli.command(cls=JobCommand, epilog=_EPILOG)
@_inputs
@click.option("--vocab", "vocabulary", help=f"{_VOCAB_HELP} [required, but for a prepared INPUT]")
@_running
@_casing
@click.option(
    "--output-format",
    type=_choice(OutputFormat),
    help="The container. [default: tfrecord for the bert4keras layout, parquet for others]",
)
@click.option(
    "--layout",
    type=_choice(Layout),
    help="Names and types of the columns. [default: huggingface for parquet, google for tfrecord]",
)
@click.option(
    "--num-shards",
    callback=shard_number,
    default="auto",
    show_default=True,
    metavar="N|auto",
    help="Output files; auto makes them of 64 MiB of token ids at most.",
)
@click.option(
    "--bin-size",
    type=int,
    metavar="N",
    help="Shards by length: rows of 1 to N tokens, of N + 1 to 2N, ...; N divides the length.",
)
@click.option(
    "--pack", is_flag=True, help="Put several short examples into one row, kept apart by their ids."
)
@click.option(
    "--max-seq-length",
    type=int,
    default=128,
    show_default=True,
    help="Tokens of a row, [CLS] and [SEP]s included.",
)
@click.option(
    "--max-predictions-per-seq",
    type=int,
    default=20,
    show_default=True,
    help="The most tokens of a row to predict.",
)
@click.option(
    "--masked-lm-prob",
    type=float,
    default=0.15,
    show_default=True,
    help="Share of a row's tokens to predict.",
)
@click.option(
    "--mask-replace-prob",
    type=float,
    default=0.8,
    show_default=True,
    help="Share of the predicted tokens that are shown as [MASK].",
)
@click.option(
    "--random-replace-prob",
    type=float,
    default=0.1,
    show_default=True,
    help="Share that is shown as a random token; the others stay as they are.",
)
@click.option(
    "--short-seq-prob",
    type=float,
    help="Share of documents cut into shorter rows. [default: 0.1; 0 for --task none]",
)
@click.option(
    "--dupe-factor",
    type=int,
    default=10,
    show_default=True,
    help="Passes over the corpus, each with its own pairs and masks.",
)
@_seed
@click.option(
    "--task",
    type=_choice(Task),
    default="nsp",
    show_default=True,
    help="Pairs for next sentence prediction, sentence order prediction, or no pairs.",
)
@click.option(
    "--masking",
    type=_choice(Masking),
    default="token",
    show_default=True,
    help="Mask tokens, whole words, or spans of words; or store rows for a loader to mask.",
)
@_word_segmenter
@_sentences
@_reading
@_write_drops
@click.pass_context
def shard(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Make masked training examples of INPUT: files, folders or globs.

    INPUT is plain text, WikiExtractor output, JSON lines, sentence pairs (a tab between) or PTB,
    plain or .gz, in UTF-8; or the one folder that `bertprep prepare` wrote: then all that was fixed
    there is taken from it.
    """
    from pipelines.jobs.jobs import load_vocabulary, run_shard
    from pipelines.jobs.prepared import prepared_folder
    from pipelines.jobs.raw import RawCorpus

    run, folder = _run_options(ctx, values), prepared_folder(inputs)
    corpus: Any = None
    if folder:
        corpus, values = _prepared(ctx, folder, values)
    elif values["vocabulary"] is None:
        raise click.MissingParameter(ctx=ctx, param_hint="'--vocab'", param_type="option")
    path, lowercase = values.pop("vocabulary"), values.pop("lowercase")
    write_drops = values.pop("write_drops")
    values["output_format"] = values["output_format"] or usual_format(values["layout"])
    read, chosen = _take(ReadOptions, values), ShardOptions(**values)
    if not corpus:
        vocabulary = load_vocabulary(path, lowercase)
        corpus = RawCorpus.find(inputs, read, chosen.preparation, vocabulary)
    run_shard(corpus, chosen, run, write_drops)


def _prepared(ctx: click.Context, folder: str, values: dict[str, Any]) -> tuple[Any, Any]:
    """The corpus in a prepared folder, and the options' values with what was fixed there."""
    from pipelines.jobs.jobs import load_vocabulary
    from pipelines.jobs.prepared import PreparedCorpus

    corpus = PreparedCorpus.open(folder)
    source = click.core.ParameterSource.COMMANDLINE
    given = {name for name in values if ctx.get_parameter_source(name) == source}
    path, lowercase = values["vocabulary"], values["lowercase"]
    corpus.check_casing(lowercase)
    if path is not None:
        corpus.check_vocabulary(load_vocabulary(path, corpus.vocabulary.lowercase), path)
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
def verify_command(folder: str) -> None:
    """Check that the shards in DIR are as bertprep wrote them, byte by byte and row by row.

    Each problem is one line with its file and row; the exit code is then 1.
    """
    from pipelines.jobs.verification import verify

    click.echo(verify(folder, click.echo))


def _take(kind: Any, values: dict[str, Any]) -> Any:
    """Moves the values that are fields of an option class into an object of it."""
    names = [name for name in kind.__dataclass_fields__ if name in values]
    return kind(**{name: values.pop(name) for name in names})


def _run_options(ctx: click.Context, values: dict[str, Any]) -> Any:
    from pipelines.jobs.jobs import RunOptions

    values["beam_args"] = tuple(ctx.meta[BEAM_ARGS])
    return _take(RunOptions, values)


class Interrupted(BaseException):
    """Ctrl-C.  No KeyboardInterrupt: Beam would take it for a failure of what it was running."""

    exit_code = 130


class Terminated(Interrupted):
    """Another process wants this one to end."""

    exit_code = 143


def _on_signal(number: int, frame: object) -> None:
    # One signal is enough: a second one would cut the clean-up short.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Interrupted("interrupted") if number == signal.SIGINT else Terminated("terminated")


def main() -> None:
    """Runs the command; errors are one line, exit code 2 for wrong usage and 1 for a failure."""
    from pipelines.runner import runner

    _open_standard_streams()
    runner.quieten()
    # A parent may ignore it, and then nobody is told how a worker process ended.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # What is shown is of any language, and a terminal or a log may not be.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGINT, _on_signal)
    signal.signal(signal.SIGTERM, _on_signal)
    try:
        sys.exit(cli.main(prog_name="bertprep", standalone_mode=False))
    except click.ClickException as error:
        _fail(error.format_message() + _help_hint(error), error.exit_code)
    except BertprepError as error:
        if os.environ.get("BERTPREP_TRACEBACK"):
            traceback.print_exception(error)
        _fail(str(error), error.exit_code)
    except Interrupted as error:
        _fail(runner.without_step_names(error.args[0]), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), 1)


def _open_standard_streams() -> None:
    """Opens those that are closed: the next file or pipe would take their place."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _help_hint(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter) and error.ctx:
        return f" See `{error.ctx.command_path} --help`."
    return ""


def _fail(message: str, code: int) -> None:
    click.echo(f"bertprep: error: {one_line(message)}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
