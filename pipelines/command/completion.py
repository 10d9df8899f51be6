"""What a shell has to run so that it completes the command's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

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
