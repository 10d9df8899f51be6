"""The command as a process: its streams, signals and exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from pipelines.command.exit_code import exit_code_of
from pipelines.command.signals import set_signals
from pipelines.runner import debug, logs


def run(command: Callable[[], Any], arguments: Sequence[str]) -> NoReturn:
    """Runs the command with these arguments, and ends the process."""
    with debug.as_asked(arguments):
        _open_standard_streams()
        logs.set_up()
        set_signals()
        # What is shown is of any language, and a terminal or a log may not be.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        held = _hold_unraisable()
        code = exit_code_of(command)
        if not code:
            sys.unraisablehook = sys.__unraisablehook__
            sys.stderr.writelines(held)
        sys.exit(code)


def _open_standard_streams() -> None:
    """Opens those that are closed: the next file or pipe would take their place."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _hold_unraisable() -> list[str]:
    """Holds back the errors that Python could only print, as of a file closed when forgotten.

    After a failure or an interruption they are its consequences, and it alone is told.
    """
    held: list[str] = []

    def hold(error: sys.UnraisableHookArgs) -> None:
        lines = traceback.format_exception(error.exc_type, error.exc_value, error.exc_traceback)
        held.append(
            f"{error.err_msg or 'Exception ignored in'}: {error.object!r}\n{''.join(lines)}"
        )

    if not debug.wanted():
        sys.unraisablehook = hold
    return held
