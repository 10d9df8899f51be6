"""The ``bertprep`` command, as installed and as ``python -m bertprep``; it is in ``pipelines``."""

from __future__ import annotations

import sys
from types import ModuleType

from bertprep.common.process_end import leaving_at_once
from bertprep.errors import BertprepError
from bertprep.pipelines_door import load


def main() -> None:
    """Runs the command, or says in one line what hides it."""
    with leaving_at_once():
        _cli().main()


def main_for_program() -> None:
    """The same for a program that called: see ``bertprep.calls.process``."""
    with leaving_at_once():
        _cli().main_for_program()


def _cli() -> ModuleType:
    try:
        return load("cli")
    except BertprepError as error:
        sys.stderr.write(f"bertprep: error: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
