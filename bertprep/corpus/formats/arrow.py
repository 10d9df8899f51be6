"""Arrow's files and streams (Feather, `datasets`): a range has the record batches it begins.

Both are a row of messages: a schema, dictionaries, record batches.  They are found by their heads,
and only those of the range are read.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, ClassVar, NamedTuple

import pyarrow as pa

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.formats.text_columns import batch_documents, text_columns
from bertprep.corpus.sample import Sample
from bertprep.corpus.seekable import DamagedError
from bertprep.errors import InputError
from bertprep.options import FileFormat, ReadOptions

_MAGIC = b"ARROW1\0\0"
_BEGINS = re.compile(_MAGIC + rb"|\xff{4}..?\0\0", re.DOTALL)
_CONTINUATION = b"\xff\xff\xff\xff"
_END = b"\xff\xff\xff\xff\0\0\0\0"
_SCHEMA, _DICTIONARY, _RECORD_BATCH = 1, 2, 3
_SLICE_ROWS = 256
_NO_SCHEMA = (
    "is an Arrow file without the names of its columns; if `bertprep prepare` wrote it, give its "
    "folder, and that alone, to `bertprep shard`"
)


class Arrow(Format):
    """Arrow IPC."""

    name: ClassVar[FileFormat] = "arrow"
    shown: ClassVar[str] = "Arrow"
    evidence: ClassVar[str] = "the mark that Arrow's files or messages begin with"
    has_fields: ClassVar[bool] = True
    has_rows: ClassVar[bool] = True

    def recognises(self, sample: Sample) -> bool:
        return bool(_BEGINS.match(sample.head))

    def check(self, stream: BinaryIO, path: str, options: ReadOptions) -> int:
        try:
            schema = _schema(stream)
        except DamagedError as error:
            raise InputError(f"{path} {error.describe('arrow')}") from None
        except InputError as error:
            raise InputError(f"{path} {error}") from None
        text_columns(schema, options.text_field, path)
        return 0

    def documents(self, source: Source) -> Iterator[Document]:
        schema = _schema(source.stream)
        columns = text_columns(schema, source.options.text_field, source.name)
        included = [schema.get_field_index(name) for name in columns]
        before, row = b"", 0
        for message in _messages(source.stream):
            if message.kind != _RECORD_BATCH:
                before += message.read(source.stream)
            elif source.start <= message.offset < source.end:
                batch = _batch(before + message.read(source.stream), included)
                for i in range(0, batch.num_rows, _SLICE_ROWS):
                    rows = batch.slice(i, _SLICE_ROWS)
                    yield from batch_documents(rows, set(schema.names), row + i, source)
            elif message.offset >= source.end:
                return
            row += message.rows


class _Message(NamedTuple):
    """Where a message is, what it holds, and how many rows if it is a record batch."""

    offset: int
    length: int
    kind: int
    rows: int

    def read(self, stream: BinaryIO) -> bytes:
        stream.seek(self.offset)
        return _exactly(stream, self.length)


def _messages(stream: BinaryIO) -> Iterator[_Message]:
    """All messages, by their heads; DamagedError where one is cut off."""
    stream.seek(0)
    offset = len(_MAGIC) if stream.read(len(_MAGIC)) == _MAGIC else 0
    while True:
        stream.seek(offset)
        mark = stream.read(8)
        if mark[:4] != _CONTINUATION or mark == _END:
            if mark:
                return
            raise DamagedError("")
        length = struct.unpack("<i", mark[4:])[0]
        message = _parsed(_exactly(stream, length), offset)
        yield message
        offset += message.length


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = b""
    while len(data) < length and (more := stream.read(length - len(data))):
        data += more
    if len(data) < length:
        raise DamagedError("")
    return data


def _parsed(head: bytes, offset: int) -> _Message:
    """A message's head, a FlatBuffers table: of its fields those that say what it is."""
    try:
        table = struct.unpack_from("<I", head)[0]
        kind = _field(head, table, 1, "<B")
        body = _field(head, table, 3, "<q")
        rows = 0
        if kind == _RECORD_BATCH:
            at = _place(head, table, 2)
            rows = _field(head, at + struct.unpack_from("<I", head, at)[0], 0, "<q")
    except struct.error:
        raise DamagedError("a message without a head") from None
    if body < 0 or rows < 0:
        raise DamagedError("a message of less than nothing")
    return _Message(offset, 8 + len(head) + body, kind, rows)


def _place(head: bytes, table: int, slot: int) -> int:
    """Where a field of a table is, or 0 if it has its default."""
    vtable = table - struct.unpack_from("<i", head, table)[0]
    size = struct.unpack_from("<H", head, vtable)[0]
    entry = 4 + 2 * slot
    inside = struct.unpack_from("<H", head, vtable + entry)[0] if entry < size else 0
    return table + int(inside) if inside else 0


def _field(head: bytes, table: int, slot: int, kind: str) -> int:
    place = _place(head, table, slot)
    return int(struct.unpack_from(kind, head, place)[0]) if place else 0


def _schema(stream: BinaryIO) -> pa.Schema:
    for message in _messages(stream):
        if message.kind != _SCHEMA:
            break
        try:
            return pa.ipc.read_schema(pa.BufferReader(message.read(stream)))
        except pa.ArrowException as error:
            raise DamagedError(str(error).splitlines()[0]) from None
    raise InputError(_NO_SCHEMA)


def _batch(messages: bytes, included: list[int]) -> pa.RecordBatch:
    """The last of some messages, of which the first are a schema and dictionaries."""
    options = pa.ipc.IpcReadOptions(included_fields=included, use_threads=False)
    try:
        return pa.ipc.open_stream(pa.BufferReader(messages), options=options).read_next_batch()
    except (pa.ArrowException, OSError) as error:
        raise DamagedError(str(error).splitlines()[0]) from None
