"""The command as a process: its streams, signals and exit code, and its errors as one line."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from bertprep.errors import BertprepError, one_line
from pipelines.messages.audience import voice
from pipelines.runner import debug, logs
from pipelines.runner.failures import without_step_names

_SECONDS_TO_END = 10


class Interrupted(BaseException):
    """Ctrl-C.  No KeyboardInterrupt: Beam would take it for a failure of what it was running."""

    exit_code = 130


class Terminated(Interrupted):
    """Another process wants this one to end."""

    exit_code = 143


class HungUp(Interrupted):
    """The terminal is gone."""

    exit_code = 129


_SIGNALS: dict[int, Interrupted] = {
    signal.SIGINT: Interrupted("interrupted"),
    signal.SIGTERM: Terminated("terminated"),
}
if hasattr(signal, "SIGHUP"):
    _SIGNALS[signal.SIGHUP] = HungUp("terminated: the terminal hung up")


def run(command: Callable[[], Any], arguments: Sequence[str]) -> NoReturn:
    """Runs the command with these arguments, and ends the process."""
    with debug.as_asked(arguments):
        _open_standard_streams()
        logs.set_up()
        _set_signals()
        # What is shown is of any language, and a terminal or a log may not be.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        held = _hold_unraisable()
        code = _exit_code(command)
        if not code:
            sys.unraisablehook = sys.__unraisablehook__
            sys.stderr.writelines(held)
        sys.exit(code)


def _exit_code(command: Callable[[], Any]) -> Any:
    """Runs the command; what it ends with, once its error, if any, is told."""
    try:
        return command()
    except click.ClickException as error:
        return _told(error, error.format_message() + _help_hint(error), error.exit_code)
    except BertprepError as error:
        return _told(error, str(error), error.exit_code)
    except Interrupted as error:
        _end_soon(error.exit_code)
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


def _end_soon(code: int) -> None:
    """Ends the process in some seconds, if it has not ended by then.

    A thread that Beam had just begun when the signal came is never told to stop, and Python waits
    for it.
    """
    timer = threading.Timer(_SECONDS_TO_END, os._exit, (code,))
    timer.daemon = True
    timer.start()


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


def _set_signals() -> None:
    # A parent may ignore it, and then nobody is told how a worker process ended.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in _SIGNALS:
        # nohup has it ignored, and so it stays.
        if number in (signal.SIGINT, signal.SIGTERM) or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _on_signal)


def _on_signal(number: int, frame: object) -> None:
    # One signal is enough: a second one would cut the clean-up short.
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise _SIGNALS[number]


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
