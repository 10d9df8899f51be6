"""TFRecord files of tf.train.Example rows, written and read with numpy alone.

Two formats are nested. TFRecord frames each record, all numbers little-endian:

    uint64 length | uint32 masked crc32c of length | data | uint32 masked crc32c of data

The data is the protobuf message tf.train.Example (example.proto, feature.proto). By field number
it is {1: {1: entry, 1: entry, ...}}, an entry {1: name, 2: feature}, and a feature {2: {1: floats}}
or {3: {1: int64s}} with all values packed in one field. An int64 is a varint (protobuf encoding
guide): seven bits a byte, lowest first, the high bit set on all bytes but the last; a negative
value is its 64-bit two's complement, ten bytes long.

The writer gives each varint as many slots as the widest of its column takes, marks the slots that
are used, and takes those of a whole block of rows at once: no Python runs per value.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain, count, islice, pairwise
from typing import Any, BinaryIO, NamedTuple

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

# Enough rows to make numpy's cost per call small, few enough for their slots (about 1.2 MB for
# 128 tokens) to stay in a core's cache.
_BLOCK_ROWS = 1024

_VARINT, _DELIMITED = 0, 2  # wire types of protobuf
_FIXED_SIZES = {1: 8, 5: 4}  # the others: bytes by wire type
_FLOAT_LIST, _INT64_LIST = 2, 3  # fields of tf.train.Feature
_MAX_VARINT_BYTES = 10
_LENGTH, _CRC = struct.Struct("<Q"), struct.Struct("<I")
HEADER_BYTES = _LENGTH.size + _CRC.size  # what stands before a record's data


class TFRecordError(ValueError):
    """A TFRecord file, or a tf.train.Example in it, is damaged or of an unsupported kind."""


class _Part(NamedTuple):
    """A stretch of the messages of n rows; an array with one row stands for n equal ones."""

    slots: NDArray[np.uint8]  # [n or 1, width]
    used: NDArray[np.bool_]  # [n or 1, width]: the slots that are written
    size: NDArray[np.int64]  # [n or 1]: how many are


def encode_examples(
    columns: Columns, block_rows: int = _BLOCK_ROWS
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Serialises the rows of columns as tf.train.Example messages.

    Integers (and bools) make an int64_list, floating values a float_list. Features are in sorted
    order, all else is as tf.train.Example.SerializeToString writes it.

    Args:
        columns: integers, bools or floats, [n] or [n, k] each, by the names of the features.
        block_rows: how many rows are encoded together; that does not show.

    Returns:
        The n messages back to back, uint8[bytes], and their offsets, int64[n + 1].

    Raises:
        ValueError: for no columns, unequal numbers of rows, an array of another dtype or of more
            than two dimensions, or values from 2**63 up.
    """
    none = np.empty(0, np.uint8), np.zeros(1, np.int64)
    data, sizes = zip(none, *map(_encode_block, _row_blocks(columns, block_rows)), strict=True)
    return np.concatenate(data), np.cumsum(np.concatenate(sizes))


def frame_records(data: NDArray[np.uint8] | bytes, offsets: NDArray[np.int64]) -> bytes:
    """Frames n records as TFRecord; results can be joined.

    Args:
        data: uint8[bytes], the records one after the other.
        offsets: int64[n + 1], the bytes at which they begin, and at last their end.
    """
    # The extension takes no memoryview; a slice of bytes costs little beside its checksum.
    buffer = data.tobytes() if isinstance(data, np.ndarray) else data
    records = [buffer[start:stop] for start, stop in pairwise(offsets.tolist())]
    headers = {size: _sealed(_LENGTH.pack(size)) for size in set(map(len, records))}
    checksums = _masked(np.fromiter(map(crc32c, records), np.uint64, len(records)))
    ends = checksums.astype("<u4").tobytes()
    framed = ((headers[len(r)], r, ends[4 * i : 4 * i + 4]) for i, r in enumerate(records))
    return b"".join(chain.from_iterable(framed))


def encode_tfrecord(columns: Columns, block_rows: int = _BLOCK_ROWS) -> bytes:
    """Serialises and frames: `frame_records(*encode_examples(columns))`, block by block.

    Args:
        columns: as for ``encode_examples``.
        block_rows: how many rows are encoded together; that does not show.
    """
    blocks = _row_blocks(columns, block_rows)
    return b"".join(frame_records(*encode_examples(block, block_rows)) for block in blocks)


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
            if kind == _INT64_LIST:
                columns[name] = _decode_varints(packed)
            elif kind == _FLOAT_LIST and len(packed) % 4 == 0:
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


def _row_blocks(columns: Columns, block_rows: int) -> Iterator[Columns]:
    rows = {name: len(values) for name, values in columns.items()}
    if len(set(rows.values())) != 1:
        raise ValueError(f"expected columns with one number of rows, got {rows}")
    for start in range(0, max(rows.values()), block_rows):
        yield {name: values[start : start + block_rows] for name, values in columns.items()}


def _encode_block(columns: Columns) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The messages back to back, uint8[bytes], and their sizes, int64[n]."""
    # Maps are serialised in the order of the keys' bytes: in UTF-8, that of their code points.
    row = _field(1, [part for name in sorted(columns) for part in _entry(name, columns[name])])
    shape = len(next(iter(columns.values()))), sum(part.slots.shape[1] for part in row)
    slots, used = np.empty(shape, np.uint8), np.empty(shape, np.bool_)
    start = 0
    for part in row:
        stop = start + part.slots.shape[1]
        slots[:, start:stop], used[:, start:stop] = part.slots, part.used
        start = stop
    data = slots.ravel() if used.all() else slots.ravel().compress(used.ravel())
    return data, np.broadcast_to(_size(row), shape[:1])


def _entry(name: str, values: NDArray[Any]) -> list[_Part]:
    """An entry of the map of features: {1: name, 2: {kind: {1: values}}}."""
    if values.ndim not in (1, 2) or values.dtype.kind not in "biuf":
        shape = f"{values.dtype}{list(values.shape)}"
        raise ValueError(f"{name}: expected integers or floats, [n] or [n, k]; got {shape}")
    if values.dtype == np.uint64 and (values >> 63).any():
        raise ValueError(f"{name}: expected values below 2**63, got {values.max()}")
    matrix = values if values.ndim == 2 else values[:, None]
    kind = _FLOAT_LIST if values.dtype.kind == "f" else _INT64_LIST
    packed = []  # without values even the packed field's tag is left out
    if matrix.shape[1]:
        packed = _field(1, [_raw(matrix, "<f4") if kind == _FLOAT_LIST else _varints(matrix)])
    key = np.frombuffer(name.encode(), np.uint8)[None]
    return _field(1, [*_field(1, [_raw(key)]), *_field(2, _field(kind, packed))])


def _field(number: int, parts: list[_Part]) -> list[_Part]:
    """A length-delimited field: tag, size of the contents, contents."""
    tag = np.array([[number << 3 | _DELIMITED]])
    return [_raw(tag), _varints(_size(parts)[:, None]), *parts]


def _size(parts: list[_Part]) -> NDArray[np.int64]:
    return sum((part.size for part in parts), np.zeros(1, np.int64))


def _raw(values: NDArray[Any], dtype: str = "u1") -> _Part:
    """The bytes of each row of a matrix."""
    slots = np.ascontiguousarray(values, dtype).view(np.uint8)
    width = slots.shape[1]
    return _Part(slots, np.ones((1, width), np.bool_), np.array([width], np.int64))


def _varints(values: NDArray[Any]) -> _Part:
    """Integers [n, k], k >= 1, as k varints a row."""
    groups = values.astype(np.int64, copy=False).view(np.uint64)
    highest = int(groups.max())
    if highest < 0x80:
        return _raw(groups)
    width = -(-highest.bit_length() // 7)
    groups = groups.astype(np.min_scalar_type(highest))  # a copy; the narrower, the faster
    slots = np.empty((*groups.shape, width), np.uint8)
    for i in range(width):
        low = groups.astype(np.uint8) & 0x7F
        groups >>= 7
        slots[..., i] = low | (groups != 0).view(np.uint8) << 7
    slots = slots.reshape(len(values), -1)
    # A slot is used if it is a varint's first, or the one before it has its high bit set.
    used = np.ones(slots.shape, np.bool_)
    used.reshape(-1)[1:] = slots.reshape(-1)[:-1] >= 0x80
    used[:, ::width] = True
    return _Part(slots, used, np.count_nonzero(used, axis=1))


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
        if wire_type == _DELIMITED:
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
