"""A worker process of the local runner: Beam's own, which ends with the command, and silently."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection


def main(settings: Connection, stderr: Connection) -> None:
    """Becomes a worker of Beam's once the command sends the ``settings`` of its environment."""
    _as_if_new(stderr)
    end_with_parent()
    # Without a handler, the first warning anywhere makes the root logger write to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    from pipelines import launch

    launch.import_all()
    from apache_beam.runners.worker import sdk_worker_main

    os.environ.update(settings.recv())
    sdk_worker_main.main([])


def _as_if_new(stderr: Connection) -> None:
    """Takes back what the command, whose fork this may be, has set for itself."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(stderr.fileno(), 2)
    sys.stderr = sys.__stderr__
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.excepthook = threading.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__


def end_with_parent() -> None:
    """Lets this process end once its parent is gone, even one killed without a chance to say so.

    Ctrl-C goes to all processes of a terminal, and is for the parent to deal with.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
