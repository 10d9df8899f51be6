"""The ``bertprep`` command, as installed and as ``python -m bertprep``; it is in ``pipelines``."""

from __future__ import annotations

import sys

from bertprep.errors import BertprepError
from bertprep.pipelines_door import load


def main() -> None:
    """Runs the command, or says in one line what hides it."""
    try:
        cli = load("cli")
    except BertprepError as error:
        sys.stderr.write(f"bertprep: error: {error}\n")
        sys.exit(error.exit_code)
    cli.main()


if __name__ == "__main__":
    main()
