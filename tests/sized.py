"""The command with steps of other sizes, as a program: ``python -m tests.sized SIZES ...``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from bertprep.common.process_end import leaving_at_once
from bertprep.corpus.sizes import ReadSizes
from pipelines.steps.sizes import RunSizes


def as_text(sizes: RunSizes) -> str:
    """The sizes as an argument."""
    return json.dumps(asdict(sizes))


def of_text(text: str) -> RunSizes:
    """The sizes that an argument tells."""
    values = json.loads(text)
    return RunSizes(**{**values, "read": ReadSizes(**values["read"])})


if __name__ == "__main__":
    with leaving_at_once():
        from pipelines import cli

        cli.main(of_text(sys.argv.pop(1)))
