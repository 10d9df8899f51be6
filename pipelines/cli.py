"""The ``bertprep`` command: the entry point, and what each of its commands does."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from bertprep import __version__
from bertprep.errors import UsageError, VerificationError
from bertprep.options import (
    CleanOptions,
    PrepareOptions,
    ReadOptions,
    ShardOptions,
    VocabOptions,
)
from pipelines.command import completion, process
from pipelines.command.beam_args import BEAM_ARGS, TYPED, JobCommand
from pipelines.command.help import GroupedCommand, examples
from pipelines.command.options import (
    ANY_PATH,
    FILE,
    FOLDER,
    casing_options,
    choosing_options,
    clean_options,
    config_option,
    debug_option,
    inputs_argument,
    json_option,
    masking_options,
    mixture_options,
    options,
    output_options,
    pair_options,
    quiet_option,
    reading_options,
    running_options,
    seed_option,
    sentences_option,
    storing_options,
    telling_options,
    vocab_option,
    vocab_options,
    word_segmenter_option,
    write_drops_option,
)
from pipelines.messages import voice
from pipelines.messages.say import say

_BEAM = (
    "Any option of Beam and its runners is passed through as it is spelled there, such as "
    "--runner DataflowRunner."
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
    epilog=examples(
        "bertprep vocab corpus/ -o vocab",
        "bertprep shard corpus/ --vocab vocab -o shards",
        "bertprep inspect shards --html report.html",
        more="`bertprep COMMAND --help` has more.",
    ),
)
@click.version_option(__version__, prog_name="bertprep")
@debug_option
@click.pass_context
def cli(ctx: click.Context) -> None:
    """From raw text to the vocabulary and the shards a BERT trainer reads."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)


def _with_inputs(job: Callable[..., None]) -> Callable[..., None]:
    """The same job, whose stores can be opened, and whose INPUT ``-`` is a file.

    Where workers are elsewhere, its paths are absolute.
    """

    @wraps(job)
    def wrapped(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
        from pipelines.folders.extras import check_stores
        from pipelines.folders.standard_input import spooled

        inputs, values["names"] = _named(ctx, inputs, values)
        output, work_dir = values["output"], values["work_dir"]
        check_stores([*inputs, values.get("vocabulary")], [output, work_dir])
        with spooled(inputs, output, work_dir) as paths:
            job(ctx, _placed(ctx, paths, values), **values)

    return wrapped


@cli.command(
    cls=JobCommand,
    short_help="Learn a WordPiece vocabulary.",
    epilog=examples(
        "bertprep vocab corpus/ -o vocab",
        "bertprep vocab 'wiki/*/wiki_*' -o vocab --vocab-size 50000 --cased",
        "bertprep vocab data.parquet -o vocab --text-field body -j 4",
        more=_BEAM,
    ),
)
@inputs_argument
@output_options
@json_option
@vocab_options
@mixture_options
@reading_options
@running_options
@config_option
@telling_options
@debug_option
@click.pass_context
@_with_inputs
def vocab(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Learn a WordPiece vocabulary from INPUT: files, folders or globs.

    INPUT is plain text, a MediaWiki dump, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, a
    web archive, HTML, mail, ... (docs/formats.md), plain or compressed; - is standard input.
    """
    from pipelines.jobs.vocab import run_vocab

    read, run = _take(ReadOptions, values), _run_options(ctx, values)
    selection = _selection(values)
    run_vocab(inputs, read, VocabOptions(**values), run, selection)


@cli.command(
    cls=JobCommand,
    short_help="Tokenize a corpus once, for several sets of shards.",
    epilog=examples(
        "bertprep prepare corpus/ --vocab vocab -o prepared",
        "bertprep prepare book.txt --vocab bert-base-uncased -o prepared --sentences wrapped",
        "bertprep prepare zh/ --vocab zh-vocab -o prepared --word-segmenter jieba -j 8",
        more=_BEAM,
    ),
)
@inputs_argument
@vocab_option(required=True)
@casing_options
@mixture_options
@reading_options
@choosing_options
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
@_with_inputs
def prepare(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Read, segment and tokenize INPUT once, for `bertprep shard` to start from more than once.

    INPUT is plain text, a MediaWiki dump, WikiExtractor output, JSON, Parquet, Arrow, CSV, TSV, a
    web archive, HTML, mail, ... (docs/formats.md), plain or compressed; - is standard input.
    """
    from pipelines.folders.vocabulary import load_vocabulary
    from pipelines.jobs.prepare import run_prepare
    from pipelines.jobs.raw import RawCorpus

    excluded = _excluded(values)
    read, run = _take(ReadOptions, values), _run_options(ctx, values)
    preparation = _take(PrepareOptions, values)
    casing = values["lowercase"], values["keep_accents"]
    found = load_vocabulary(values["vocabulary"], *casing)
    corpus = RawCorpus.find(inputs, read, preparation, found, _selection(values), excluded)
    run_prepare(corpus, run, values["write_drops"])


@cli.command(
    cls=JobCommand,
    short_help="Make shards of masked training rows.",
    epilog=examples(
        "bertprep shard corpus/ --vocab vocab -o shards",
        "bertprep shard prepared -o shards --max-seq-length 512 --masking whole-word",
        "bertprep shard data.jsonl.gz --vocab bert-base-cased -o shards --output-format tfrecord",
        more=_BEAM,
    ),
)
@inputs_argument
@vocab_option(required=False, more=" [required, but for a prepared INPUT]")
@casing_options
@mixture_options
@reading_options
@choosing_options
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
@_with_inputs
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
    from pipelines.jobs.prepared import prepared_folder
    from pipelines.jobs.raw import RawCorpus
    from pipelines.jobs.shard import run_shard

    run, folder = _run_options(ctx, values), prepared_folder(inputs)
    selection = _selection(values)
    corpus: Any = None
    if folder and selection.names:
        raise UsageError(
            f"{folder} holds a prepared corpus, and a mixture is of raw inputs; prepare the "
            "mixture: bertprep prepare --input NAME=PATH ..."
        )
    if folder and (selection.include or selection.exclude):
        raise UsageError(
            f"--include and --exclude choose among raw files, and {folder} holds a prepared "
            "corpus; leave them out, or prepare the inputs anew"
        )
    if folder:
        check_prepared(values["exclude_documents"] is not None, folder)
    excluded = _excluded(values)
    if values["layout"] == "megatron":
        return _megatron(ctx, folder, run, values)
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
        corpus = RawCorpus.find(inputs, read, chosen.preparation, found, selection, excluded)
    run_shard(corpus, chosen, run, write_drops)


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
    from pipelines.jobs.prepared import PreparedCorpus

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


@cli.command(
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
@_with_inputs
def clean(ctx: click.Context, /, inputs: Sequence[str], **values: Any) -> None:
    """Write INPUT without copies and without what rules leave out, for all other commands to read.

    INPUT is plain text, WikiExtractor output, a MediaWiki dump, JSON, Parquet, Arrow, CSV or TSV,
    plain or compressed; - is standard input. What is written are JSON lines, the same for any
    number of workers.
    """
    from pipelines.jobs.clean import run_clean

    read, run = _take(ReadOptions, values), _run_options(ctx, values)
    selection, write_drops = _selection(values), values.pop("write_drops")
    run_clean(inputs, read, CleanOptions(**values), run, selection, write_drops)


@cli.command(
    cls=GroupedCommand,
    short_help="Show examples and figures of shards.",
    epilog=examples(
        "bertprep inspect shards",
        "bertprep inspect shards --html report.html",
        "bertprep inspect shards other-shards",
    ),
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("other", metavar="[DIR]", required=False, type=FOLDER)
@options(
    click.option(
        "--examples",
        type=click.IntRange(min=0),
        metavar="N",
        help="How many to show. [default: 5; 50 on the page]",
    ),
    click.option(
        "--html",
        "page",
        type=FILE,
        metavar="FILE",
        help="Write all of it to a page for a browser instead.",
    ),
    click.option("--title", default="", metavar="TEXT", help="Of the page. [default: DIR's name]"),
    group="Output",
)
@json_option
@debug_option
def inspect(
    folder: str, other: str | None, examples: int | None, page: str | None, title: str
) -> None:
    """Show what is in the shards in DIR: a few examples as text, and figures.

    A predicted token is shown with its answer, as in "What do [MASK](pandas) eat?".  Of two DIRs
    the figures, and the options that differ, are shown beside each other.
    """
    from pipelines.inspect import compare
    from pipelines.inspect.inspection import describe, figures_of, write_page

    if other is not None:
        if page is not None or examples is not None:
            raise UsageError("two sets of shards are compared as text: without --html, --examples")
        if voice.is_json():
            voice.Spoken().result("", compare.as_json(folder, other))
        else:
            click.echo(compare.describe(folder, other))
        return
    if page is not None:
        click.echo(write_page(folder, page, 50 if examples is None else examples, title))
        return
    if voice.is_json():
        voice.Spoken().result("", figures_of(folder, 5 if examples is None else examples))
        return
    is_utf8 = (sys.stdout.encoding or "").lower().startswith("utf")
    shown = describe(folder, 5 if examples is None else examples, is_utf8)
    click.echo(shown, color=False if os.environ.get("NO_COLOR") else None)


@cli.command(
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

    inputs, values["names"] = _named(ctx, inputs, values)
    selection = _selection(values)
    for line in lines(inputs, _take(ReadOptions, values), selection, containing, identities):
        click.echo(line)


@cli.command(
    cls=GroupedCommand,
    short_help="Print which documents a row comes from.",
    epilog=examples(
        "bertprep locate shards 3 1716",
        "bertprep locate shards rows/shard-00003-of-00016.parquet 1716",
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

    if voice.is_json():
        voice.Spoken().result("", job.located_as_json(folder, shard, row))
        return
    for line in job.locate(folder, shard, row):
        click.echo(line)


@cli.command(
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
def verify_command(folder: str) -> None:
    """Check that the shards in DIR are as bertprep wrote them, byte by byte and row by row.

    Each problem is one line with its file and row; the exit code is then 1.
    """
    from pipelines.jobs.verification import verify

    if not voice.is_json():
        said = verify(folder, click.echo)
        if not voice.is_quiet():
            click.echo(said)
        return
    problems: list[str] = []
    try:
        said = verify(folder, problems.append)
    except VerificationError as error:
        shown = {"folder": folder, "good": False, "problems": problems, "result": str(error)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        raise
    shown = {"folder": folder, "good": True, "problems": problems, "result": said}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@cli.command(
    cls=GroupedCommand,
    short_help="Do a run again, and compare what comes of it.",
    context_settings={"ignore_unknown_options": True},
    epilog=examples(
        "bertprep replay shards/manifest.json -o again",
        "bertprep replay shards -o again -j 8",
        "bertprep replay shards -o more --dupe-factor 20",
    ),
)
@click.argument("manifest", metavar="MANIFEST", type=ANY_PATH)
@click.argument("more", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF THE COMMAND]")
@options(
    click.option(
        "--output", "-o", required=True, type=FOLDER, metavar="DIR", help="The folder to write."
    ),
    group="Output",
)
@debug_option
@click.pass_context
def replay(ctx: click.Context, manifest: str, more: Sequence[str], output: str) -> None:
    """Give the command again that wrote a folder, and say whether the same bytes come of it.

    MANIFEST is the manifest.json of the folder, or the folder.  Paths that were relative then are
    relative to the same folder now.  With further options it is another run, and nothing is
    compared.
    """
    from pipelines.folders.finished import read_manifest
    from pipelines.jobs import replay as job

    folder = job.folder_of(manifest)
    before = read_manifest(folder)
    arguments, directory = job.arguments_of(folder, output, more)
    say(f"bertprep {shlex.join(arguments)}")
    target = output if "://" in output else os.path.abspath(output)
    os.chdir(directory)
    assert ctx.parent is not None
    ctx.parent.command.main(arguments, prog_name="bertprep", standalone_mode=False)
    job.compare(before, read_manifest(target))


@cli.command(
    name="completion",
    cls=GroupedCommand,
    short_help="Print what makes a shell complete options.",
    epilog=examples(
        'eval "$(bertprep completion bash)"   # in ~/.bashrc',
        'eval "$(bertprep completion zsh)"    # in ~/.zshrc',
        "bertprep completion fish > ~/.config/fish/completions/bertprep.fish",
    ),
)
@click.argument("shell", type=click.Choice(completion.SHELLS))
def completion_command(shell: str) -> None:
    """Print what a SHELL has to run so that it completes bertprep's options and choices."""
    click.echo(completion.script(cli, shell))


@cli.command(
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
def status_command(folder: str, work_dir: str | None, end: bool) -> None:
    """Show how far the run is that writes DIR, with or without its command."""
    from pipelines.jobs import status

    click.echo((status.end if end else status.status)(folder, work_dir))


def _take(kind: Any, values: dict[str, Any]) -> Any:
    """Moves the values that are fields of an option class into an object of it."""
    names = [name for name in kind.__dataclass_fields__ if name in values]
    return kind(**{name: values.pop(name) for name in names})


def _named(ctx: click.Context, inputs: Sequence[str], values: dict[str, Any]) -> Any:
    """The INPUTs and their names in a mixture, whose file adds to the values of the options."""
    from pipelines.folders.mixture import named_inputs

    named = named_inputs(inputs, values.pop("input", ()), values.pop("mixture", None))
    for option, value in named.options.items():
        if ctx.get_parameter_source(option) == click.core.ParameterSource.DEFAULT:
            values[option] = value
    return named.paths, named.names


def _excluded(values: dict[str, Any]) -> bytes:
    """The list of documents to leave out, sorted; its digest goes to the values."""
    from bertprep.common.digests import digest_of
    from bertprep.corpus.chosen import parse_identities
    from pipelines.folders import files

    path = values.pop("exclude_documents")
    if path is None:
        return b""
    text = files.read_bytes(path).decode("utf-8", "replace")
    data = "".join(f"{identity}\n" for identity in sorted(parse_identities(text, path))).encode()
    values["excluded"] = digest_of(data)
    return data


def _selection(values: dict[str, Any]) -> Any:
    from pipelines.folders.selection import Selection

    return Selection(values.pop("include"), values.pop("exclude"), values.pop("names", ()))


def _placed(ctx: click.Context, inputs: list[str], values: dict[str, Any]) -> list[str]:
    """The INPUTs as workers are to open them; the folders among the values become so, too."""
    beam_args = ctx.meta[BEAM_ARGS]
    if not beam_args:
        return inputs
    from bertprep.stores import s3
    from pipelines.messages.say import warn
    from pipelines.runner import beam_options
    from pipelines.runner.places import absolute, check_shared

    options = beam_options.parse(beam_args)
    s3.configure(options.get_all_options())
    if not beam_options.is_remote(beam_args):
        return inputs
    for name in ("output", "work_dir"):
        values[name] = values[name] and absolute(values[name])
    placed = [absolute(path) for path in inputs]
    work = values["work_dir"] or values["output"]
    doubt = check_shared([*placed, values["output"], work], options)
    warn([doubt] if doubt else [])
    return placed


def _run_options(ctx: click.Context, values: dict[str, Any]) -> Any:
    from pipelines.jobs.run import RunOptions

    values["beam_args"] = tuple(ctx.meta[BEAM_ARGS])
    values["command"] = (str(ctx.command.name), *ctx.meta[TYPED])
    return _take(RunOptions, values)


def main_for_program() -> None:
    """Runs the command for the program that started it, which is told all on standard output."""
    voice.use(voice.Events(os.fdopen(os.dup(1), "w", encoding="utf-8")))
    main()


def main() -> None:
    """Runs the command; errors are one line, exit code 2 for wrong usage and 1 for a failure."""
    voice.set_level(voice.USUAL)
    process.run(lambda: cli.main(prog_name="bertprep", standalone_mode=False), sys.argv[1:])


if __name__ == "__main__":
    main()
