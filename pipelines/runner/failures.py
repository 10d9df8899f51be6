"""Beam's failures as a user is shown them: one line, without what Beam adds on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bertprep import errors
from bertprep.errors import BertprepError

# Beam passes on the text of a traceback, not the exception.
_OWN_ERROR = re.compile(r"bertprep\.errors\.(\w+): (.*)")
_WHILE_RUNNING = re.compile(r" \[while running '[^']*'\]")
_LAST_MESSAGE = re.compile(r"^(?:[\w.]+(?:Error|Exception|Interrupt)\b.*)$", re.MULTILINE)
# What Beam says of the server that it starts on the way to some runners.
_NO_JAR = re.compile(
    r"job server jar at (?P<where>\S+): (?P<reason>.*?)(?:\.? Also failed|$)", re.MULTILINE
)
# From where on a runner in Go tells where it was; what it died of stands before.
_STACK_OF_GO = re.compile(r"^(?:Stacktrace: )?goroutine \d+ \[", re.MULTILINE)
# In the traceback of a worker: a job service has failures of its own, and tracebacks too.
_OF_WORKER = re.compile(r"runners[/\\]worker[/\\]")


def readable(
    error: Exception, deaths: Sequence[BertprepError] = (), what: str = "a worker failed"
) -> BertprepError:
    """The error a worker raised on purpose, found in the text Beam wraps it in; else a summary.

    Args:
        error: what Beam raised.
        deaths: worker processes that ended before their time: they explain what else broke.
        what: to be said of an error that nobody raised on purpose.
    """
    for text in _texts(error):
        own = _OWN_ERROR.search(text)
        if own:
            kind: type[BertprepError] = getattr(errors, own[1], BertprepError)
            return kind(without_step_names(own[2]))
    if deaths:
        return deaths[0]
    message = without_step_names(last_line(str(error)))
    if isinstance(error, RuntimeError):  # which Beam wraps others in, names and all
        message = message.removeprefix("RuntimeError: ")
    else:
        message = f"{type(error).__name__}: {message}"
    return BertprepError(f"{what}: {message}")


def readable_of_job(error: Exception, runner: str) -> BertprepError:
    """The same for a job of another runner, which may fail without any worker being to blame."""
    text = str(error)
    if "state CANCELLED" in text or "State: CANCELLED" in text:
        return BertprepError(f"the job was cancelled on {runner}")
    return readable(error, what="a worker failed" if _OF_WORKER.search(text) else "the job failed")


def readable_of_submission(error: Exception, runner: str) -> BertprepError:
    """The same for a job that its runner did not take."""
    if found := _NO_JAR.search(str(error)):
        return BertprepError(
            f"Beam's job server for {runner} cannot be had from {found['where']} "
            f"({found['reason']}); name one that runs by --job_endpoint, or its jar by "
            f"--{runner.lower().removesuffix('runner')}_job_server_jar"
        )
    return readable(error, what=f"{runner} did not take the job")


def without_step_names(message: str) -> str:
    """A message without what Beam adds to it on its way."""
    return _WHILE_RUNNING.sub("", message)


def _texts(error: BaseException | None) -> list[str]:
    found: list[str] = []
    while error is not None:
        if isinstance(error, BertprepError):
            kind = type(error)
            found.append(f"{kind.__module__}.{kind.__name__}: {error}")
        found.append(str(error))
        error = error.__cause__ or error.__context__
    return found


def last_line(text: str) -> str:
    """The line of a wrapped traceback that says what happened."""
    if stack := _STACK_OF_GO.search(text):
        text = text[: stack.start()]
    messages = _LAST_MESSAGE.findall(text)
    lines = [line for line in text.splitlines() if line.strip()]
    return str(messages[-1] if messages else lines[-1] if lines else "no message")
