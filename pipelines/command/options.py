"""The options of the commands, those that several share in groups.

Names, types, choices and defaults are those of the fields of the option classes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from bertprep.options import (
    RULES,
    CleanOptions,
    Layout,
    PrepareOptions,
    ReadOptions,
    ShardOptions,
    VocabOptions,
)
from pipelines.messages import voice
from pipelines.runner import debug

Decorator = Callable[[Any], Any]

VOCABULARY, CLEANING, RUNNING = "Vocabulary", "Cleaning", "Running"
CONFIG_FLAG = "--config"
# The groups of options, in the order --help shows them.
GROUPS = ("Input", CLEANING, VOCABULARY, "Sentences", "Pairs", "Masking", "Output", RUNNING)


def options(*decorators: Decorator, group: str = "") -> Decorator:
    """Several click options as one decorator, in this order; ``group`` is their place in --help."""

    def apply(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
            function.__click_params__[-1].group = group or RUNNING
        return function

    return apply


class PathName(click.Path):
    """A path, or a URI of an object store: completed by the shell, and looked at by the job."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value


FILE, FOLDER = PathName(dir_okay=False), PathName(file_okay=False)
ANY_PATH = PathName()


def of_field(kind: Any, name: str, **settings: Any) -> Decorator:
    """The click option for a field of an option class, whose type and default are the field's.

    Args:
        kind: a dataclass of ``bertprep.options``.
        name: of the field, and with hyphens of the option.
        settings: of click's option, that come before those taken from the field.
    """
    hint, default = get_type_hints(kind)[name], getattr(kind, name)
    own: dict[str, Any] = {"default": default, "show_default": default is not None}
    if hint is bool:
        own = {"is_flag": True, "default": default}
    else:
        own["type"] = _click_type(hint)
        own["metavar"] = _METAVARS.get(own["type"])
    return click.option(f"--{name.replace('_', '-')}", name, **{**own, **settings})


# What the help calls a value of a type.
_METAVARS = {int: "N", float: "SHARE"}


def _click_type(hint: Any) -> Any:
    """Literal["a", "b"] as a choice, ``int | None`` as int, others as they are."""
    if get_origin(hint) is Literal:
        return click.Choice(list(get_args(hint)))
    optional = [part for part in get_args(hint) if part is not NoneType]
    return _click_type(optional[0]) if optional else hint


def number_or_auto(ctx: click.Context, param: click.Parameter, value: str) -> int | None:
    """``auto`` or a whole number."""
    if value == "auto":
        return None
    try:
        return int(value)
    except ValueError:
        raise click.BadParameter(f"expected a whole number or auto; got {value!r}") from None


_VOCAB_HELP = (
    "A vocab.txt or tokenizer.json, a folder that holds one (the output of `bertprep vocab`), or "
    "the name of a model on the Hub, such as bert-base-uncased."
)


def vocab_option(required: bool, more: str = "") -> Decorator:
    """The option that names a vocabulary."""
    given = click.option(
        "--vocab",
        "vocabulary",
        required=required,
        type=ANY_PATH,
        metavar="PATH|NAME",
        help=f"{_VOCAB_HELP}{more}",
    )
    return options(given, group=VOCABULARY)


def _inputs_or_mixture(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """The INPUTs, of which there are none in a mixture only."""
    if not value and not any(
        ctx.params.get(name) or ctx.lookup_default(name) for name in ("input", "mixture")
    ):
        raise click.MissingParameter(ctx=ctx, param=param)
    return value


inputs_argument = click.argument(
    "inputs",
    nargs=-1,
    required=False,
    metavar="INPUT...",
    type=ANY_PATH,
    callback=_inputs_or_mixture,
)

mixture_options = options(
    click.option(
        "--input",
        multiple=True,
        metavar="NAME=PATH",
        help="An input of a mixture, in the place of INPUT; may be given several times, also with "
        "one name.",
    ),
    click.option(
        "--weight",
        multiple=True,
        default=ReadOptions.weight,
        metavar="NAME=NUMBER",
        help="What an input's tokens are to be in proportion to the others'. [default: 1 each, "
        "once one is given; without any, all documents once]",
    ),
    of_field(
        ReadOptions,
        "smoothing",
        metavar="POWER",
        help="Weigh each input by its tokens to this power, such as 0.7: small ones get more.",
    ),
    of_field(
        ReadOptions,
        "mixture_tokens",
        metavar="N",
        show_default=False,
        help="About how many tokens to take in all, or words for a vocabulary. [default: so many "
        "that nothing is left out]",
    ),
    click.option(
        "--mixture",
        type=FILE,
        metavar="FILE",
        help="A TOML file with all of this: tables [input.NAME] with path and weight; smoothing "
        "and tokens.",
    ),
    group="Input",
)

debug_option = options(
    click.option(
        debug.FLAG,
        is_flag=True,
        expose_value=False,  # it is looked for before click parses: see pipelines.runner.debug
        help=f"Show tracebacks and Beam's log, as {debug.VARIABLE}=1 does.",
    )
)


def _loudness(level: int) -> Any:
    def speak(ctx: click.Context, param: click.Parameter, given: bool) -> None:
        if given:
            voice.set_level(level)

    return speak


def _as_json(ctx: click.Context, param: click.Parameter, given: bool) -> None:
    voice.set_json(given)


json_option = options(
    click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_as_json,
        help="Print the result as JSON.",
    ),
    group="Output",
)
quiet_option = click.option(
    "--quiet",
    "-q",
    is_flag=True,
    expose_value=False,
    callback=_loudness(voice.QUIET),
    help="Say nothing but warnings and errors.",
)
telling_options = options(
    quiet_option,
    click.option(
        "--verbose",
        "-v",
        is_flag=True,
        expose_value=False,
        callback=_loudness(voice.VERBOSE),
        help="Name each file that is read, and as what.",
    ),
)
config_option = options(
    click.option(
        CONFIG_FLAG,
        metavar="FILE",
        type=FILE,
        expose_value=False,  # it is read before click parses: see pipelines.command.beam_args
        help="Take options from a file of TOML; those given here come first.",
    )
)

reading_options = options(
    click.option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Of the files in a folder read those only; fits a name, or with a / a path.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave such files of a folder out; may be given several times, as --include.",
    ),
    of_field(
        ReadOptions,
        "input_format",
        help="What the files hold; auto looks at the content of each.",
    ),
    of_field(
        ReadOptions,
        "documents",
        show_default=False,
        help="What a document is in plain text: what blank lines separate; a section, which two of "
        "them or more do; a line; or a file. [default: section for hard-wrapped lines, else "
        "blank-line]",
    ),
    of_field(
        ReadOptions,
        "document_separator",
        metavar="TEXT",
        show_default=False,
        help="What stands between two documents in plain text, such as '<|endoftext|>'.",
    ),
    of_field(
        ReadOptions,
        "text_field",
        metavar="NAME[,NAME...]",
        help="The key of a JSON object, or column of a table, that holds the text; dots lead into "
        "objects.",
    ),
    of_field(
        ReadOptions,
        "encoding",
        metavar="NAME",
        show_default=False,
        help="Of text without a byte order mark, such as gb18030 or cp1252. [default: UTF-8]",
    ),
    of_field(
        ReadOptions,
        "keep_titles",
        help="Keep the title that WikiExtractor repeats as the first line of each article.",
    ),
    of_field(
        ReadOptions,
        "bad_input",
        help="Stop at the first record that cannot be read, or leave such out and count them, or "
        "put U+FFFD for bytes that cannot be decoded.",
    ),
    group="Input",
)

output_options = options(
    click.option(
        "--output",
        "-o",
        required=True,
        type=FOLDER,
        metavar="DIR",
        help="The folder to write; it must be empty or new.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace what bertprep wrote there before."),
    group="Output",
)

choosing_options = options(
    of_field(
        ReadOptions,
        "holdout",
        metavar="SHARE",
        help="Of the documents, chosen by their text, into the folder holdout of --output.",
    ),
    click.option(
        "--exclude-documents",
        type=FILE,
        metavar="FILE",
        help="Leave out the documents whose identities FILE lists, one a line.",
    ),
    group="Input",
)

running_options = options(
    click.option("--resume", is_flag=True, help="Go on with a run that was broken off."),
    click.option(
        "--work-dir",
        type=FOLDER,
        metavar="DIR",
        help="A folder for the work files. [default: below --output]",
    ),
    click.option(
        "--workers",
        "-j",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes on this machine. [default: one per core, as far as the input is worth it]",
    ),
    click.option(
        "--wait/--no-wait",
        default=True,
        help="With another --runner: stay until its job has ended, or print where it is and leave.",
    ),
    click.option("--strict", is_flag=True, help="Take warnings for errors, and write nothing."),
    click.option(
        "--dry-run",
        is_flag=True,
        help="Say what would be read and written, and how long it may take; write nothing.",
    ),
)

keep_accents_option = of_field(
    VocabOptions,
    "keep_accents",
    help="Lower-case, but keep accents and marks: for scripts in which they carry meaning.",
)
casing_options = options(
    click.option(
        "--uncased/--cased",
        "lowercase",
        default=None,
        help="How to treat letters. [default: as the vocabulary's folder or its tokens say]",
    ),
    keep_accents_option,
    group=VOCABULARY,
)
seed_option = options(of_field(PrepareOptions, "seed", help="Of everything random."))
word_segmenter_option = options(
    of_field(
        PrepareOptions,
        "word_segmenter",
        metavar="NAME",
        help="Mask Chinese by the words that jieba finds (needs bertprep[zh]), or jieba:PATH with "
        "a dictionary of yours; Japanese by fugashi's (needs bertprep[ja]); either by those of a "
        "Python function of yours, named module:function.",
    ),
    group="Masking",
)
sentences_option = options(
    of_field(
        ReadOptions,
        "sentences",
        help="Segment lines by rules; the same for hard-wrapped lines; or one sentence a line.",
    ),
    of_field(
        ReadOptions,
        "language",
        metavar="CODE",
        show_default=False,
        help="Of the text, such as es, for its abbreviations. [default: what each document shows]",
    ),
    group="Sentences",
)
write_drops_option = options(
    click.option(
        "--write-drops", is_flag=True, help="Write what was left out, and why, to dropped.jsonl."
    ),
    group="Output",
)

clean_options = options(
    of_field(
        CleanOptions,
        "duplicates",
        help="What is kept once only: documents; paragraphs (of 40 bytes or more) too; or lines.",
    ),
    of_field(
        CleanOptions,
        "near_duplicates",
        metavar="SHARE",
        help="Keep one of documents that share so many of their 5-grams of words, such as 0.8.",
    ),
    of_field(
        CleanOptions,
        "repeated_lines",
        metavar="N",
        help="Leave lines (or paragraphs) that more than N documents have out of all of them.",
    ),
    click.option(
        "--rules",
        multiple=True,
        type=click.Choice(RULES),
        help="Published rules for pages of the web; may be given several times.",
    ),
    of_field(CleanOptions, "min_words", help="The fewest words of a document."),
    of_field(CleanOptions, "max_words", help="The most words of a document."),
    of_field(
        CleanOptions,
        "script",
        metavar="NAME[,NAME...]",
        show_default=False,
        help="The scripts that letters must be of, such as Latin or Han,Hiragana,Katakana.",
    ),
    of_field(CleanOptions, "min_script", metavar="SHARE", help="The share of them that must be."),
    click.option(
        "--decontaminate",
        multiple=True,
        metavar="PATH",
        help="Texts that no document may share 13 words in a row with, such as a test set.",
    ),
    of_field(CleanOptions, "normalize", help="nfc composes characters and their marks."),
    click.option(
        "--drop-controls/--keep-controls",
        "drop_controls",
        default=CleanOptions.drop_controls,
        show_default=True,
        help="Leave out control characters and zero-width spaces.",
    ),
    of_field(
        CleanOptions,
        "fix_mojibake",
        help="Repair text that was decoded by a wrong encoding (needs bertprep[clean]).",
    ),
    group=CLEANING,
)

vocab_options = options(
    of_field(
        VocabOptions,
        "vocab_size",
        help="Lines of vocab.txt, special and unused tokens included.",
    ),
    click.option(
        "--uncased/--cased",
        "lowercase",
        default=VocabOptions.lowercase,
        show_default=True,
        help="Lower-case and strip accents, or keep the text's letters.",
    ),
    keep_accents_option,
    of_field(
        VocabOptions,
        "min_frequency",
        help="How often a piece of several characters must occur in the corpus.",
    ),
    click.option(
        "--limit-alphabet",
        callback=number_or_auto,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="Different characters that words are spelled with, CJK ideographs not counted; auto "
        "keeps all that are frequent enough.",
    ),
    of_field(VocabOptions, "max_token_length", help="Characters of the longest piece."),
    of_field(
        VocabOptions,
        "unused_tokens",
        help="[unusedN] tokens to reserve; with 99 or more, [UNK] [CLS] [SEP] [MASK] get ids "
        "100-103.",
    ),
    group=VOCABULARY,
)

storing_options = options(
    of_field(
        ShardOptions,
        "output_format",
        default=None,
        show_default=False,
        help="The container. [default: that of the layout's readers, which is parquet for most]",
    ),
    of_field(
        ShardOptions,
        "layout",
        type=click.Choice([*get_args(Layout), "megatron"]),
        help="Names and types of the columns, or megatron for sentences in .bin and .idx. "
        "[default: huggingface for parquet, google for tfrecord]",
    ),
    click.option(
        "--num-shards",
        callback=number_or_auto,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="Output files; auto makes them of 64 MiB of token ids at most.",
    ),
    of_field(
        ShardOptions,
        "bin_size",
        metavar="N",
        help="Shards by length: rows of 1 to N tokens, of N + 1 to 2N, ...; N divides the length.",
    ),
    of_field(
        ShardOptions,
        "pack",
        help="Put several short examples into one row, kept apart by their ids.",
    ),
    of_field(
        ShardOptions,
        "origins",
        help="Write which documents each row comes from, for `bertprep locate`.",
    ),
    group="Output",
)

pair_options = options(
    of_field(
        ShardOptions,
        "task",
        help="Pairs for next sentence prediction, sentence order prediction, or no pairs.",
    ),
    of_field(ShardOptions, "max_seq_length", help="Tokens of a row, [CLS] and [SEP]s included."),
    of_field(
        ShardOptions,
        "short_seq_prob",
        help="Share of documents cut into shorter rows. [default: 0.1; 0 for --task none]",
    ),
    of_field(
        ShardOptions,
        "dupe_factor",
        help="Passes over the corpus, each with its own pairs and masks.",
    ),
    group="Pairs",
)

masking_options = options(
    of_field(
        ShardOptions,
        "masking",
        help="Mask tokens, whole words, or spans of words; or store rows for a loader to mask.",
    ),
    of_field(ShardOptions, "masked_lm_prob", help="Share of a row's tokens to predict."),
    click.option(
        "--max-predictions-per-seq",
        callback=number_or_auto,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="The most tokens of a row to predict; auto is that share of the length, rounded up: "
        "20 for 128, 77 for 512.",
    ),
    of_field(
        ShardOptions,
        "mask_replace_prob",
        help="Share of the predicted tokens that are shown as [MASK].",
    ),
    of_field(
        ShardOptions,
        "random_replace_prob",
        help="Share that is shown as a random token; the others stay as they are.",
    ),
    group="Masking",
)
