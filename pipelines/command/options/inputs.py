"""INPUT, mixtures of inputs, and how they are read."""

from __future__ import annotations

from typing import Any

import click

from bertprep.options import ReadOptions
from pipelines.command.options.fields import ANY_PATH, FILE, of_field, options


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
