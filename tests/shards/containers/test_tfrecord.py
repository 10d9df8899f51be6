"""TFRecord as a container: records in the order in which blocks come."""

from __future__ import annotations

import io

import numpy as np

from bertprep.common.digests import DigestingStream
from bertprep.shards.containers.tfrecord import TFRecordFile
from bertprep.shards.tfrecord_framing import read_columns


def test_blocks_are_written_as_they_come() -> None:
    stream = io.BytesIO()
    file = TFRecordFile(DigestingStream(stream))
    file.write({"ids": np.array([[1, 2], [3, 4]])})
    written = stream.tell()
    assert written > 0
    file.write({"ids": np.array([[5, 6]])})
    file.finish()
    file.close()
    assert read_columns(io.BytesIO(stream.getvalue()), "x")["ids"].tolist() == [
        [1, 2],
        [3, 4],
        [5, 6],
    ]
    assert len(stream.getvalue()) == written * 3 // 2
