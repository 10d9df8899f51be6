"""Signals that end the command: Ctrl-C, another process's wish, the end of the terminal."""

from __future__ import annotations

import os
import signal
import threading

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


def set_signals() -> None:
    """Has each of the signals raise its error, once."""
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


def end_soon(code: int) -> None:
    """Ends the process in some seconds, if it has not ended by then.

    A thread that Beam had just begun when the signal came is never told to stop, and Python waits
    for it.
    """
    timer = threading.Timer(_SECONDS_TO_END, os._exit, (code,))
    timer.daemon = True
    timer.start()
