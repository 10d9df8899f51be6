"""A description of the rules that clean a corpus."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from bertprep.options import CleanOptions

_ALWAYS = ("duplicates",)


def describe_cleaning(options: CleanOptions) -> str:
    """The options as they would be typed: what is compared, and what else is not as usual.

    >>> describe_cleaning(CleanOptions(rules=("gopher", "c4"), drop_controls=False))
    '--duplicates documents --rules gopher --rules c4 --keep-controls'
    """
    values = ((each.name, getattr(options, each.name), each.default) for each in fields(options))
    typed = [_typed(name, value) for name, value, usual in values if _is_said(name, value, usual)]
    return " ".join(typed)


def _is_said(name: str, value: Any, usual: Any) -> bool:
    return name in _ALWAYS or bool(value != usual)


def _typed(name: str, value: Any) -> str:
    if name == "drop_controls":
        return "--drop-controls" if value else "--keep-controls"
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return flag
    values = value if isinstance(value, tuple) else (value,)
    return " ".join(f"{flag} {each}" for each in values)
