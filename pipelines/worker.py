"""A worker process of the local runner: Beam's own, which ends with the command, and silently."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time

from pipelines import launch

_LOOK_SECONDS = 1.0


def main() -> None:
    # Ctrl-C goes to all processes of the terminal; the command ends the workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    # Without a handler, the first warning anywhere makes the root logger write to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    with launch.importing():
        from apache_beam.runners.worker import sdk_worker_main

        from pipelines import shard, vocab  # noqa: F401  what the first steps would import

    settings = sys.stdin.readline()  # from launch.take; empty if the command needs no worker
    if settings:
        os.environ.update(json.loads(settings))
        sdk_worker_main.main(sys.argv)


def _end_with(parent: int) -> None:
    """Ends this process once the command is gone, even one killed without a chance to say so."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
