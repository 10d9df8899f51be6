"""A folder to read from, here or on gs://, s3://, hdfs://, by Arrow's file systems alone."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyarrow.fs import FileSystem, FileType, LocalFileSystem

from bertprep.errors import InputError, UsageError


class Folder:
    """The files of one folder, by name; errors name the whole path."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Opens nothing yet.

        Raises:
            UsageError: for a URI that Arrow does not know, or was not built for.
        """
        self.path = os.fspath(path)
        self.is_remote = "://" in self.path
        self._system: Any = LocalFileSystem()
        self._base = os.path.abspath(self.path)
        if self.is_remote:
            try:
                self._system, self._base = FileSystem.from_uri(self.path)
            except (pa.ArrowException, OSError, ValueError) as error:
                raise UsageError(
                    f"{self.path} cannot be opened ({error}); expected a folder, or a URI that "
                    "pyarrow.fs.FileSystem.from_uri takes (gs://, s3://, hdfs://, file://)"
                ) from None

    def name(self, file: str) -> str:
        """The path of a file, as it is shown."""
        return f"{self.path.rstrip('/')}/{file}"

    def open(self, file: str) -> Any:
        """An open pyarrow.NativeFile, for reading in any order.

        Raises:
            OSError: if it cannot be opened, or is no regular file: a pipe may never give a byte.
        """
        path = f"{self._base}/{file}"
        if isinstance(self._system, LocalFileSystem) and not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return self._system.open_input_file(f"{self._base}/{file}")

    def read(self, file: str) -> bytes:
        """All bytes of a file.

        Raises:
            InputError: if it cannot be read.
        """
        try:
            with self.open(file) as stream:
                return bytes(stream.read())
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"{self.name(file)} cannot be read: {reason}") from None

    def sizes(self, files: Sequence[str]) -> list[int | None]:
        """Bytes of each file; None for one that is not there.

        Raises:
            InputError: if the file system cannot tell.
        """
        try:
            found = self._system.get_file_info([f"{self._base}/{file}" for file in files])
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror or error}") from None
        return [info.size if info.type == FileType.File else None for info in found]
