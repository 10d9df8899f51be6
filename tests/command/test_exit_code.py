"""The code that the command ends with, and its error: always one line."""

from __future__ import annotations

import errno

import click
import pytest

from bertprep.errors import InputError, UsageError
from pipelines.command.exit_code import exit_code_of


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("a.txt is\nodd"), 1, "a.txt is odd"),
        (UsageError("--seed is negative"), 2, "--seed is negative"),
        (click.UsageError("no such option"), 2, "no such option"),
        (MemoryError(), 1, "there is no more memory to be had; free some, or raise the limit"),
        (OSError(errno.ENOSPC, "No space left", "/x"), 1, "/x: No space left"),
    ],
)
def test_an_error_is_a_line_and_a_code(
    error: Exception, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise error

    assert exit_code_of(command) == code
    told = capsys.readouterr().err
    assert told.startswith(f"bertprep: error: {said}") and told.count("\n") == 1


def test_success_is_0_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert not exit_code_of(lambda: None)
    assert capsys.readouterr().err == ""


def test_a_bug_is_no_error_of_the_users() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code_of(lambda: 1 / 0)
