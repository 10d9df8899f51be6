"""Makes the folders of a run, and holds them for it alone."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from bertprep.errors import OutputError
from bertprep.stores.schemes import is_remote
from pipelines.folders.lock import hold
from pipelines.folders.patience import PATIENCE

_TRIES = 100


class Taken(NamedTuple):
    """A folder that is held.

    Attributes:
        new: the folders that had to be made for it.
        lock: the descriptor that holds it until it is closed; None where there are no locks.
    """

    new: list[str]
    lock: int | None


def take_folder(
    folder: str, doing: str, way_out: str, patience_seconds: float = PATIENCE.lock
) -> Taken:
    """Makes a folder if need be, and holds it for this process alone.

    Args:
        folder: its path.
        doing: what another run does that holds it, for the message.
        way_out: what else to name then, for the message.
        patience_seconds: how long to wait for it.

    Raises:
        OutputError: if another run holds it, or it cannot be written to.
    """
    for _ in range(_TRIES):
        new = _missing_folders(folder)
        try:
            return Taken(new, _made_and_held(folder, patience_seconds))
        except FileNotFoundError:  # a run that failed took it away again
            continue
        except BlockingIOError:
            raise OutputError(
                f"another run {doing}; wait for its end, or name another {way_out}"
            ) from None
        except OSError as error:
            remove_empty(new)
            raise not_writable(folder, error) from None
    raise OutputError(
        f"{folder} cannot be made, or is taken away each time; name another {way_out}"
    )


def remove_empty(folders: Iterable[str]) -> None:
    """Removes those of the folders that hold nothing, or nothing but others of them."""
    for folder in sorted(set(folders), key=len, reverse=True):
        with suppress(OSError):
            os.rmdir(folder)


def not_writable(folder: str, error: OSError) -> OutputError:
    """The error to raise for a folder that cannot be written to."""
    return OutputError(f"{folder} cannot be written to: {error.strerror or error}")


def _made_and_held(folder: str, patience_seconds: float) -> int | None:
    if not is_remote(folder):
        os.makedirs(folder, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return hold(folder, patience_seconds)


def _missing_folders(path: str) -> list[str]:
    """The local folders that making ``path`` would make."""
    missing: list[str] = []
    folder = os.path.abspath(path)
    while not is_remote(path) and not os.path.exists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return missing
