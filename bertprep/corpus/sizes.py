"""How files are cut into work, and how much of one is read, and held, at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadSizes:
    """In bytes; tests choose small ones.

    Attributes:
        least_split, most_split: of the files that are one piece of work.
        splits: as many pieces as are wanted between these; a number.
        batch: of documents that go their way together.
        block: read at a time within a range.
        overrun: read at a time past its end.
        look_back: read at a time before its start.
        record: the most that one may have: a document takes some ten times its bytes on its way.
        document: of a format in which nothing says where one ends, as PTB.
        table_block: read at a time of a table of text.
    """

    least_split: int = 1 << 20
    most_split: int = 16 << 20
    splits: int = 16
    batch: int = 2 << 20
    block: int = 4 << 20
    overrun: int = 1 << 16
    look_back: int = 1 << 12
    record: int = 48 << 20
    document: int = 8 << 10
    table_block: int = 8 << 20


READ_SIZES = ReadSizes()
