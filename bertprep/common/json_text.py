"""JSON for people to read, written piece by piece: of long lists one entry at a time is made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple


class Entries(NamedTuple):
    """A list in JSON, whose entries are made while it is written.

    Attributes:
        items: what they are made of.
        entry: makes one.
    """

    items: Iterable[Any]
    entry: Callable[[Any], Any]


def json_bytes(content: Mapping[str, Any]) -> bytes:
    r"""An object as ``json.dumps`` with an indent of 2 has it, and a line's end.

    Args:
        content: its fields; ``Entries`` among them are lists.

    >>> json_bytes({"a": Entries([1, 2], str)})
    b'{\n  "a": [\n    "1",\n    "2"\n  ]\n}\n'
    """
    output = BytesIO()
    for piece in _enclosed(map(_field, content.items()), "{", "}", 0):
        output.write(piece.encode("utf-8"))
    output.write(b"\n")
    return output.getvalue()


def _field(item: tuple[str, Any]) -> Iterator[str]:
    name, value = item
    yield f"{_text(name, 2)}: "
    if isinstance(value, Entries):
        entries = ([_text(value.entry(each), 4)] for each in value.items)
        yield from _enclosed(entries, "[", "]", 2)
    else:
        yield _text(value, 2)


def _enclosed(parts: Iterable[Iterable[str]], start: str, end: str, depth: int) -> Iterator[str]:
    """Parts, each on a line of its own; nothing is between the signs if there are none."""
    yield start
    mark = ""
    for part in parts:
        yield f"{mark}\n{' ' * (depth + 2)}"
        yield from part
        mark = ","
    yield f"\n{' ' * depth}{end}" if mark else end


def _text(value: Any, depth: int) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", f"\n{' ' * depth}")
