"""--help: groups and examples."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from pipelines import cli
from pipelines.command.options.fields import GROUPS
from pipelines.command.split_arguments import JobCommand

JOBS = [name for name, command in cli.cli.commands.items() if isinstance(command, JobCommand)]


def help_of(*command: str, width: int = 80) -> str:
    return CliRunner().invoke(cli.cli, [*command, "--help"], terminal_width=width).output


@pytest.mark.parametrize("command", JOBS)
def test_options_are_in_groups_each_once(command: str) -> None:
    shown = help_of(command)
    heads = re.findall(r"^(\w+):$", shown, re.MULTILINE)
    assert heads == [group for group in GROUPS if group in heads]
    assert {"Input", "Output", "Running"} <= set(heads)
    for param in cli.cli.commands[command].params:
        if isinstance(param, click.Option):
            assert len(re.findall(rf"^  .*{param.opts[0]}\b(?!-)", shown, re.MULTILINE)) >= 1


@pytest.mark.slow
def test_help_loads_no_library_but_click() -> None:
    """Which is what keeps it within 0.3 s of a bare Python."""
    code = (
        "import sys; from pipelines import cli; sys.argv = ['bertprep', '--help']\n"
        "try: cli.main()\n"
        "except SystemExit: print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {"numpy", "pyarrow", "tokenizers", "regex", "apache_beam", "jinja2", "pandas", "tqdm"}
    assert {"click", "bertprep", "pipelines"} <= loaded
    assert not loaded & heavy
