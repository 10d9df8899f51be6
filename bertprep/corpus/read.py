"""Reads a split of the corpus as batches of documents in UTF-8 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import BinaryIO, cast

from bertprep.common.drops import Drops
from bertprep.corpus.bzip2_ranges import page_pieces
from bertprep.corpus.compression import decompressed
from bertprep.corpus.document_batch import DocumentBatch, columns_of
from bertprep.corpus.encodings import transcoded
from bertprep.corpus.files import ByteRange, InputFile, Split, is_cut_at_streams, may_be_entered
from bertprep.corpus.formats.format import Document, Source
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.gzip_ranges import record_pieces
from bertprep.corpus.identity import document_text
from bertprep.corpus.records import Record, line_number
from bertprep.corpus.row_lines import lines_of
from bertprep.corpus.seekable import DamagedError, Pieces, PieceStream
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.corpus.web.records import begins_record
from bertprep.corpus.window import RecordTooLong
from bertprep.errors import InputError
from bertprep.options import FileFormat, ReadOptions

_NO_END = 2**63 - 1

OpenFile = Callable[[str], BinaryIO]


def read_split(
    split: Split,
    open_file: OpenFile,
    options: ReadOptions,
    drops: Drops,
    sizes: ReadSizes = READ_SIZES,
) -> Iterator[DocumentBatch]:
    """The documents of a split, in order, in batches of documents of one format and input.

    Args:
        split: byte ranges of files.
        open_file: gives the stream, in which one can seek, of the file at a path as it is on disk.
        options: how the files are read.
        drops: takes what is left out.
        sizes: about how many bytes a batch has, and how many are read at a time.

    Raises:
        InputError: for a record that cannot be read, unless ``options.bad_input`` is ``drop``.
    """
    batch: list[Document] = []
    names: list[str] = []
    size = 0
    for before, byte_range in pairwise([None, *split]):
        assert byte_range  # to the type checker
        file = byte_range.file
        if before and batch and _kind(before.file) != _kind(file):
            yield columns_of(*_kind(before.file), names, batch)
            batch, names, size = [], [], 0
        for document in _RangeReader(byte_range, open_file, options, drops, sizes).documents():
            document = document._replace(text=document_text(document.text))
            batch.append(document)
            names.append(file.name)
            size += len(document.text)
            if size >= sizes.batch:
                yield columns_of(*_kind(file), names, batch)
                batch, names, size = [], [], 0
    if batch:
        yield columns_of(*_kind(split[-1].file), names, batch)


def _kind(file: InputFile) -> tuple[FileFormat, str]:
    """The properties that all documents of one batch share."""
    return file.format, file.input


def content_of(raw: BinaryIO, file: InputFile) -> BinaryIO:
    """The content of an open file, decompressed and in UTF-8."""
    return transcoded(decompressed(raw, file.compression), file.encoding)


def _part(raw: BinaryIO, file: InputFile, start: int, end: int) -> Pieces:
    """The streams of a file that a range of its bytes is read as."""
    if file.compression == "gzip":
        return record_pieces(raw, start, end, begins_record)
    return page_pieces(raw, start, end)


@dataclass
class _RangeReader:
    """Turns the raw records of one byte range into documents."""

    range: ByteRange
    open_file: OpenFile
    options: ReadOptions
    drops: Drops
    sizes: ReadSizes = READ_SIZES

    def documents(self) -> Iterator[Document]:
        try:
            yield from self._documents()
        except RecordTooLong as error:
            raise InputError(
                f"{self.range.file.path} holds a document of over {self.sizes.record >> 20} MiB, "
                f"from about byte {error.offset:,} on, which would take too much memory; cut it "
                "into several, or say what a document is by --documents (of text: blank-line, or "
                "line)"
            ) from None

    def _documents(self) -> Iterator[Document]:
        with self._stream(self.drops) as stream:
            try:
                if may_be_entered(self.range.file):
                    yield from self._read(stream, self.range.start, self.range.end)
                else:
                    yield from self._read(stream, 0, _NO_END)
            except DamagedError as error:
                self._damaged(stream, error)

    @contextmanager
    def _stream(self, drops: Drops, as_lines: bool = True) -> Iterator[BinaryIO]:
        """The file's bytes from its first on, decompressed; of a file of streams, the range's.

        Where its rows are lines, these; ``drops`` takes what is left out of rows.
        """
        file, start, end = self.range.file, self.range.start, self.range.end
        with closing(self.open_file(file.path)) as raw:
            if is_cut_at_streams(file) and (start, end) != (0, file.size):
                yield cast(BinaryIO, PieceStream(lambda: _part(raw, file, start, end)))
            elif file.rows and as_lines:
                content = content_of(raw, file)
                yield lines_of(file.rows, self._source(file.rows, content, 0, _NO_END, drops))
            else:
                yield content_of(raw, file)

    def _read(self, stream: BinaryIO, start: int, end: int) -> Iterator[Document]:
        known = self.range.file.format
        yield from FORMATS[known].documents(self._source(known, stream, start, end, self.drops))

    def _source(
        self, known: FileFormat, stream: BinaryIO, start: int, end: int, drops: Drops
    ) -> Source:
        file, bad = self.range.file, partial(self._bad, known)
        return Source(
            file.name, stream, start, end, self.options, drops, bad, file.encoding, self.sizes
        )

    def _bad(
        self, known: FileFormat, reason: str, record: Record, what: str, at: int | None
    ) -> None:
        """Drops a record, or raises an error that points to its first byte, or to byte ``at``."""
        if self.options.bad_input == "drop":
            self.drops.add(reason, self.range.file.name, record.offset, record.content)
            return
        place = self._place(record.offset if at is None else at, known)
        raise InputError(
            f"{self.range.file.path}: {place} {what}; "
            "--bad-input drop leaves such out and counts them"
        )

    def _place(self, at: int, known: FileFormat) -> str:
        if FORMATS[known].has_rows:
            return f"row {at + 1:,}"
        if is_cut_at_streams(self.range.file):
            return f"in what is compressed from byte {self.range.start:,} on, byte {at:,}"
        with self._stream(Drops(), as_lines=known == self.range.file.format) as stream:
            return f"line {line_number(stream, at)} (byte {at})"

    def _damaged(self, stream: BinaryIO, error: DamagedError) -> None:
        if self.options.bad_input == "drop":
            self.drops.add("damaged_file", self.range.file.name, stream.tell())
            return
        file = self.range.file
        kind = file.format if file.compression == "none" else file.compression
        raise InputError(
            f"{file.path} {error.describe(kind)}, or take the documents before the damage by "
            "--bad-input drop"
        )
