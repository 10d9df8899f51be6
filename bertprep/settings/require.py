"""How an option class refuses a value."""

from __future__ import annotations

from bertprep.errors import UsageError


def require(condition: bool, message: str) -> None:
    """Raises UsageError with the message if the condition does not hold."""
    if not condition:
        raise UsageError(message)


def require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raises UsageError if an option's value is none of its choices."""
    require(value in choices, f"{name} must be one of {', '.join(choices)}; got {value!r}")
