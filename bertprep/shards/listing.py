"""What a manifest lists, taken apart with care: it may have been edited, or damaged."""

from __future__ import annotations

import reprlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from bertprep.errors import InputError, UsageError
from bertprep.options import ShardOptions
from bertprep.shards.manifest import listed_settings

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
# The figures of a manifest: those by themselves, and the objects that hold others.
_COUNTS = (
    "rows",
    "documents",
    "sentences",
    "tokens",
    "max_seq_length",
    "max_predictions_per_seq",
)
_TABLES = ("sums", "statistics", "drops")
_MAX_COUNT = 1 << 48  # sums of such fit into 64 bits
_DAMAGED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


class ListedFile(NamedTuple):
    """A file of a run; of a shard also its rows, and its bin where rows are binned by length."""

    name: str
    size: int
    sha256: str
    rows: int = 0
    bin: int | None = None


@contextmanager
def taking_apart(path: str) -> Iterator[None]:
    """A manifest is taken apart within: what it lacks, or has of another kind, is an InputError.

    Args:
        path: of the manifest, for the message.
    """
    try:
        yield
    except (*_DAMAGED, UsageError) as error:
        what = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{path} is damaged: {what}") from None


def listed_shards(manifest: Mapping[str, Any], path: str) -> tuple[ShardOptions, list[ListedFile]]:
    """The options and the shards of a ``shard`` run.

    Raises:
        InputError: if they, the figures or the vocabulary's entry are no such run's.
    """
    with taking_apart(path):
        options = _options(_field(_field(manifest, "config", dict), "shard", dict))
        _check_vocabulary(_field(manifest, "vocabulary", dict))
        _check_figures(manifest)
        shards = [_shard(entry, options) for entry in _field(manifest, "shards", list)]
        _check_names(shards)
        if not shards:
            raise ValueError("expected a shard, got none")
        return options, shards


def listed_drops(manifest: Mapping[str, Any], path: str) -> list[ListedFile]:
    """The files of a ``shard`` run with what was left out; InputError if they are no such."""
    with taking_apart(path):
        return [_file(entry) for entry in manifest.get("dropped", [])]


def listed_prepared(manifest: Mapping[str, Any], path: str) -> list[ListedFile]:
    """The files of a ``prepare`` run.

    Raises:
        InputError: if they, the figures or the vocabulary's entry are no such run's.
    """
    with taking_apart(path):
        _check_vocabulary(_field(manifest, "vocabulary", dict))
        _check_figures(manifest)
        found = [_file(entry) for entry in _field(manifest, "prepared", list)]
        _check_names(found)
        return found


def _options(config: Mapping[str, Any]) -> ShardOptions:
    hints = get_type_hints(ShardOptions)
    names = [field.name for field in fields(ShardOptions)]
    return ShardOptions(**{name: _field(config, name, *_types(hints[name])) for name in names})


def _types(hint: Any) -> tuple[Any, ...]:
    """The types that the JSON of an option may have: (str, NoneType) for ``Layout | None``."""
    if get_origin(hint) is Literal:
        return (str,)
    if parts := get_args(hint):
        return tuple(kind for part in parts for kind in _types(part))
    return (float, int) if hint is float else (hint,)


def _check_vocabulary(entry: Mapping[str, Any]) -> None:
    for name, kind in (("sha256", str), ("file", str), ("lowercase", bool)):
        _field(entry, name, kind)
    listed_settings(entry)


def _check_figures(manifest: Mapping[str, Any]) -> None:
    """Not whether they are all there: only ``inspect`` needs any."""
    for name in filter(manifest.__contains__, _COUNTS):
        _count(manifest, name)
    for name in filter(manifest.__contains__, _TABLES):
        table = _field(manifest, name, dict)
        for figure in table:
            _field(table, figure, int, float)


def _file(entry: Mapping[str, Any]) -> ListedFile:
    name, sha256 = _field(entry, "file", str), _field(entry, "sha256", str)
    return ListedFile(name, _count(entry, "bytes"), sha256)


def _shard(entry: Mapping[str, Any], options: ShardOptions) -> ListedFile:
    shard = _file(entry)._replace(rows=_count(entry, "rows"))
    step, longest = options.bin_size, options.max_seq_length
    if step is None:
        if "bin" in entry:
            raise ValueError(f"{shard.name} has a bin, but bin_size is null")
        return shard
    bin_ = _count(entry, "bin")
    if bin_ not in range(step, longest + 1, step):
        raise ValueError(f"expected a multiple of bin_size {step} as bin, got {bin_}")
    return shard._replace(bin=bin_)


def _check_names(found: list[ListedFile]) -> None:
    for name, times in Counter(file.name for file in found).items():
        if times > 1:
            raise ValueError(f"{name} is listed {times} times")


def _count(entry: Mapping[str, Any], name: str) -> int:
    value: int = _field(entry, name, int)
    if not 0 <= value < _MAX_COUNT:
        raise ValueError(f"expected {name} from 0 to {_MAX_COUNT - 1:,}, got {reprlib.repr(value)}")
    return value


def _field(entry: Mapping[str, Any], name: str, *types: type[Any]) -> Any:
    if not isinstance(entry, Mapping):
        raise TypeError(f"expected an object with {name}, got {reprlib.repr(entry)}")
    value = entry[name]
    if type(value) not in types:  # isinstance would take True for an integer
        wanted = " or ".join(_JSON_NAMES[kind] for kind in types)
        raise TypeError(f"expected {wanted} as {name}, got {reprlib.repr(value)}")
    return value
