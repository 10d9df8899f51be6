"""How to run: on what, with how many processes, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RunOptions:
    """How to run: on what, with how many processes, and where to.

    Attributes:
        output: the folder to write; it must be empty or new.
        overwrite: replace what bertprep wrote there before.
        resume: go on with a run that was broken off.
        work_dir: a folder for the work files; None for below the output.
        workers: processes on this machine; None for one per core, as far as the input is worth it.
        strict: take warnings for errors, and write nothing.
        wait: go on until the job is done; if not, it is left to the runner it was given to.
        dry_run: say what would be read and written, and write nothing.
        beam_args: options of Beam, as they are typed.
        command: the arguments that were typed, for the record of the run.
    """

    output: str
    overwrite: bool = False
    resume: bool = False
    work_dir: str | None = None
    workers: int | None = None
    strict: bool = False
    wait: bool = True
    dry_run: bool = False
    beam_args: Sequence[str] = field(default_factory=tuple)
    command: Sequence[str] = field(default_factory=tuple)
