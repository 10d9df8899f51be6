"""The last word of a run that succeeded."""

from __future__ import annotations

import os
import sys


def show_result(text: str) -> None:
    """Prints what a run wrote; that nobody can be told does not make it a failure."""
    try:
        print(text, flush=True)
    except OSError as error:
        # What is left in the buffer would be tried again, and fail again, at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        reason = error.strerror or error
        print(
            f"bertprep: the output is complete, but its summary cannot be printed: {reason}",
            file=sys.stderr,
        )
