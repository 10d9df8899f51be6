"""Reads a split of the corpus as batches of documents in UTF-8 columns."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from bertprep.common.drops import Drops
from bertprep.corpus.inputs import (
    BOM,
    GZIP_DAMAGE,
    ByteRange,
    FileFormat,
    InputFile,
    Split,
    open_gzip,
)
from bertprep.corpus.lines import PTB_DOCUMENT_BYTES, line_records, pair_fault
from bertprep.corpus.records import (
    BLANK_LINE,
    BLANK_LINES,
    LINE_BREAK,
    Record,
    line_number,
    separated_records,
    whole_record,
    wikiextractor_records,
)
from bertprep.errors import InputError
from bertprep.options import ReadOptions

BATCH_BYTES = 2 << 20
_DOCUMENT_GAP = b"\n\n"
_NO_END = 2**63 - 1
_SEPARATORS = {"line": LINE_BREAK, "blank-line": BLANK_LINE, "section": BLANK_LINES}
_TITLE = re.compile(rb'title="(.*)"[^"]*>$', re.DOTALL)

OpenFile = Callable[[str], BinaryIO]


@dataclass(frozen=True)
class DocumentBatch:
    """Documents of one file as columns.

    Attributes:
        name: of the file, as in ``InputFile.name``.
        text: the documents in UTF-8, a blank line between two.
        starts, ends: int64[n], byte positions of each document in ``text``.
        offsets: int64[n], byte of the (decompressed) file at which each document begins.
        format: of the file, for what the text alone does not say: in sentence pairs a tab parts a
            document's two sentences, in PTB a line is a sentence and <unk> an unknown word.
    """

    name: str
    text: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    offsets: NDArray[np.int64]
    format: FileFormat = "text"

    @property
    def marks_unknown(self) -> bool:
        """Whether ``<unk>`` stands for an unknown word."""
        return self.format == "ptb"


class Document(NamedTuple):
    """One document's identity within its file and its text in UTF-8."""

    offset: int
    text: bytes


def read_split(
    split: Split, open_file: OpenFile, options: ReadOptions, drops: Drops
) -> Iterator[DocumentBatch]:
    """The documents of a split in batches of about ``BATCH_BYTES``, in order.

    ``open_file(path)`` gives a seekable binary stream of the file as it lies on disk.

    Raises:
        InputError: for a record that cannot be read, unless ``options.bad_input`` is ``drop``.
    """
    for byte_range in split:
        reader = _RangeReader(byte_range, open_file, options, drops)
        yield from _batches(byte_range.file, reader.documents())


def _batches(file: InputFile, documents: Iterator[Document]) -> Iterator[DocumentBatch]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= BATCH_BYTES:
            yield _columns(file, batch)
            batch, size = [], 0
    if batch:
        yield _columns(file, batch)


def _columns(file: InputFile, documents: list[Document]) -> DocumentBatch:
    lengths = np.array([len(document.text) for document in documents], np.int64)
    ends = np.cumsum(lengths + len(_DOCUMENT_GAP)) - len(_DOCUMENT_GAP)
    offsets = np.array([document.offset for document in documents], np.int64)
    text = _DOCUMENT_GAP.join(document.text for document in documents)
    return DocumentBatch(file.name, text, ends - lengths, ends, offsets, file.format)


@dataclass
class _RangeReader:
    """Turns the raw records of one byte range into documents."""

    range: ByteRange
    open_file: OpenFile
    options: ReadOptions
    drops: Drops

    def documents(self) -> Iterator[Document]:
        with self._stream() as stream:
            if self.range.file.compression == "none":
                yield from self._read(stream, self.range.start, self.range.end)
                return
            try:
                yield from self._read(stream, 0, _NO_END)
            except GZIP_DAMAGE as error:
                self._damaged(stream, error)

    @contextmanager
    def _stream(self) -> Iterator[BinaryIO]:
        """The file's bytes from its first on, decompressed."""
        with closing(self.open_file(self.range.file.path)) as raw:
            if self.range.file.compression == "none":
                yield raw
            else:
                with open_gzip(raw) as stream:
                    yield cast(BinaryIO, stream)

    def _read(self, stream: BinaryIO, start: int, end: int) -> Iterator[Document]:
        if self.range.file.format == "jsonl":
            for record in separated_records(stream, start, end, LINE_BREAK):
                yield from self._json_document(record)
        elif self.range.file.format == "wikiextractor":
            for record in wikiextractor_records(stream, start, end, self._stray):
                yield from self._decoded(self._without_title(record))
        elif self.range.file.format == "sentence-pairs":
            for record in line_records(stream, start, end):
                yield from self._pair(record)
        elif self.range.file.format == "ptb":
            for record in line_records(stream, start, end, PTB_DOCUMENT_BYTES):
                yield from self._decoded(record)
        elif self.options.documents == "file":
            for record in whole_record(stream):
                yield from self._decoded(record)
        else:
            separator = _SEPARATORS[self.options.documents]
            for record in separated_records(stream, start, end, separator):
                yield from self._decoded(record)

    def _decoded(self, record: Record) -> Iterator[Document]:
        try:
            record.content.decode("utf-8")
        except UnicodeDecodeError as error:
            self._bad_utf8(record, error)
        else:
            yield Document(record.offset, record.content)

    def _pair(self, record: Record) -> Iterator[Document]:
        for document in self._decoded(record):
            fault = pair_fault(document.text.decode("utf-8"))
            if fault is None:
                yield document
            else:
                what = f"is not a sentence, a tab and the next sentence: {fault}"
                self._bad("bad_pair", record, what)

    def _without_title(self, record: Record) -> Record:
        title = _TITLE.search(record.header)
        content = record.content.lstrip(b"\r\n")
        line, newline, rest = content.partition(b"\n")
        if self.options.keep_titles or not title or not newline or not line.strip():
            return record
        # Some versions escape &, < and > in one of the two places, some in both.
        if _unescaped(line.strip()) != _unescaped(title[1]):
            return record
        end = record.content_offset + len(record.content)
        self.drops.add("title_line", self.range.file.name, end - len(content), line.strip())
        return record._replace(content=rest, content_offset=end - len(rest))

    def _json_document(self, record: Record) -> Iterator[Document]:
        try:
            row = json.loads(record.content.removeprefix(BOM).decode("utf-8"))
        except UnicodeDecodeError as error:
            return self._bad_utf8(record, error)
        except (ValueError, RecursionError) as error:
            return self._bad("bad_json", record, f"is not one JSON object ({_json_reason(error)})")
        if not isinstance(row, dict):
            return self._bad("bad_json", record, f"holds a JSON {_json_type(row)}, not an object")
        text = row.get(self.options.text_field)
        if not isinstance(text, str):
            return self._bad("no_text", record, self._missing_text(row))
        try:
            yield Document(record.offset, self._json_text(row, text, record).encode("utf-8"))
        except UnicodeEncodeError:
            self._bad("not_utf8", record, "holds half of a surrogate pair in its text")

    def _json_text(self, row: dict[str, object], text: str, record: Record) -> str:
        title = row.get("title")
        repeated = isinstance(title, str) and title and text.startswith(f"{title}\n")
        if self.options.keep_titles or not repeated:
            return text
        self.drops.add("title_line", self.range.file.name, record.offset, str(title))
        return text[len(str(title)) + 1 :]

    def _missing_text(self, row: dict[str, object]) -> str:
        wanted = self.options.text_field
        if wanted in row:
            return f'has a {_json_type(row[wanted])} as "{wanted}", not a string'
        keys = ", ".join(f'"{key[:40]}"' for key in list(row)[:8]) or "none"
        return f'has no field "{wanted}" (its fields: {keys}); name the right one by --text-field'

    def _stray(self, record: Record, reason: str) -> None:
        what = {
            "unterminated_document": "opens a <doc> that no </doc> line closes (a truncated file?)",
            "text_outside_document": "holds text outside of <doc> and </doc>",
        }[reason]
        self._bad(reason, record, what)

    def _bad_utf8(self, record: Record, error: UnicodeDecodeError) -> None:
        byte = record.content[error.start]
        what = f"is not UTF-8 (0x{byte:02x}); convert the file: iconv -f ITS_ENCODING -t UTF-8"
        self._bad("not_utf8", record, what, record.content_offset + error.start)

    def _bad(self, reason: str, record: Record, what: str, at: int | None = None) -> None:
        """Drops a record, or raises an error that points to its first byte, or to byte ``at``."""
        if self.options.bad_input == "drop":
            self.drops.add(reason, self.range.file.name, record.offset, record.content)
            return
        at = record.offset if at is None else at
        with self._stream() as stream:
            place = f"{self.range.file.path}: line {line_number(stream, at)} (byte {at})"
        raise InputError(f"{place} {what}; --bad-input drop leaves such out and counts them")

    def _damaged(self, stream: BinaryIO, error: Exception) -> None:
        if self.options.bad_input == "drop":
            self.drops.add("damaged_gzip", self.range.file.name, stream.tell())
            return
        what = "is truncated" if isinstance(error, EOFError) else f"is damaged ({error})"
        raise InputError(
            f"{self.range.file.path} {what}: its gzip stream has no sound end; fetch it again, or "
            "take the documents before the damage by --bad-input drop"
        )


def _unescaped(text: bytes) -> bytes:
    return html.unescape(text.decode("utf-8", "replace")).encode("utf-8")


def _json_reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _json_type(value: object) -> str:
    names = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
