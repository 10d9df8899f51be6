"""`bertprep inspect`: what is in shards, as text or as a page."""

from __future__ import annotations

import os
import sys

import click

from bertprep.errors import UsageError
from pipelines.command.help import GroupedCommand, examples
from pipelines.command.options.fields import FILE, FOLDER, options
from pipelines.command.options.output import json_option
from pipelines.command.options.running import debug_option
from pipelines.messages import audience


@click.command(
    name="inspect",
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
        if audience.is_json():
            audience.Spoken().result("", compare.as_json(folder, other))
        else:
            click.echo(compare.describe(folder, other))
        return
    if page is not None:
        click.echo(write_page(folder, page, 50 if examples is None else examples, title))
        return
    if audience.is_json():
        audience.Spoken().result("", figures_of(folder, 5 if examples is None else examples))
        return
    is_utf8 = (sys.stdout.encoding or "").lower().startswith("utf")
    shown = describe(folder, 5 if examples is None else examples, is_utf8)
    click.echo(shown, color=False if os.environ.get("NO_COLOR") else None)
