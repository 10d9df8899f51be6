"""`bertprep completion`: the script by which a shell completes the command's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from pipelines.command.help import GroupedCommand, examples

SHELLS = ("bash", "zsh", "fish")
_NAME, _VARIABLE = "bertprep", "_BERTPREP_COMPLETE"


def script(group: click.Command, shell: str) -> str:
    """The script for a shell, which asks the command itself for what there is to choose.

    Args:
        group: the command with its sub-commands.
        shell: one of ``SHELLS``.
    """
    found = get_completion_class(shell)
    assert found is not None
    asked = found(group, {}, _NAME, _VARIABLE)
    return asked.source_template % asked.source_vars()


@click.command(
    name="completion",
    cls=GroupedCommand,
    short_help="Print what makes a shell complete options.",
    epilog=examples(
        'eval "$(bertprep completion bash)"   # in ~/.bashrc',
        'eval "$(bertprep completion zsh)"    # in ~/.zshrc',
        "bertprep completion fish | source    # in ~/.config/fish/config.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what a SHELL has to run so that it completes bertprep's options and choices."""
    assert ctx.parent is not None
    click.echo(script(ctx.parent.command, shell))
