"""Where the inputs of a mixture are named: ``--input NAME=PATH``, or a file of ``--mixture``."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from bertprep.errors import UsageError
from bertprep.stores.schemes import is_remote
from pipelines.folders import files

_NAME = re.compile(r"[^\W_][\w.-]{0,59}")
_PATHS, _KEYS = ("path", "weight"), ("input", "smoothing", "tokens")


class Named(NamedTuple):
    """The INPUTs, and of each the name of the input of the mixture that it is of.

    Attributes:
        paths, names: one of each for every INPUT; the names are empty without a mixture.
        options: what a file says of the proportions, as the fields of ``ReadOptions``.
    """

    paths: list[str]
    names: tuple[str, ...] = ()
    options: Mapping[str, Any] = MappingProxyType({})


def named_inputs(inputs: Sequence[str], given: Sequence[str], mixture: str | None) -> Named:
    """The inputs of a mixture.

    Args:
        inputs: the INPUTs without a name.
        given: the values of ``--input``.
        mixture: the path of the file of ``--mixture``.

    Raises:
        UsageError: if there is nothing, or it is said in two ways.
    """
    ways = {"INPUT": inputs, "--input": given, "--mixture": [mixture] if mixture else []}
    used = [way for way, value in ways.items() if value]
    if len(used) > 1:
        raise UsageError(
            f"{' and '.join(used)} both say what to read; in a mixture give every input by --input "
            "NAME=PATH, or all in the file of --mixture"
        )
    if mixture:
        return _of_file(mixture)
    pairs = [_pair(value) for value in given]
    return Named([path for _, path in pairs] or list(inputs), tuple(name for name, _ in pairs))


def _pair(value: str) -> tuple[str, str]:
    name, _, path = value.partition("=")
    if not path or not _NAME.fullmatch(name):
        raise UsageError(
            "--input must be NAME=PATH, with a name of letters, digits, dots, hyphens and "
            f"underscores, as in wiki=dumps/wiki; got {value!r}"
        )
    return name, path


def _of_file(path: str) -> Named:
    try:
        found = tomllib.loads(files.read_bytes(path).decode("utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"--mixture {path} cannot be read: {reason}") from None
    _check_keys(found, _KEYS, path)
    tables = found.get("input")
    if not isinstance(tables, dict) or not tables:
        raise UsageError(
            f'{path} names no input; write tables such as [input.wiki] with path = "wiki/" and '
            "weight = 2"
        )
    paths, names, weights = [], [], []
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise UsageError(f"{path}: expected a table [input.{name}] with a path")
        _check_keys(table, _PATHS, f"{path}: [input.{name}]")
        for one in _paths(table.get("path"), f"{path}: [input.{name}]"):
            pair = _pair(f"{name}={_beside(one, path)}")
            names.append(pair[0])
            paths.append(pair[1])
        if "weight" in table:
            weights.append(f"{name}={table['weight']}")
    options = {"weight": tuple(weights), "smoothing": found.get("smoothing")}
    options["mixture_tokens"] = found.get("tokens", 0)
    _check_numbers(options, path)
    return Named(paths, tuple(names), options)


def _check_keys(table: dict[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise UsageError(f"{where} has {key!r}, which is unknown; it takes {', '.join(known)}")


def _check_numbers(options: dict[str, Any], path: str) -> None:
    smoothing, tokens = options["smoothing"], options["mixture_tokens"]
    if smoothing is not None and type(smoothing) not in (int, float):
        raise UsageError(f"{path}: smoothing must be a number from 0 to 1; got {smoothing!r}")
    if type(tokens) is not int:
        raise UsageError(f"{path}: tokens must be a whole number; got {tokens!r}")


def _paths(value: Any, where: str) -> list[str]:
    paths = [value] if isinstance(value, str) else value
    if not isinstance(paths, list) or not paths or not all(isinstance(p, str) for p in paths):
        raise UsageError(f'{where} needs a path, as in path = "wiki/", or a list of them')
    return paths


def _beside(path: str, mixture: str) -> str:
    """A path of a mixture's file, which is relative to the folder of that file."""
    if os.path.isabs(path) or is_remote(path):
        return path
    return files.join(os.path.dirname(mixture), path) if os.path.dirname(mixture) else path
