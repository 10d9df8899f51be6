"""A finished step leaves what it gave in the work folder, so that a later run need not redo it.

What steps give is small (indexes of files, counts); the files themselves were whole before.  The
folder may come from somebody else: what is read is data, and leads to nothing outside of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.folders import files, lease
from pipelines.folders.checked_json import read_sealed, write_sealed
from pipelines.folders.work_names import CHECKPOINT_FOLDER
from pipelines.steps import memory, metrics

if TYPE_CHECKING:
    from pipelines.steps.report import Report
    from pipelines.steps.spill import SpillIndex

    Output = SpillIndex | Report


def remembered(
    work_dir: str, step: str, number: int, make: Callable[[], Iterable[Output]]
) -> list[Output]:
    """The outputs of a step for one element: made once, then read back.

    They are made again where a bit of them, or of any of the files they tell of, is another.

    Raises:
        OutputError: if the run was ended, or another one took its output over.

    Args:
        work_dir: the work folder of the run.
        step: the name of the step.
        number: of the element.
        make: makes the outputs.
    """
    lease.check(work_dir)
    path = files.join(work_dir, CHECKPOINT_FOLDER, f"{step}-{number:06}")
    outputs = _read(path, work_dir) if files.exists(path) else None
    if outputs is None:
        outputs = list(make())
        lease.check_after_work(work_dir)
        memory.give_back()
        shown = partial(_relative, work_dir)
        listed = [[type(output).__name__, output.to_json(shown)] for output in outputs]
        write_sealed(path, listed)
    metrics.count_reports(output for output in outputs if hasattr(output, "sums"))
    return outputs


def _read(path: str, work_dir: str) -> list[Output] | None:
    """The outputs of a step, or None if they are not there whole."""
    # Beam comes with them: this module does not bring it where workers are yet to be forked.
    from pipelines.steps.report import Report
    from pipelines.steps.spill import SpillIndex

    kinds = {kind.__name__: kind for kind in (SpillIndex, Report)}
    inside = partial(_inside, work_dir)
    try:
        outputs = [kinds[name].from_json(found, inside) for name, found in read_sealed(path)]
    except (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError):
        return None
    return outputs if all(output.is_whole() for output in outputs) else None


def _relative(work_dir: str, path: str) -> str:
    """A path by its parts below the work folder, which may be another one when it is read."""
    base = files.join(work_dir, "")
    if not path.startswith(base):
        raise ValueError(f"{path} is not in {work_dir}")
    return path[len(base) :]


def _inside(work_dir: str, relative: Any) -> str:
    parts = relative.replace("\\", "/").split("/")
    if "\0" in relative or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"{relative} leads out of {work_dir}")
    return files.join(work_dir, *parts)
