"""A document as rules look at it: its lines and words, found once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Measures:
    """A document's text and what is counted of it.

    Attributes:
        text: of the document, its lines parted by "\\n".
    """

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Its lines that are not blank, without white space around."""
        return [line for line in map(str.strip, self.text.split("\n")) if line]

    @cached_property
    def paragraphs(self) -> list[str]:
        """The paragraphs, which blank lines part."""
        return [part for part in map(str.strip, self.text.split("\n\n")) if part]

    @cached_property
    def words(self) -> list[str]:
        """The words, which white space parts."""
        return self.text.split()
