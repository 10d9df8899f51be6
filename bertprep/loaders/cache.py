"""All rows of shards in one local file, for trainers that ask for rows in an order of their own.

The file holds the records as they lie in memory, and is mapped: what is read of it stays in the
system's cache, once for all ranks and workers of a machine.
"""

from __future__ import annotations

import glob
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np

from bertprep.common.digests import digest_of
from bertprep.errors import OutputError
from bertprep.layouts.columns import Records
from bertprep.shards.folder import Shards

try:
    import fcntl
except ImportError:  # on Windows processes that start at once each write a file of their own
    fcntl = None  # type: ignore[assignment]


class CachedRows:
    """The rows of shards as records, by their numbers; made once, and found again by the next run.

    Args:
        folder: where to keep files; None means $XDG_CACHE_HOME/bertprep or ~/.cache/bertprep.

    Raises:
        OutputError: if the file cannot be written there.
    """

    def __init__(self, shards: Shards, folder: str | os.PathLike[str] | None = None) -> None:
        self._dtype, self._count = shards.dtype, len(shards)
        folder = os.fspath(folder) if folder is not None else _default_folder()
        layout = digest_of(repr(self._dtype).encode())
        self.path = os.path.join(folder, f"{shards.digest[:32]}-{layout[:8]}.rows")
        self._mapped: Records | None = None
        if self._is_complete():  # in a folder that others made, perhaps, and this user only reads
            return
        try:
            os.makedirs(folder, exist_ok=True)
            self._make(shards)
        except OSError as error:
            raise OutputError(
                f"{self.path} cannot be written: {error.strerror or error}; name another folder "
                "as cache_dir"
            ) from None

    def _make(self, shards: Shards) -> None:
        """Writes the file, or waits until another process has done it."""
        with _locked(f"{self.path}.lock") as is_alone:
            if self._is_complete():
                return
            if is_alone:
                self._remove_parts()
            self._write(shards)

    def __len__(self) -> int:
        return self._count

    def take(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Records:
        """The records of these rows, int64[n]."""
        if self._mapped is None:
            mapped = np.memmap(self.path, self._dtype, mode="r", shape=(self._count,))
            self._mapped = mapped.view(np.ndarray)
        return self._mapped.take(rows)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_mapped": None}  # each process maps the file itself

    def _is_complete(self) -> bool:
        with suppress(OSError):
            return os.path.getsize(self.path) == self._count * self._dtype.itemsize
        return False

    def _remove_parts(self) -> None:
        """Removes the files that killed processes left half-written."""
        for part in glob.glob(f"{glob.escape(self.path)}.*.part"):
            with suppress(OSError):
                os.remove(part)

    def _write(self, shards: Shards) -> None:
        size = self._count * self._dtype.itemsize
        free = shutil.disk_usage(os.path.dirname(self.path)).free
        if size > free:
            raise OutputError(
                f"{self.path} needs {size / 1e9:.1f} GB for rows in any order, and "
                f"{free / 1e9:.1f} GB are free; name a folder with more room as cache_dir, or read "
                "the shards in turn with bertprep.torch.IterableDataset"
            )
        part = f"{self.path}.{uuid.uuid4().hex}.part"
        try:
            with open(part, "wb") as file:
                for chunk, rows in enumerate(shards.chunk_rows.tolist()):
                    file.write(shards.read(chunk, 0, rows).data)
                os.fsync(file.fileno())  # or a power cut could leave the name without the data
            os.replace(part, self.path)
        finally:
            with suppress(OSError):
                os.remove(part)


def _default_folder() -> str:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "bertprep")


@contextmanager
def _locked(path: str) -> Iterator[bool]:
    """Lets one process in at a time; the others find what it made.

    Where the file system knows no locks (False), all may make it: each under its own name until
    complete.
    """
    with open(path, "ab") as file:
        is_alone = False
        with suppress(OSError):
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX)
                is_alone = True
        yield is_alone
