"""Commands that are not there: the nearest, what others call it, and ``help NAME``."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from pipelines import cli


def error_of(*arguments: str) -> str:
    with pytest.raises(click.UsageError) as caught:
        cli.cli.main([*arguments], standalone_mode=False)
    return caught.value.format_message()


@pytest.mark.parametrize(
    ("name", "meant"),
    [("shrad", "shard"), ("vocabulary", "vocab"), ("tokenize", "prepare"), ("dedup", "clean")],
)
def test_the_command_that_was_meant(name: str, meant: str) -> None:
    assert error_of(name, "x") == f"no such command: {name}. Did you mean {meant}?"


def test_all_there_are_where_none_is_near() -> None:
    message = error_of("xyzzy")
    assert all(name in message for name in cli.cli.commands)


@pytest.mark.parametrize("typed", [["help"], ["help", "shard"]])
def test_help_is_understood_as_a_command(typed: list[str]) -> None:
    wanted = CliRunner().invoke(cli.cli, [*typed[1:], "--help"])
    assert CliRunner().invoke(cli.cli, typed).output == wanted.output != ""


def test_other_words_lead_to_commands_that_are_there() -> None:
    from pipelines.command.group import _OTHER_WORDS

    assert set(_OTHER_WORDS.values()) <= set(cli.cli.commands)
    assert not set(_OTHER_WORDS) & set(cli.cli.commands)
