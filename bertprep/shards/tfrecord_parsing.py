"""Many records of one TFRecord file at once: where they lie, and their columns.

What is read is tf.train.Example messages of one layout, encoded as ``tfrecord_framing`` does it;
all are walked through together, so that no Python runs per record but for checksums.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bertprep.layouts.columns import Columns, Schema
from bertprep.shards.tfrecord_framing import masked_crc

# A feature's kind in tf.train.Example and its number of values, by name, in the order of the names.
Features = dict[str, tuple[str, int]]


def features_of(schema: Schema) -> Features:
    """The features that the columns of rows are written as."""
    kinds = {
        column: "float32" if column.dtype.kind == "f" else "int64" for column in schema.columns
    }
    features = {c.name: (kind, schema.width(c) or 1) for c, kind in kinds.items()}
    return dict(sorted(features.items()))


def record_spans(data: bytes) -> tuple[list[tuple[int, int]], int | None]:
    """Where the whole records start and stop, and where the next begins; None if that is lost."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start + 12 <= len(data):
        length = data[start : start + 8]
        if masked_crc(length) != data[start + 8 : start + 12]:
            return spans, None
        stop = start + 12 + int.from_bytes(length, "little")
        if stop + 4 > len(data):
            break
        spans.append((start + 12, stop))
        start = stop + 4
    return spans, start


def is_intact(data: bytes, start: int, stop: int) -> bool:
    """Whether a record is the one its checksum was made of.

    Args:
        data: bytes of a TFRecord file.
        start: where the record begins in them, behind its header.
        stop: where it ends, and its checksum begins.
    """
    return masked_crc(data[start:stop]) == data[stop : stop + 4]


def parse_records(data: bytes, places: NDArray[np.int64], features: Features) -> Columns:
    """Records as columns.

    Args:
        data: bytes of a TFRecord file.
        places: int64[n, 2], where each record starts and stops in them.
        features: those that each must have.

    Returns:
        An int64 or float32 array [n, k] for each feature, by its name.

    Raises:
        OddRecordsError: if some have other features, or are encoded in another way.
    """
    # Whatever is read behind the last record is there, and is not what it should be.
    padded = np.frombuffer(data + bytes(int((places[:, 1] - places[:, 0]).max()) + 64), np.uint8)
    return Cursor(padded, places).columns(features)


class OddRecordsError(Exception):
    """Some records are not encoded as bertprep does it; ``rows`` is bool[n]."""

    def __init__(self, rows: NDArray[np.bool_]) -> None:
        self.rows = rows


class Cursor:
    """A place in each of n tf.train.Example messages of one layout, all moved on together.

    The encoding is described in ``tfrecord_framing``.  A message that has anything else at its
    place raises OddRecordsError.

    Args:
        data: uint8[bytes], all messages, and a few bytes behind them.
        places: int64[n, 2], where each begins in them and ends.
    """

    def __init__(self, data: NDArray[np.uint8], places: NDArray[np.int64]) -> None:
        self._data = data
        self._at, self._stops = places[:, 0].copy(), places[:, 1]

    def columns(self, features: Features) -> Columns:
        """The messages as int64[n, k] or float32[n, k], by the names of features.

        Raises:
            OddRecordsError: if some have other features.
        """
        self._pass(b"\x0a")
        self._require(self._end() == self._stops)
        columns = {name: self._feature(name, *features[name]) for name in features}
        self._require(self._at == self._stops)
        return columns

    def _feature(self, name: str, kind: str, count: int) -> NDArray[Any]:
        self._pass(b"\x0a")
        end = self._end()
        self._require(end <= self._stops)
        key = name.encode()
        # An entry, its feature, the list in it, and the packed values all end where the entry does.
        field = b"\x12" if kind == "float32" else b"\x1a"
        for tag in (b"\x0a" + bytes([len(key)]) + key + b"\x12", field, b"\x0a"):
            self._pass(tag)
            self._require(self._end() == end)
        starts, self._at = self._at, end
        return (self._floats if kind == "float32" else self._int64s)(starts, end - starts, count)

    def _require(self, good: NDArray[np.bool_]) -> None:
        if not good.all():
            raise OddRecordsError(~good)

    def _pass(self, expected: bytes) -> None:
        found = self._window(self._at, len(expected))
        self._require((found == np.frombuffer(expected, np.uint8)).all(axis=1))
        self._at = self._at + len(expected)

    def _end(self) -> NDArray[np.int64]:
        """Passes a size, and returns where what has it ends."""
        size, shift = np.zeros(len(self._at), np.int64), 0
        goes_on = np.ones(len(self._at), np.bool_)
        while goes_on.any():
            if shift == 35:  # no size of a message has six bytes
                raise OddRecordsError(goes_on)
            byte = self._data[self._at].astype(np.int64)
            size |= np.where(goes_on, (byte & 0x7F) << shift, 0)
            self._at = self._at + goes_on
            goes_on &= byte >= 0x80
            shift += 7
        end: NDArray[np.int64] = self._at + size
        return end

    def _window(self, starts: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
        """uint8[n, width]: the bytes from each start on."""
        return sliding_window_view(self._data, width)[starts]

    def _floats(
        self, starts: NDArray[np.int64], sizes: NDArray[np.int64], count: int
    ) -> NDArray[np.float32]:
        self._require(sizes == 4 * count)
        return self._window(starts, 4 * count).view("<f4")

    def _int64s(
        self, starts: NDArray[np.int64], sizes: NDArray[np.int64], count: int
    ) -> NDArray[np.int64]:
        width = int(sizes.max())
        window = self._window(starts, width)
        is_last = window < 0x80
        if width > count:
            is_last &= np.arange(width) < sizes[:, None]
        # The last byte of a varint alone has no high bit; the last of all must be one.
        self._require(is_last.sum(axis=1) == count)
        self._require(is_last[np.arange(len(sizes)), sizes - 1])
        if width == count:
            return window.astype(np.int64)
        lasts = np.flatnonzero(is_last).reshape(-1, count)
        firsts = np.empty_like(lasts)
        firsts[:, 0] = np.arange(len(lasts)) * width
        firsts[:, 1:] = lasts[:, :-1] + 1
        sizes = lasts - firsts + 1
        self._require(sizes.max(axis=1) <= 10)
        return _varints(window.ravel(), firsts.ravel(), sizes.ravel()).reshape(lasts.shape)


def _varints(
    data: NDArray[np.uint8], firsts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The varints of these sizes that begin at these places."""
    values = (data[firsts] & 0x7F).astype(np.uint64)
    longer = np.flatnonzero(sizes > 1)
    for i in range(1, int(sizes.max())):
        longer = longer[sizes[longer] > i]
        values[longer] |= (data[firsts[longer] + i] & 0x7F).astype(np.uint64) << np.uint64(7 * i)
    return values.view(np.int64)
