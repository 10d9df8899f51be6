"""The ``bertprep`` command: the entry point, to which its commands are added."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from bertprep import __version__
from bertprep.common.process_end import leaving_at_once
from pipelines.command import process
from pipelines.command.clean import clean
from pipelines.command.completion import completion
from pipelines.command.group import CommandGroup
from pipelines.command.help import examples
from pipelines.command.identify import identify
from pipelines.command.inspect import inspect
from pipelines.command.locate import locate
from pipelines.command.options.running import debug_option
from pipelines.command.prepare import prepare
from pipelines.command.replay import replay
from pipelines.command.shard import shard
from pipelines.command.status import status
from pipelines.command.verify import verify
from pipelines.command.vocab import vocab
from pipelines.messages import audience

if TYPE_CHECKING:
    from pipelines.steps.sizes import RunSizes

# That are made before Python looks for garbage among them.
_OBJECTS = 50_000


@click.group(
    cls=CommandGroup,
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


for command in (
    *(vocab, prepare, shard, clean, inspect, identify),
    *(locate, verify, replay, completion, status),
):
    cli.add_command(command)


def main_for_program() -> None:
    """Runs the command for the program that started it, which is told all on standard output."""
    audience.use(audience.Events(os.fdopen(os.dup(1), "w", encoding="utf-8")))
    main()


def main(sizes: RunSizes | None = None) -> None:
    """Runs the command; errors are one line, exit code 2 for wrong usage and 1 for a failure.

    Args:
        sizes: how much work is one step's; None for the usual ones.
    """
    # What is imported is no garbage: to look through it time and again takes a twelfth of a start.
    gc.set_threshold(_OBJECTS)
    audience.set_level(audience.USUAL)
    how: dict[str, Any] = {"prog_name": "bertprep", "standalone_mode": False, "obj": sizes}
    process.run(lambda: cli.main(**how), sys.argv[1:])


if __name__ == "__main__":
    with leaving_at_once():
        main()
