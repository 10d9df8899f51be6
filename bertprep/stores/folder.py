"""A folder that a run has written, to read from: here, or in an object store."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from bertprep.errors import InputError
from bertprep.stores.ranges import Ranges
from bertprep.stores.schemes import check_folder, is_remote, store_of


class Folder:
    """The files of one folder, by name; errors name the whole path."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Opens nothing yet.

        Raises:
            UsageError, InputError: for a URI of no store.
        """
        self.path = os.fspath(path)
        check_folder(self.path)
        # Worker processes of a trainer may have another working folder.
        self._base = self.path if is_remote(self.path) else os.path.abspath(self.path)

    def name(self, file: str) -> str:
        """The path of a file, as it is shown."""
        return f"{self.path.rstrip('/')}/{file}"

    def _place(self, file: str) -> str:
        return f"{self._base.rstrip('/')}/{file}"

    def open(self, file: str, size: int, end: int = 0) -> Any:
        """An open file, for reading in any order; its ``size()`` tells how many bytes there are.

        Args:
            file: its name.
            size: how many bytes it should have.
            end: of these, how many of the last are likely to be asked for.

        Raises:
            OSError: if it cannot be opened, or is no regular file: a pipe may never give a byte.
        """
        if store := store_of(self.path):
            return Ranges(store, self._place(file), size, end)
        return self._open_here(file)

    def _open_here(self, file: str) -> Any:
        path = self._place(file)
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return pa.OSFile(path)

    def read(self, file: str) -> bytes:
        """All bytes of a file.

        Raises:
            InputError: if it cannot be read.
        """
        data = self.read_if_there(file)
        if data is None:
            raise InputError(f"{self.name(file)} cannot be read: {os.strerror(errno.ENOENT)}")
        return data

    def read_if_there(self, file: str) -> bytes | None:
        """All bytes of a file; None if there is no such file.

        Raises:
            InputError: if there is one, and it cannot be read, or if nobody can tell.
        """
        try:
            if store := store_of(self.path):
                return store.read(self._place(file))
            with self._open_here(file) as stream:
                return bytes(stream.read())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"{self.name(file)} cannot be read: {reason}") from None

    def sizes(self, files: Sequence[str]) -> list[int | None]:
        """Bytes of each file; None for one that is not there.

        Raises:
            InputError: if nobody can tell.
        """
        try:
            if files and (store := store_of(self.path)):
                below = store.listed(self._place(os.path.commonpath(files)))
                found = {each.path: each.size for each in below}
                return [found.get(self._place(file)) for file in files]
            return [_size(self._place(file)) for file in files]
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror or error}") from None


def _size(path: str) -> int | None:
    """Bytes of a regular file here; None if there is none."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
