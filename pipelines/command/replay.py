"""`bertprep replay`: a run once more, and what is different."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

import click

from pipelines.command.help import GroupedCommand, examples
from pipelines.command.options.fields import ANY_PATH, FOLDER, options
from pipelines.command.options.running import debug_option
from pipelines.messages.say import say


@click.command(
    name="replay",
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
    from pipelines.folders.finished_folder import read_manifest
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
