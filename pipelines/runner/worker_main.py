"""A worker process of the local runner: Beam's own, which ends with the command, and silently."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
import threading
from typing import IO

from pipelines.runner import debug, freed_memory, logs
from pipelines.runner.beam_caches import remembered, unpacked
from pipelines.runner.left_out import PANDAS, STORES, settle_pyarrow, without


def main(settings: IO[bytes]) -> None:
    """Becomes a worker of Beam's once the command sends a line of variables for its environment.

    The command keeps ``settings`` open as long as it lives.
    """
    # Ctrl-C, and the end of a terminal, go to all its processes; the command ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if debug.wanted():
        logs.show()
    else:
        # Without a handler, a warning anywhere would be the last line the command has of a worker.
        logging.getLogger().handlers[:] = [logging.NullHandler()]
    import_all()
    from apache_beam.runners.worker import sdk_worker_main

    line = settings.readline()
    if line:  # none comes if the command needs no worker
        os.environ.update(json.loads(line))
        threading.Thread(target=_end_with, args=(settings,), daemon=True).start()
        with remembered(), unpacked():
            sdk_worker_main.main([])


def import_all(*, only_here: bool = False) -> None:
    """Imports what the first steps of a run need.

    A fifth of the time of imports as large as Beam's is to look for garbage: that is left out.

    Args:
        only_here: whether all is done on this machine, without options of Beam's.
    """
    gc.disable()
    try:
        settle_pyarrow()
        with without(PANDAS | STORES if only_here else PANDAS):
            from apache_beam.runners.worker import sdk_worker_main  # noqa: F401

            from pipelines.graphs import prepare, shard, vocab  # noqa: F401
    finally:
        gc.freeze()
        gc.enable()
    freed_memory.keep_little()


def main_of_fork(settings: int, stderr: int, theirs: list[IO[bytes]]) -> None:
    """The same in a fork of the command: takes back what that has set for itself.

    Args:
        settings: descriptor of the pipe that ``main`` reads.
        stderr: descriptor of what is written for people.
        theirs: the command's ends of the pipes, which only it is to hold.
    """
    for stream in theirs:
        stream.close()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(stderr, 2)
    sys.stderr = sys.__stderr__
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.excepthook = threading.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__
    main(os.fdopen(settings, "rb"))


def _end_with(settings: IO[bytes]) -> None:
    """Ends this process once the command is gone, even one killed without a chance to say so."""
    settings.read()
    os._exit(1)


if __name__ == "__main__":
    main(sys.stdin.buffer)
