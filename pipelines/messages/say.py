"""Lines for the user while a job runs, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def say(text: str) -> None:
    """A line for the user while a job runs, which goes on if no line can be written."""
    try:
        print(text, file=sys.stderr, flush=True)
    except BrokenPipeError:  # who listened is gone, as after Ctrl-C in a pipe
        raise
    except OSError:  # the disk of a log is full
        return


def warn(texts: Sequence[str]) -> None:
    """Lines for the user of what is allowed but probably not meant."""
    for text in texts:
        say(f"warning: {text}")
