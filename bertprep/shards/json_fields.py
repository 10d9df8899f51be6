"""The fields of a JSON object that somebody may have edited, each checked before it is used."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from bertprep.shards.names import ORIGINS_FOLDER, ROWS_FOLDER, TEXT_FOLDER

Options = TypeVar("Options")

# What JSON calls the types of its values.
_JSON_NAMES = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
    NoneType: "null",
}
_MAX_COUNT = 1 << 48  # sums of such fit into 64 bits


def field(entry: Any, name: str, *types: type[Any]) -> Any:
    """A value of an object, of one of these types.

    Args:
        entry: the object.
        name: of the value.
        types: those it may have; True and False are no integers.

    Raises:
        KeyError, TypeError: if it is not there, or of another type.
    """
    if not isinstance(entry, Mapping):
        raise TypeError(f"expected an object with {name}, got {reprlib.repr(entry)}")
    value = entry[name]
    if type(value) not in types:  # isinstance would take True for an integer
        wanted = " or ".join(_JSON_NAMES[kind] for kind in types)
        raise TypeError(f"expected {wanted} as {name}, got {reprlib.repr(value)}")
    return value


def count(entry: Any, name: str, least: int = 0) -> int:
    """An integer of an object.

    Args:
        entry: the object.
        name: of the value.
        least: the smallest that it may be; the largest is below 2^48.

    Raises:
        KeyError, TypeError, ValueError: if it is not there, no integer, or out of these bounds.
    """
    value: int = field(entry, name, int)
    if not least <= value < _MAX_COUNT:
        wanted = f"{name} from {least} to {_MAX_COUNT - 1:,}"
        raise ValueError(f"expected {wanted}, got {reprlib.repr(value)}")
    return value


def file_name(entry: Any, name: str) -> str:
    """The name of a file in the folder of the object or in one of bertprep's below it.

    Raises:
        ValueError: if it is anywhere else.
    """
    value: str = field(entry, name, str)
    folder, _, below = value.rpartition("/")
    base = below if folder in (ROWS_FOLDER, ORIGINS_FOLDER, TEXT_FOLDER) else value
    if base in ("", ".", "..") or any(character in base for character in "/\\\0"):
        raise ValueError(f"expected the name of a file in the folder, got {reprlib.repr(value)}")
    return value


def counts(entry: Any, name: str, required: tuple[str, ...] = ()) -> dict[str, int]:
    """An object of integers from 0.

    Args:
        entry: the object that holds it.
        name: of the value.
        required: the names that must be in it.

    Raises:
        KeyError, TypeError, ValueError: as ``count``, for any of them.
    """
    table = field(entry, name, dict)
    return {key: count(table, key) for key in (*required, *table)}


def shares(entry: Any, name: str, required: tuple[str, ...]) -> dict[str, float]:
    """An object of numbers from 0, each ``..._share`` up to 1.

    Args:
        entry: the object that holds it.
        name: of the value.
        required: the names that must be in it.

    Raises:
        KeyError, TypeError, ValueError: as ``share``, for any of them.
    """
    table = field(entry, name, dict)
    return {key: share(table, key) for key in (*required, *table)}


def share(entry: Any, name: str) -> float:
    """A number from 0, up to 1 if its name is ``..._share``.

    Raises:
        KeyError, TypeError, ValueError: if it is not there, no number, or out of these bounds.
    """
    value: float = field(entry, name, float, int)
    highest = 1 if name.endswith("_share") else _MAX_COUNT
    if not (math.isfinite(value) and 0 <= value <= highest):
        raise ValueError(f"expected {name} from 0 to {highest:,}, got {reprlib.repr(value)}")
    return value


def options(kind: type[Options], entry: Any, name: str) -> Options:
    """An object as the option class that it was made from.

    Args:
        kind: that class, a dataclass.
        entry: the object that holds it.
        name: of the value.

    Raises:
        KeyError, TypeError, ValueError: if an option is missing, of another type, or unknown.
        UsageError: if the class refuses a value.
    """
    config = field(entry, name, dict)
    hints, known = get_type_hints(kind), [each.name for each in fields(kind)]  # type: ignore[arg-type]
    later = getattr(kind, "LATER", ())
    there = [each for each in known if each in config or each not in later]
    values = {each: _option(hints[each], config, each) for each in there}
    for each in config:
        if each not in values:
            raise ValueError(f"{name} has the option {reprlib.repr(each)}, which is unknown")
    return kind(**{each: _value(value) for each, value in values.items()})


def _option(hint: Any, config: dict[str, Any], name: str) -> Any:
    """The value of one option, which may be a class of options itself."""
    nested = [part for part in get_args(hint) if is_dataclass(part)]
    if nested and config[name] is not None:
        return options(cast(Any, nested[0]), config, name)
    return field(config, name, *_types(hint))


def _types(hint: Any) -> tuple[Any, ...]:
    """The types that the JSON of an option may have: (str, NoneType) for ``Layout | None``."""
    if get_origin(hint) is Literal:
        return (str,)
    if get_origin(hint) is tuple:
        return (list,)
    if parts := get_args(hint):
        return tuple(kind for part in parts for kind in _types(part))
    return (float, int) if hint is float else (hint,)


def _value(value: Any) -> Any:
    return tuple(map(_value, value)) if isinstance(value, list) else value
