"""The logs of Beam and gRPC: nothing to a user, all of it under --debug."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from types import TracebackType

from pipelines.runner import debug

_FORMAT = "%(asctime)s %(processName)s %(levelname)s %(name)s: %(message)s"
_BEAMS = ("apache_beam", "grpc")
_OURS = ("bertprep", "pipelines")


def set_up() -> None:
    """Shows or silences their logs in this process; what others warn of is shown as ever."""
    if debug.wanted():
        show()
        return
    for name in _BEAMS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_is_of_others)
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    threading.excepthook = _in_thread


def _is_of_others(record: logging.LogRecord) -> bool:
    """Beam logs by the root logger, too."""
    return not any(f"{os.sep}{name}{os.sep}" in record.pathname for name in _BEAMS)


def show() -> None:
    """Writes what is logged in this process to standard error."""
    for name in _BEAMS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    root = logging.getLogger()
    for handler in root.handlers:
        handler.removeFilter(_is_of_others)
    logging.basicConfig(stream=sys.stderr, format=_FORMAT)
    root.setLevel(logging.INFO)
    # Tells of each type hint that is a string, whenever it meets one.
    logging.getLogger("apache_beam.typehints").setLevel(logging.WARNING)
    debug.dump_stacks_on_signal()


def _in_thread(args: threading.ExceptHookArgs) -> None:
    """Beam's threads that listen to a worker process break off when it ends; others are told of."""
    if not _is_beams(args.exc_traceback):
        threading.__excepthook__(args)


def _is_beams(trace: TracebackType | None) -> bool:
    modules = [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(trace)]
    packages = {name.partition(".")[0] for name in modules}
    return not packages.isdisjoint(_BEAMS) and packages.isdisjoint(_OURS)
