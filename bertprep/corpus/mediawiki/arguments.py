"""The arguments of a template: in order, and by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_NAME = re.compile(r"\s*([\w .:+/-]{0,40}?)\s*=", re.UNICODE)


@dataclass(frozen=True)
class Arguments:
    """The arguments after a template's name.

    Attributes:
        listed: those without a name, and those named 1, 2, ..., in order.
        named: the others.
    """

    listed: tuple[str, ...]
    named: dict[str, str]

    @classmethod
    def of(cls, content: str) -> Arguments:
        """Parts ``name|first|key=value|second``."""
        listed: list[str] = []
        named: dict[str, str] = {}
        for part in content.split("|")[1:]:
            if found := _NAME.match(part):
                named[found[1].lower()] = part[found.end() :].strip()
            else:
                listed.append(part.strip())
        while (number := str(len(listed) + 1)) in named:
            listed.append(named.pop(number))
        return cls(tuple(listed), named)

    def at(self, number: int) -> str:
        """Argument ``number``, from 1; nothing if it is not there."""
        return self.listed[number - 1] if number <= len(self.listed) else ""

    def first(self, *names: str) -> str:
        """The first of these that is there; a number names one in order."""
        values = (self.at(int(name)) if name.isdigit() else self.named.get(name) for name in names)
        return next(filter(None, values), "")

    def without_first(self) -> Arguments:
        """The same but for the first in order."""
        return Arguments(self.listed[1:], self.named)

    def is_on(self, name: str, *values: str) -> bool:
        """Whether an argument has one of the values (on, yes, y, 1)."""
        return self.named.get(name, "").lower() in (values or ("on", "yes", "y", "1"))


# Makes text of a template's arguments.
Renderer = Callable[[Arguments], str]


def argument(number: int) -> Renderer:
    """Gives one argument alone, as it is."""
    return lambda arguments: arguments.at(number)
