"""TFRecord files of tf.train.Example rows, read with numpy alone; ``tfrecord_writing`` makes them.

Two formats are nested. TFRecord frames each record, all numbers little-endian:

    uint64 length | uint32 masked crc32c of length | data | uint32 masked crc32c of data

The data is the protobuf message tf.train.Example (example.proto, feature.proto). By field number
it is {1: {1: entry, 1: entry, ...}}, an entry {1: name, 2: feature}, and a feature {2: {1: floats}}
or {3: {1: int64s}} with all values packed in one field. An int64 is a varint (protobuf encoding
guide): seven bits a byte, lowest first, the high bit set on all bytes but the last; a negative
value is its 64-bit two's complement, ten bytes long.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, count, islice, pairwise
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bertprep.errors import InputError

try:
    from google_crc32c import value as crc32c
except ModuleNotFoundError:  # who reads Parquet alone needs none

    def crc32c(data: bytes) -> int:
        """Raises InputError: in place of the checksum of data."""
        raise InputError("TFRecord files need google-crc32c: pip install google-crc32c")


Columns = Mapping[str, NDArray[Any]]

_VARINT, DELIMITED = 0, 2  # wire types of protobuf
_FIXED_SIZES = {1: 8, 5: 4}  # the others: bytes by wire type
FLOAT_LIST, INT64_LIST = 2, 3  # fields of tf.train.Feature
_MAX_VARINT_BYTES = 10
_LENGTH, _CRC = struct.Struct("<Q"), struct.Struct("<I")
HEADER_BYTES = _LENGTH.size + _CRC.size  # what stands before a record's data


class TFRecordError(ValueError):
    """A TFRecord file, or a tf.train.Example in it, is damaged or of an unsupported kind."""


def frame_records(data: NDArray[np.uint8] | bytes, offsets: NDArray[np.int64]) -> bytes:
    """Frames n records as TFRecord; results can be joined.

    Args:
        data: uint8[bytes], the records one after the other.
        offsets: int64[n + 1], the bytes at which they begin, and at last their end.
    """
    # The extension takes no memoryview; a slice of bytes costs little beside its checksum.
    buffer = data.tobytes() if isinstance(data, np.ndarray) else data
    records = [buffer[start:stop] for start, stop in pairwise(offsets.tolist())]
    checksums = _masked(np.fromiter(map(crc32c, records), np.uint64, len(records)))
    ends = checksums.astype("<u4").view("V4").tolist()
    framed = zip(map(_header, map(len, records)), records, ends, strict=True)
    return b"".join(chain.from_iterable(framed))


@cache
def _header(size: int) -> bytes:
    """The frame in front of so many bytes of data."""
    return _sealed(_LENGTH.pack(size))


def read_records(stream: BinaryIO, path: str) -> Iterator[bytes]:
    """Yields the records of an uncompressed TFRecord file; `path` serves the error messages only.

    Raises:
        TFRecordError: if a record, counted from 0, is cut short or fails a checksum.
    """
    for number in count():
        header = stream.read(HEADER_BYTES)
        if not header:
            return
        # A damaged length must be found out before that many bytes are asked for.
        length = _checked(header, _LENGTH.size, f"{path}: length of record {number}")
        (size,) = _LENGTH.unpack(length)
        yield _checked(stream.read(size + _CRC.size), size, f"{path}: record {number}")


def decode_example(record: bytes) -> dict[str, NDArray[np.int64] | NDArray[np.float32]]:
    """Parses a tf.train.Example into name -> int64[k] or float32[k]; packed or not.

    A feature that holds no list counts as absent, as it does in TensorFlow.

    Raises:
        TFRecordError: if the message is malformed or has a bytes_list.
    """
    columns: dict[str, NDArray[np.int64] | NDArray[np.float32]] = {}
    for entry in _fields(b"".join(_fields(record)[1]))[1]:
        key, feature = (b"".join(_fields(entry)[number]) for number in (1, 2))
        name = key.decode(errors="backslashreplace")
        for kind, messages in _fields(feature).items():
            # Repeated messages merge, and single values have the bytes of packed ones.
            packed = b"".join(_fields(b"".join(messages))[1])
            if kind == INT64_LIST:
                columns[name] = _decode_varints(packed)
            elif kind == FLOAT_LIST and len(packed) % 4 == 0:
                columns[name] = np.frombuffer(packed, "<f4").astype(np.float32)
            else:
                found = "bytes_list" if kind == 1 else f"{len(packed)} bytes in field {kind}"
                raise TFRecordError(f"{name}: expected int64_list or float_list, got {found}")
    return columns


def read_columns(stream: BinaryIO, path: str, limit: int | None = None) -> dict[str, NDArray[Any]]:
    """Reads rows into name -> int64[n, k] or float32[n, k]; no records give no names.

    Args:
        stream: an uncompressed TFRecord file.
        path: its path, for messages.
        limit: how many rows to read; None for all.

    Raises:
        TFRecordError: as the functions above; also if a row's names, dtypes or lengths are others
            than those of the rows before it.
    """
    rows: list[dict[str, Any]] = []
    layout = None
    for number, record in enumerate(islice(read_records(stream, path), limit)):
        try:
            row = decode_example(record)
        except TFRecordError as error:
            raise TFRecordError(f"{path}: record {number}: {error}") from error
        found = {name: (values.dtype.name, values.size) for name, values in row.items()}
        layout = found if layout is None else layout
        if found != layout:
            raise TFRecordError(f"{path}: record {number}: expected {layout}, got {found}")
        rows.append(row)
    return {name: np.stack([row[name] for row in rows]) for name in layout or ()}


def masked_crc(data: bytes) -> bytes:
    """The crc32c of data as TFRecord stores it."""
    return _CRC.pack(_masked(crc32c(data)))


def _masked(checksum: Any) -> Any:
    """Numbers of 32 bits, or one, rotated right by 15 bits, plus a constant."""
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _sealed(data: bytes) -> bytes:
    return data + masked_crc(data)


def _checked(data: bytes, size: int, what: str) -> bytes:
    """The first `size` bytes of data, which must be just these and their checksum."""
    expected = size + _CRC.size
    if len(data) != expected:
        raise TFRecordError(f"{what}: truncated: expected {expected} bytes, got {len(data)}")
    if _sealed(data[:size]) != data:
        raise TFRecordError(f"{what}: wrong checksum: the file is damaged or not a TFRecord file")
    return data[:size]


def _decode_varints(packed: bytes) -> NDArray[np.int64]:
    data = np.frombuffer(packed, np.uint8)
    last = data < 0x80
    if last.all():
        return data.astype(np.int64)
    starts = np.flatnonzero(np.concatenate([[True], last[:-1]]))
    widths = np.diff(starts, append=data.size)
    if not last[-1] or widths.max() > _MAX_VARINT_BYTES:
        raise TFRecordError("not an int64_list: a varint does not end")
    shifts = 7 * (np.arange(data.size) - np.repeat(starts, widths))
    groups = (data & 0x7F).astype(np.uint64) << shifts.astype(np.uint64)
    return np.bitwise_or.reduceat(groups, starts).view(np.int64)


def _fields(message: bytes) -> defaultdict[int, list[bytes]]:
    """Field number -> contents of each such field, without tag and length."""
    fields = defaultdict(list)
    start = 0
    while start < len(message):
        tag, start = _read_varint(message, start)
        wire_type = tag & 7
        if wire_type == DELIMITED:
            size, start = _read_varint(message, start)
        elif wire_type == _VARINT:
            size = _read_varint(message, start)[1] - start
        else:
            size = _FIXED_SIZES.get(wire_type, len(message))  # an unknown type fails here:
        if start + size > len(message):
            raise TFRecordError("not a tf.train.Example: a field passes the end of its message")
        fields[tag >> 3].append(message[start : start + size])
        start += size
    return fields


def _read_varint(message: bytes, start: int) -> tuple[int, int]:
    """The unsigned varint at `start`, and where it ends."""
    value = 0
    for i, byte in enumerate(message[start : start + _MAX_VARINT_BYTES]):
        value |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return value, start + i + 1
    raise TFRecordError("not a tf.train.Example: a varint does not end")
