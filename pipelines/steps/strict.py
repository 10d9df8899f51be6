"""--strict: what else would be a warning is an error, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from bertprep.errors import InputError


def refuse_warnings(warnings: Sequence[str], strict: bool, output: str, told: bool) -> None:
    """Ends a strict run that has anything to warn of.

    Args:
        warnings: those of the run so far.
        strict: whether the run is to be strict.
        output: the folder that it would write.
        told: whether the user has read them just above; else the error says them.

    Raises:
        InputError: where there are any, and the run is strict.
    """
    if not (warnings and strict):
        return
    if not told:
        what = f"what else would be a warning is an error: {'; '.join(warnings)}"
    else:
        what = "the warning above is an error" if len(warnings) == 1 else "warnings are errors"
    raise InputError(f"with --strict, {what}; nothing was written to {output}")
