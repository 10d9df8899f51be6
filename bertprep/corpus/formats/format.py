"""What a format is: how a file of it is recognised, and how a byte range of one is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, NamedTuple

from bertprep.common.drops import Drops
from bertprep.corpus.files import FileFormat
from bertprep.corpus.records import Record
from bertprep.corpus.sample import Sample
from bertprep.options import ReadOptions


class Document(NamedTuple):
    """Where in its file a document begins, and its text in UTF-8."""

    offset: int
    text: bytes


# (reason, record, what is wrong with it, the byte to point to; by default the record's first).
Bad = Callable[[str, Record, str, int | None], None]


@dataclass(frozen=True)
class Source:
    """A byte range of a file to read.

    Attributes:
        name: of the file, as in ``InputFile.name``.
        stream: its bytes from the first on, decompressed.
        start, end: of the range in them.
        bad: drops a record or ends the run, as the options say.
    """

    name: str
    stream: BinaryIO
    start: int
    end: int
    options: ReadOptions
    drops: Drops
    bad: Bad

    def decoded(self, record: Record) -> Iterator[Document]:
        """The record as a document, if it is UTF-8."""
        try:
            record.content.decode("utf-8")
        except UnicodeDecodeError as error:
            self.bad_utf8(record, error)
        else:
            yield Document(record.offset, record.content)

    def bad_utf8(self, record: Record, error: UnicodeDecodeError) -> None:
        byte = record.content[error.start]
        what = f"is not UTF-8 (0x{byte:02x}); convert the file: iconv -f ITS_ENCODING -t UTF-8"
        self.bad("not_utf8", record, what, record.content_offset + error.start)


class Format(ABC):
    """One format.

    Attributes:
        name: as in ``--input-format``.
        shown: what the user is told the files are.
        evidence: what a file is recognised by.
        is_segmented: whether sentences are to be found in its text.
        marks_unknown: whether ``<unk>`` stands for an unknown word in it.
    """

    name: ClassVar[FileFormat]
    shown: ClassVar[str]
    evidence: ClassVar[str]
    is_segmented: ClassVar[bool] = True
    marks_unknown: ClassVar[bool] = False

    @abstractmethod
    def recognises(self, sample: Sample) -> bool:
        """Whether the sample is of a file of this format, and certainly so."""

    @abstractmethod
    def documents(self, source: Source) -> Iterator[Document]:
        """The documents that begin in the byte range."""

    def may_be_cut(self, options: ReadOptions) -> bool:
        """Whether ranges of a file can be read apart."""
        return True

    def detail(self, options: ReadOptions) -> str:
        """What of it the options decide, for the user."""
        return ""
