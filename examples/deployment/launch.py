"""The program that a Dataflow flex template starts: a command of bertprep, not waited for.

Its parameters are options, as Dataflow gives them: ``--command=shard --inputs=gs://a ...``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

# What is not given to the command as an option of that name.
_COMMAND, _INPUTS = "--command", "--inputs"


def arguments(given: Sequence[str]) -> list[str]:
    """The words of the command that the parameters stand for."""
    command, inputs, others = "shard", [], []
    for word in _joined(given):
        name, _, value = word.partition("=")
        if name == _COMMAND:
            command = value
        elif name == _INPUTS:
            inputs = value.split(",")
        elif value:
            others.append(word)
    return [command, *inputs, "--no-wait", *others]


def _joined(given: Sequence[str]) -> list[str]:
    """``--name value`` as ``--name=value``."""
    joined: list[str] = []
    for word in given:
        if joined and not word.startswith("--") and "=" not in joined[-1]:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


if __name__ == "__main__":
    from bertprep.__main__ import main

    sys.argv = ["bertprep", *arguments(sys.argv[1:])]
    main()
