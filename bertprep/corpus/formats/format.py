"""A format: how a file of it is recognised, and how a byte range of one is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, NamedTuple

from bertprep.common.drops import Drops
from bertprep.corpus.encodings import advice_on
from bertprep.corpus.records import Record
from bertprep.corpus.sample import Sample
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.options import FileFormat, ReadOptions


class Document(NamedTuple):
    """The byte of its file, or the row, at which a document begins, and its text in UTF-8."""

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
        encoding: what the file was decoded by, if it was not UTF-8.
        sizes: how much is read at a time.
        fields: takes the names of the fields that rows have; None where nobody asks.
    """

    name: str
    stream: BinaryIO
    start: int
    end: int
    options: ReadOptions
    drops: Drops
    bad: Bad
    encoding: str = ""
    sizes: ReadSizes = READ_SIZES
    fields: set[str] | None = None

    def decoded(self, record: Record) -> Iterator[Document]:
        """The record as a document, if it is UTF-8."""
        if (content := self.utf8(record)) is not None:
            yield Document(record.offset, content)

    def utf8(self, record: Record) -> bytes | None:
        """The content of a record, if it is UTF-8 or made so; else it is bad."""
        content = record.content
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            if self.options.bad_input == "replace":
                return self.replaced(content, record).encode("utf-8")
            place = record.content_offset + error.start
            self.bad("not_utf8", record, f"is {self.not_utf8(error)}", place)
            return None
        return content

    def replaced(self, content: bytes, record: Record) -> str:
        """Text with U+FFFD for what is not UTF-8, counted."""
        self.drops.add("replaced_bytes", self.name, record.offset, content)
        return content.decode("utf-8", "replace")

    def not_utf8(self, error: UnicodeDecodeError) -> str:
        """The message for bytes that cannot be decoded."""
        if self.encoding:
            return f"not {self.encoding}; --bad-input replace puts U+FFFD for what is not"
        if self.options.bad_input == "drop":
            return "not UTF-8"
        return f"not UTF-8 (0x{error.object[error.start]:02x}); {advice_on(error.object)}"


class Format(ABC):
    """One format.

    Attributes:
        name: as in ``--input-format``.
        shown: what the user is told the files are.
        evidence: what a file is recognised by.
        is_segmented: whether sentences are to be found in its text.
        marks_unknown: whether ``<unk>`` stands for an unknown word in it.
        has_fields: whether the text is in a field that ``--text-field`` names.
        has_rows: whether the offset of a document is the number of its row, not a byte.
    """

    name: ClassVar[FileFormat]
    shown: ClassVar[str]
    evidence: ClassVar[str]
    is_segmented: ClassVar[bool] = True
    marks_unknown: ClassVar[bool] = False
    has_fields: ClassVar[bool] = False
    has_rows: ClassVar[bool] = False

    @abstractmethod
    def recognises(self, sample: Sample) -> bool:
        """Whether the sample is of a file of this format, and certainly so."""

    @abstractmethod
    def documents(self, source: Source) -> Iterator[Document]:
        """The documents that begin in the byte range."""

    def check(self, stream: BinaryIO, path: str, options: ReadOptions) -> int:
        """Looks at a file that says itself what is in it.

        Args:
            stream: its bytes, decompressed.
            path: what a message calls it.
            options: what is asked of it, as by ``--text-field``.

        Returns:
            The bytes of its text; 0 if unknown.

        Raises:
            InputError: if it does not hold what the options ask for.
        """
        return 0

    def may_be_cut(self, options: ReadOptions) -> bool:
        """Whether ranges of a file can be read apart."""
        return True

    def detail(self, options: ReadOptions) -> str:
        """The part of it that options decide, for the user."""
        return ""
