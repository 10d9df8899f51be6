"""Options from a file of TOML, ``--config``; those on the command line come first.

Its keys are options as they are typed, without the dashes, and ``input``.  What stands in a table
named as a command is for that command; a key outside of tables is for every command that has it.
The table ``beam`` holds options of Beam.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

import click

from bertprep.errors import UsageError

_INPUT, _BEAM = "input", "beam"


class Config(NamedTuple):
    """The values of a command's parameters by their names, and arguments for Beam."""

    values: dict[str, Any]
    beam_args: list[str]


def read_config(path: str, command: click.Command, others: Mapping[str, click.Command]) -> Config:
    """The options of a command that a file states.

    Args:
        path: of the file.
        command: the one to run.
        others: all commands, by name.

    Raises:
        UsageError: if it cannot be read, or holds a key that is no option.
    """
    content = _parsed(path)
    known = _known(command)
    elsewhere = {key for other in others.values() for key in _known(other)}
    values: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, dict):
            if key not in (*others, _BEAM):
                raise _unknown(path, f"[{key}]", [f"[{name}]" for name in (*others, _BEAM)])
            continue
        if _name(key) in known:
            values |= known[_name(key)].value(value)
        elif _name(key) not in elsewhere:
            raise _unknown(path, key, sorted(elsewhere))
    for key, value in content.get(str(command.name), {}).items():
        if _name(key) not in known:
            raise _unknown(path, f"{command.name}.{key}", sorted(known))
        values |= known[_name(key)].value(value)
    return Config(values, [*_beam_args(content.get(_BEAM, {}))])


class _Key(NamedTuple):
    """A key of the file: the parameter it sets, and what ``true`` is for that."""

    param: click.Parameter
    is_on: bool = True

    def value(self, given: Any) -> dict[str, Any]:
        name = str(self.param.name)
        if isinstance(self.param, click.Option) and self.param.is_flag:
            if not isinstance(given, bool):
                raise UsageError(f"{name} in the configuration is true or false; got {given!r}")
            return {name: given is self.is_on}
        several = self.param.nargs == -1 or self.param.multiple
        if several and isinstance(given, str):
            given = [given]
        return {name: given}


def _known(command: click.Command) -> dict[str, _Key]:
    """The keys of a command; both of ``uncased`` and ``cased`` are of one parameter."""
    keys: dict[str, _Key] = {}
    for param in command.params:
        if isinstance(param, click.Option) and param.expose_value:
            keys |= {_name(flag): _Key(param) for flag in param.opts}
            keys |= {_name(flag): _Key(param, False) for flag in param.secondary_opts}
    # INPUT, not --input: the inputs of a mixture are in the file of `mixture`.
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    keys |= {_INPUT: _Key(arguments[0])} if arguments else {}
    return {key: value for key, value in keys.items() if len(key) > 1}


def _name(key: str) -> str:
    return key.lstrip("-").replace("_", "-")


def _parsed(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise UsageError(f"--config {path} cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"--config {path} is no TOML: {error}; a line is like max-seq-length = 512"
        ) from None


def _unknown(path: str, key: str, known: list[str]) -> UsageError:
    near = difflib.get_close_matches(key.rpartition(".")[2].replace("_", "-"), known, n=2)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
    return UsageError(f"--config {path}: {key} is no option of bertprep; {hint}")


def _beam_args(table: Mapping[str, Any]) -> list[str]:
    arguments = []
    for key, value in table.items():
        if value is True:
            arguments.append(f"--{key}")
        elif value is not False:
            items = value if isinstance(value, list) else [value]
            arguments += [f"--{key}={item}" for item in items]
    return arguments
