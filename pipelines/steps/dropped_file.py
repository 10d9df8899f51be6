"""The file of what a step left out, if it is to be written."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from types import TracebackType
from typing import BinaryIO

from bertprep.common.digests import DigestingStream
from bertprep.common.drops import DropWriter
from pipelines.folders import files


class DroppedFile:
    """JSON lines, of one record each: a context in which they are written, as they come.

    Args:
        path: of the file, which is there only if there is a record.
        is_wanted: whether to write them at all.

    Attributes:
        writer: takes a record; None if they are not wanted.
        written: the SHA-256 of the file by its path, once it is written.
    """

    def __init__(self, path: str, is_wanted: bool) -> None:
        self._path = path
        self._file: AbstractContextManager[BinaryIO] | None = None
        self._output: DigestingStream | None = None
        self.writer: DropWriter | None = self._write if is_wanted else None
        self.written: dict[str, str] = {}

    def _write(self, record: dict[str, object]) -> None:
        if not self._output:
            self._file = files.create_whole(self._path, durable=False)
            self._output = DigestingStream(self._file.__enter__())
        self._output.write((json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8"))

    def __enter__(self) -> DroppedFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file and self._output:
            self._file.__exit__(kind, error, trace)
            if error is None:
                self.written = {self._path: self._output.hexdigest()}
