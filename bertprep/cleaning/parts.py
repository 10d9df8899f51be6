"""The parts of a document that other documents may have, too: its paragraphs or its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

Unit = Literal["paragraphs", "lines"]

# Shorter ones are headings, names, answers: they are alike for good reasons.
LEAST_BYTES = 40
_BETWEEN: dict[Unit, re.Pattern[str]] = {
    "paragraphs": re.compile(r"(\n[ \t]*\n\s*)"),
    "lines": re.compile(r"(\n+)"),
}


@dataclass(frozen=True)
class Parts:
    """A document in parts, and what stands between them.

    Attributes:
        texts: the parts, in order.
        gaps: what follows each.
    """

    texts: tuple[str, ...]
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, text: str, unit: Unit) -> Parts:
        """Parts a text; joined again they give it."""
        if unit == "lines" and "\n\n" not in text:  # as most are, and this is faster
            lines = text.split("\n")
            return cls(tuple(lines), ("\n",) * (len(lines) - 1) + ("",))
        found = _BETWEEN[unit].split(text)
        return cls(tuple(found[::2]), (*found[1::2], ""))

    def digests(self) -> Iterator[tuple[int, bytes]]:
        """(number, 16 bytes) of each part that is long enough to be told by."""
        for number, part in enumerate(self.texts):
            content = part.strip().encode("utf-8", "replace")
            if len(content) >= LEAST_BYTES:
                yield number, blake2b(content, digest_size=16, person=b"part").digest()

    def without(self, numbers: set[int]) -> str:
        """The text without some of its parts."""
        kept = [
            part + gap
            for number, (part, gap) in enumerate(zip(self.texts, self.gaps, strict=True))
            if number not in numbers
        ]
        return "".join(kept).strip()
