"""Help as lines of a terminal: the widths, words and commands of every command's."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipelines import cli
from pipelines.command.wrapping import HelpLines

COMMANDS = [(), *((name,) for name in sorted(cli.cli.commands))]


def help_of(command: tuple[str, ...], columns: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    return CliRunner().invoke(cli.cli, [*command, "--help"]).output


def words_of(text: str) -> list[str]:
    """Its words without what a shell joins lines by; choices are words of their own."""
    return re.sub(r"\\\n", " ", text).replace("|", "| ").split()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "bertprep")
@pytest.mark.parametrize("columns", [40, 80])
def test_no_line_is_too_long_and_no_word_is_in_two(
    command: tuple[str, ...], columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = help_of(command, columns, monkeypatch)
    assert [line for line in shown.splitlines() if len(line) > columns] == []
    wide = help_of(command, 1_000, monkeypatch)
    assert sorted(words_of(shown)) == sorted(words_of(wide))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "bertprep")
def test_examples_of_a_narrow_terminal_are_the_same_commands(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(columns: int) -> list[str]:
        shown = help_of(command, columns, monkeypatch).partition("Examples:\n")[2]
        return [w for line in shown.replace("\\\n", " ").splitlines() for w in split(line)]

    def split(line: str) -> list[str]:
        return shlex.split(line, comments=True) if line.startswith("    ") else []

    assert typed(40) == typed(100) != []


@given(
    st.lists(st.tuples(st.from_regex(r"--[a-z]{1,20}( \[[a-z|]{1,60}\])?", fullmatch=True),
                       st.text("abc de.", min_size=0, max_size=200)), min_size=1, max_size=6),
    st.integers(20, 120),
)  # fmt: skip
def test_terms_and_texts_keep_their_order(rows: list[tuple[str, str]], width: int) -> None:
    lines = HelpLines(width=width)
    lines.write_dl(rows)
    shown = "".join(lines.getvalue().split())
    assert shown == "".join("".join(term.split() + text.split()) for term, text in rows)
    for line in lines.getvalue().splitlines():
        assert len(line) <= width or len(re.split(r"\s+|(?<=\|)", line.strip())) == 1


def test_a_narrow_terminal_has_texts_below_options_and_a_wide_one_beside() -> None:
    rows = [("--output DIR", "Where it goes."), ("-h", "Help.")]
    shown = {width: HelpLines(width=width) for width in (30, 78)}
    for lines in shown.values():
        lines.write_dl(rows)
    assert shown[30].getvalue() == "--output DIR\n    Where it goes.\n-h\n    Help.\n"
    assert shown[78].getvalue() == "--output DIR  Where it goes.\n-h            Help.\n"


def test_usage_goes_on_below_where_it_does_not_fit() -> None:
    lines = HelpLines(width=26)
    lines.write_usage("bertprep shard", "[OPTIONS] INPUT...")
    assert lines.getvalue() == "Usage: bertprep shard [OPTIONS]\n    INPUT...\n"


def test_the_help_of_all_commands_is_of_one_kind() -> None:
    with click.Context(cli.cli) as parent:
        for command in [cli.cli, *cli.cli.commands.values()]:
            made = command.make_context("x", [], parent=parent, resilient_parsing=True)
            assert isinstance(made.make_formatter(), HelpLines)
