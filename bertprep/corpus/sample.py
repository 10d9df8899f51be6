"""The parts of a file by which it is recognised: its first bytes and some from its middle."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bertprep.corpus.compression import Compression, decompress_command
from bertprep.corpus.window import BOM

HEAD_BYTES = 1 << 16
MIDDLE_BYTES = 1 << 14
MIDDLES = 3
# Each shape looks at each line, so that their number is what a look costs, not the bytes.
MOST_LINES = 2000
_KEPT_BREAKS = 8
_MANY_BREAKS = re.compile(rb"(?:\r?\n){%d,}" % (_KEPT_BREAKS + 1))


@dataclass(frozen=True)
class Part:
    """A stretch of a file, decompressed.

    Attributes:
        data: its bytes.
        starts, ends: whether it starts and ends with the file.
    """

    data: bytes
    starts: bool = True
    ends: bool = True

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines that are in it as a whole."""
        lines = self.data.removeprefix(BOM).splitlines()
        if not self.ends and not self.data.endswith((b"\n", b"\r")):
            lines = lines[:-1]
        return lines if self.starts else lines[1:]

    @cached_property
    def filled(self) -> list[bytes]:
        """Its lines that are not blank, without white space around."""
        return [line for line in map(bytes.strip, self.lines) if line]

    @cached_property
    def text(self) -> str:
        """It as text, whatever is no UTF-8 replaced."""
        return self.data.removeprefix(BOM).decode("utf-8", "replace")

    @cached_property
    def filled_text(self) -> list[str]:
        """The lines of its text that are not blank, but for one that its start cuts."""
        return [line for line in self.text.splitlines()[not self.starts :] if line.strip()]


def part_of(data: bytes, starts: bool = True, ends: bool = True) -> Part:
    """A stretch as it is looked at: without most of long runs of blank lines, then cut.

    Args:
        data: its bytes.
        starts: whether it starts with the file.
        ends: whether it ends with the file.

    Returns:
        Its first ``MOST_LINES`` lines at most.
    """
    if b"\n" * (_KEPT_BREAKS + 1) in data or b"\n\r\n" in data:  # the pattern is slow to find none
        data = _MANY_BREAKS.sub(b"\n" * _KEPT_BREAKS, data)
    if data.count(b"\n") <= MOST_LINES:
        return Part(data, starts, ends)
    kept = b"".join(line + b"\n" for line in data.split(b"\n", MOST_LINES)[:MOST_LINES])
    return Part(kept, starts, ends=False)


@dataclass(frozen=True)
class Sample:
    """A part of a file, as it is looked at.

    Attributes:
        path: of the file, for messages.
        head: its first bytes, decompressed.
        is_whole: whether these are all.
        middles: stretches of what follows.
        compression: of the file.
        text_field: what ``--text-field`` says holds the text.
    """

    path: str
    head: bytes
    is_whole: bool = True
    middles: tuple[bytes, ...] = ()
    compression: Compression = "none"
    text_field: str = "text"

    @property
    def decompress(self) -> str:
        """The command that the file has to go through before any other, or nothing."""
        return "" if self.compression == "none" else decompress_command(self.compression)

    @cached_property
    def first(self) -> Part:
        """The head as a part."""
        return part_of(self.head, ends=self.is_whole)

    @cached_property
    def parts(self) -> list[Part]:
        """The head and the stretches from the middle."""
        return [self.first, *(part_of(data, starts=False, ends=False) for data in self.middles)]

    @cached_property
    def text(self) -> bytes:
        """The head from its first visible byte on."""
        return self.head.removeprefix(BOM).lstrip()

    @property
    def lines(self) -> list[bytes]:
        """The lines of the head, but for one that it cuts."""
        return self.first.lines
