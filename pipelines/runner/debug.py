"""Whether the maintainer looks on: --debug, or BERTPREP_DEBUG in the environment."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

FLAG = "--debug"
VARIABLE = "BERTPREP_DEBUG"
_OFF = ("", "0", "false", "no", "off")


def wanted() -> bool:
    """Whether tracebacks and logs are to be shown."""
    return os.environ.get(VARIABLE, "").lower() not in _OFF


@contextmanager
def as_asked(arguments: Sequence[str]) -> Iterator[None]:
    """Within, the variable says what the command's arguments say: worker processes read it, too.

    The arguments are looked at before they are parsed: to parse them may fail.
    """
    before = os.environ.get(VARIABLE)
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if FLAG in own:
        os.environ[VARIABLE] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before


def dump_stacks_on_signal() -> None:
    """Has SIGUSR1 print what each thread of this process is at: for a run that stands still."""
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, file=2)
