"""How an option class refuses a value."""

from __future__ import annotations

from bertprep.errors import UsageError
from bertprep.settings.did_you_mean import meant


def require(condition: bool, message: str) -> None:
    """Raises UsageError with the message if the condition does not hold."""
    if not condition:
        raise UsageError(message)


def require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuses a value that an option does not have.

    Args:
        name: the option, as the user knows it.
        value: what was given.
        choices: its values.

    Raises:
        UsageError: for such a value, with the one that was meant where that can be told.
    """
    if value not in choices:
        hint = meant(name.lstrip("-"), str(value), choices)
        listed = f"{name} must be one of {', '.join(choices)}; got {value!r}"
        raise UsageError(f"{listed}. {hint}" if hint else listed)
