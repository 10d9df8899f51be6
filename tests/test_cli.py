"""Every command has examples that it understands."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from click.testing import CliRunner

from pipelines import cli


def help_of(*command: str, width: int = 80) -> str:
    return CliRunner().invoke(cli.cli, [*command, "--help"], terminal_width=width).output


@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_every_command_has_three_examples_that_it_understands(command: str) -> None:
    shown = help_of(command)
    listed = shown.partition("Examples:")[2].replace("\\\n", " ")
    examples = re.findall(r"^    (\S.*)$", listed, re.MULTILINE)
    assert len(examples) == 3
    for line in examples:
        typed = re.search(r"bertprep (.*?)(?:\)\"|$)", line)
        assert typed
        words = shlex.split(typed[1], comments=True)
        own = words[: next((i for i, w in enumerate(words) if w in ("|", "&&", ">")), len(words))]
        name, *args = own
        assert name == command or command == "identify"  # whose list is for another
        with click.Context(cli.cli, info_name="bertprep") as parent:
            cli.cli.commands[name].make_context(name, args, parent=parent)
