"""Who is told what a job says: a person at a terminal or log, or the program that called it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import IO, Any, ClassVar, Protocol

from pipelines.messages.stages import State, describe

USUAL_COLUMNS = 80
# Begins each line that is said to a program (RFC 7464): what else is printed there, is not ours.
MARK = "\x1e"


QUIET, USUAL, VERBOSE = range(3)


class Voice(Protocol):
    """The messages that a run has for its user."""

    seconds: float  # between two words on how far a run is

    def note(self, text: str) -> None:
        """Says a thing that is good to know."""

    def detail(self, text: str) -> None:
        """Says a thing that is good to know for some."""

    def warning(self, text: str) -> None:
        """Warns of a choice that is allowed but probably not meant."""

    def progress(self, state: State | None) -> None:
        """How far a run is; None for nothing more."""

    def error(self, kind: str, text: str) -> None:
        """Why a run ended; ``kind`` is the name of a class of ``bertprep.errors``."""

    def result(self, text: str, figures: Mapping[str, Any] | None = None) -> None:
        """Shows the result in words, and in figures if there are any."""


class Spoken:
    """To a person: results on standard output, all else on standard error."""

    _warned: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self.seconds = 0.5 if self._terminal else 30.0
        self._shows = False

    def note(self, text: str) -> None:
        if _level > QUIET:
            self._line(text)

    def detail(self, text: str) -> None:
        if _level == VERBOSE:
            self._line(text)

    def _line(self, text: str) -> None:
        """A line; that none can be written does not end a run."""
        try:
            print(text, file=sys.stderr, flush=True)
        except BrokenPipeError:  # who listened is gone, as after Ctrl-C in a pipe
            raise
        except OSError:  # the disk of a log is full
            return

    def warning(self, text: str) -> None:
        line = f"warning: {text}"
        self._warned.add(line)
        self._line(line)

    def progress(self, state: State | None) -> None:
        """On a terminal one line, renewed in place; else one below the other."""
        if _level == QUIET:
            return
        if self._terminal:  # a line that wraps could not be renewed in place
            line = describe(state, columns() - 1) if state else ""
            sys.stderr.write(f"\r\x1b[K{line}" if state or self._shows else "")
            self._shows = state is not None
            sys.stderr.flush()
        elif state:
            self._line(describe(state))

    def error(self, kind: str, text: str) -> None:
        # Where no line can be written, the exit code still says it.
        self._line(f"bertprep: error: {text}")

    def result(self, text: str, figures: Mapping[str, Any] | None = None) -> None:
        """That nobody can be told does not make a run a failure."""
        if _as_json:
            text = json.dumps(figures or {"result": text}, ensure_ascii=False, indent=2)
        elif _level == QUIET:
            return
        elif _one_place():  # where they would be read twice
            text = "\n".join(line for line in text.splitlines() if line not in self._warned)
        try:
            print(text, flush=True)
        except OSError as error:
            # What is left in the buffer would be tried again, and fail again, at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            reason = error.strerror or error
            self._line(
                f"bertprep: the output is complete, but its summary cannot be printed: {reason}"
            )


class Events:
    """To a program: a JSON object a line, ``{"note": ...}``, each after a ``MARK``."""

    seconds = 0.3

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def note(self, text: str) -> None:
        self._send(note=text)

    def detail(self, text: str) -> None:
        self._send(detail=text)

    def warning(self, text: str) -> None:
        self._send(warning=text)

    def progress(self, state: State | None) -> None:
        self._send(progress=state and state._asdict())

    def error(self, kind: str, text: str) -> None:
        self._send(error=text, kind=kind)

    def result(self, text: str, figures: Mapping[str, Any] | None = None) -> None:
        self._send(result=text, figures=figures)

    def _send(self, **event: Any) -> None:
        try:
            self._stream.write(f"{MARK}{json.dumps(event)}\n")
            self._stream.flush()
        except BrokenPipeError:  # the program is gone, and so is the use of this run
            os.kill(os.getpid(), signal.SIGTERM)


_voice: Voice | None = None
_level = USUAL
_as_json = False


def set_level(level: int) -> None:
    """How much is said to a person."""
    global _level
    _level = level


def set_json(wanted: bool) -> None:
    """Whether results are said to a person as JSON."""
    global _as_json
    _as_json = wanted


def use(voice: Voice) -> None:
    """Has all that is said from now on said by this voice."""
    global _voice
    _voice = voice


def is_json() -> bool:
    """Whether a person wants results as JSON."""
    return _as_json


def is_quiet() -> bool:
    """Whether a person wants to hear of errors alone."""
    return _level == QUIET


def voice() -> Voice:
    """The one that speaks: to a person, if nothing else was said."""
    return _voice or Spoken()


def _one_place() -> bool:
    """Whether standard output and standard error are the same terminal or file."""
    try:
        out, err = os.fstat(sys.stdout.fileno()), os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return os.path.samestat(out, err)


def columns() -> int:
    """The width of the terminal that standard error is."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or USUAL_COLUMNS
    except (OSError, ValueError):
        return USUAL_COLUMNS
