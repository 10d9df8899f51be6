"""The exit code of the command, and its error as one line.

0 is success, 2 wrong usage, 1 any other failure; a signal gives 128 and its number.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from bertprep.errors import BertprepError, one_line
from pipelines.command.signals import Interrupted, end_soon
from pipelines.messages.audience import voice
from pipelines.runner import debug
from pipelines.runner.failures import without_step_names


def exit_code_of(command: Callable[[], Any]) -> Any:
    """Runs the command; what it ends with, once its error, if any, is told."""
    try:
        return command()
    except click.ClickException as error:
        return _told(error, error.format_message() + _help_hint(error), error.exit_code)
    except BertprepError as error:
        return _told(error, str(error), error.exit_code)
    except Interrupted as error:
        end_soon(error.exit_code)
        return _told(error, without_step_names(error.args[0]), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError as error:
        message = "there is no more memory to be had; free some, or raise the limit (ulimit -v)"
        return _told(error, message, 1)
    except OSError as error:
        message = f"{error.filename or ''}: {error.strerror or error}".lstrip(": ")
        return _told(error, message, 1)


def _told(error: BaseException, message: str, code: int) -> int:
    if debug.wanted():
        traceback.print_exception(error)
    known = isinstance(error, BertprepError)
    kind = type(error).__name__ if known else "UsageError" if code == 2 else "BertprepError"
    voice().error(kind, one_line(message))
    return code


def _help_hint(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter) and error.ctx:
        return f" See `{error.ctx.command_path} --help`."
    return ""
