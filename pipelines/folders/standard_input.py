"""INPUT - : standard input, written to a file first, as a corpus is read more than once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bertprep.common.spool import existing_folder, write_spool
from bertprep.errors import BertprepError, InputError, OutputError, UsageError
from bertprep.stores.schemes import is_remote

DASH, _NAME = "-", "stdin"
_READ_BYTES = 1 << 20


@contextmanager
def spooled(inputs: Sequence[str], output: str, work_dir: str | None) -> Iterator[list[str]]:
    """Gives the INPUTs with a file in the place of ``-``, which is gone in the end.

    Args:
        inputs: the INPUTs.
        output: the folder that is written; the file is beside it.
        work_dir: the folder of work files, if it is another: the file is in it.

    Raises:
        UsageError: if nobody writes to standard input.
        OutputError: if the file cannot be written.
        InputError: if there is nothing in it.
    """
    if DASH not in inputs:
        yield list(inputs)
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "the INPUT - is standard input, and that is a terminal; pipe text to it, as in "
            "zcat a.gz | bertprep vocab - -o vocab"
        )
    with tempfile.TemporaryDirectory(prefix=".bertprep-", dir=_place(work_dir or output)) as folder:
        path = os.path.join(folder, _NAME)
        _copy(path)
        if not os.path.getsize(path):
            raise InputError("standard input is empty: the command before the pipe wrote nothing")
        try:
            yield [path if name == DASH else name for name in inputs]
        except BertprepError as error:
            error.args = tuple(str(arg).replace(path, "standard input") for arg in error.args)
            raise


def _place(folder: str) -> str | None:
    """The nearest folder that is there above one; None for where the system has temporary files."""
    if is_remote(folder):
        return None
    return existing_folder(os.path.dirname(os.path.abspath(folder)))


def _copy(path: str) -> None:
    try:
        write_spool(path, iter(lambda: sys.stdin.buffer.read(_READ_BYTES), b""))
    except OSError as error:
        raise OutputError(
            f"standard input cannot be written to {os.path.dirname(path)}: "
            f"{error.strerror or error}; name another place by --work-dir"
        ) from None
