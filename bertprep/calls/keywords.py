"""The keyword options of the API's functions: those of the option classes, as the command has them.

A function's options are defined once, by the fields of the classes; here they become its signature,
and the arguments of the command that runs.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from inspect import Parameter, Signature, signature
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from bertprep.errors import UsageError
from bertprep.options import (
    CleanOptions,
    PrepareOptions,
    ReadOptions,
    RunOptions,
    ShardOptions,
    VocabOptions,
)

Function = TypeVar("Function", bound=Callable[..., Any])

# What the commands take that is no field of a class, as they have it.
_SELECTION: dict[str, Any] = {"include": (), "exclude": (), "mixture": None}
_CASING: dict[str, Any] = {"lowercase": None, "keep_accents": False}
# Fields that the command does not take by their names, or not at all.
_NOT_OPTIONS = {"beam_args", "command", "output", "held_out", "excluded", "clean"}
# In whose fields ``None`` is what the command calls by a word.
_FLAGS_OF = {
    "lowercase": {True: "--uncased", False: "--cased"},
    "wait": {True: "--wait", False: "--no-wait"},
    "drop_controls": {True: "--drop-controls", False: "--keep-controls"},
}


class Command(NamedTuple):
    """A command, and the defaults of its options by name."""

    name: str
    defaults: Mapping[str, Any]


def _fields(*kinds: Any) -> dict[str, Any]:
    return {
        field.name: field.default
        for kind in kinds
        for field in fields(kind)
        if field.default is not MISSING and field.name not in _NOT_OPTIONS
    }


_READING = _fields(ReadOptions)
# Cleaning begins where one of them is given, be it as usual.
_CLEANING = {"clean": False, **_fields(CleanOptions)}
# Of these, what a vocabulary is not learned by.
_OF_TOKENS = ("sentences", "language", "holdout")
VOCAB = Command(
    "vocab",
    {
        **_fields(RunOptions, VocabOptions),
        **{name: value for name, value in _READING.items() if name not in _OF_TOKENS},
        **_CLEANING,
        **_SELECTION,
    },
)
PREPARE = Command(
    "prepare",
    {
        **_fields(RunOptions, PrepareOptions),
        **_READING,
        **_CLEANING,
        **_SELECTION,
        **_CASING,
        "exclude_documents": None,
        "write_drops": False,
    },
)
SHARD = Command(
    "shard",
    {
        **_fields(RunOptions, ShardOptions),
        "output_format": None,
        **_READING,
        **_CLEANING,
        **_SELECTION,
        **_CASING,
        "exclude_documents": None,
        "write_drops": False,
    },
)


def takes(command: Command) -> Callable[[Function], Function]:
    """Shows a function that takes ``**options`` with the options of a command instead."""

    def shown(function: Function) -> Function:
        own = [p for p in signature(function).parameters.values() if p.kind != p.VAR_KEYWORD]
        more = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=default)
            for name, default in command.defaults.items()
        ]
        function.__signature__ = Signature([*own, *more])  # type: ignore[attr-defined]
        return function

    return shown


def check(command: Command, options: Mapping[str, Any], function: str) -> None:
    """Refuses a keyword that the command does not know.

    Args:
        command: the one that is to run.
        options: the keywords, with their values.
        function: of the API, as a message calls it.

    Raises:
        UsageError: for such a keyword, with the nearest that it does know.
    """
    for name in options:
        if name not in command.defaults:
            near = difflib.get_close_matches(name, command.defaults, n=2, cutoff=0.6)
            hint = f"did you mean {' or '.join(near)}?" if near else f"see help({function})"
            raise UsageError(f"{function} has no option {name!r}; {hint}")


def arguments(command: Command, options: Mapping[str, Any]) -> list[str]:
    """The options that are not as usual, or ask for cleaning, as the command takes them."""
    return [
        argument
        for name, value in options.items()
        if name in _CLEANING or not _is_usual(value, command.defaults[name])
        for argument in _typed(name, value)
    ]


def _is_usual(value: Any, default: Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _typed(name: str, value: Any) -> Iterator[str]:
    flag = f"--{name.replace('_', '-')}"
    if value is None:
        return
    if name in _FLAGS_OF:
        yield _FLAGS_OF[name][bool(value)]
    elif isinstance(value, bool):
        if value:
            yield flag
    elif isinstance(value, list | tuple):
        for each in value:
            yield f"{flag}={os.fspath(each)}"
    else:
        yield f"{flag}={os.fspath(value) if isinstance(value, os.PathLike) else value}"


def as_keywords(message: str) -> str:
    """A message of the command, whose options are named as the API has them."""
    message = re.sub(r"--uncased\b", "lowercase=True", message)
    message = re.sub(r"--cased\b", "lowercase=False", message)
    names = {*VOCAB.defaults, *PREPARE.defaults, *SHARD.defaults, "output", "vocab"}

    def keyword(match: re.Match[str]) -> str:
        name, value = match[1].replace("-", "_"), match[2]
        if name not in names:
            return match[0]
        is_choice = value and value.strip() in _CHOICES.get(name, ())
        return f"{name}={value.strip()!r}" if is_choice else name + (value or "")

    return re.sub(r"--([a-z][a-z-]*[a-z])\b( [a-z0-9-]+\b)?", keyword, message)


def _choices(*kinds: Any) -> dict[str, tuple[Any, ...]]:
    """The words that options take, where these are few."""
    hints = {name: hint for kind in kinds for name, hint in get_type_hints(kind).items()}
    return {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


_CHOICES = _choices(ReadOptions, CleanOptions, PrepareOptions, ShardOptions)
