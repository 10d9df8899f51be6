"""A worker process of the local runner: Beam's own, without its chatter on the terminal."""

from __future__ import annotations

import logging
import sys


def main() -> None:
    # Without a handler, the first warning anywhere makes the root logger write to standard error;
    # Beam's own handler, which sends records to the command, is added on top of this one.
    logging.getLogger().addHandler(logging.NullHandler())
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)


if __name__ == "__main__":
    main()
