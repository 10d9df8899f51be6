"""Writes an Arrow file that is listed in a manifest: compressed, and known by its digest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pyarrow as pa

from bertprep.common.digests import DigestingStream
from bertprep.shards.manifest_types import ListedFile


class ArrowTable:
    """An Arrow IPC file under way.

    Args:
        stream: takes its bytes; it need not be seekable.
        schema: of its columns.
    """

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._output = DigestingStream(stream)
        self._schema = schema
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        self._writer = pa.ipc.new_file(self._output, schema, options=options)

    def write(self, columns: Sequence[pa.Array]) -> None:
        """Adds lines: the columns of the schema."""
        self._writer.write_batch(pa.record_batch(list(columns), schema=self._schema))

    def finish(self, name: str) -> ListedFile:
        """Ends the file; its entry in a manifest under this name."""
        self._writer.close()
        return ListedFile(name, self._output.size, self._output.hexdigest())
