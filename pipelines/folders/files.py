"""Files wherever they live: here, in stores (gs://, s3://), or where one only reads (https, hf)."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from bertprep.errors import OutputError
from bertprep.stores import objects
from bertprep.stores.schemes import is_only_read, is_remote, readable_of, store_of

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def join(folder: str, *names: str) -> str:
    """The path of a file below ``folder``."""
    if is_remote(folder):
        return "/".join((folder.rstrip("/"), *names))
    return os.path.join(folder, *names)


def open_input(path: str) -> BinaryIO:
    """The file's bytes as they lie on disk, never decompressed on the way; seekable."""
    if not is_remote(path):
        return open(path, "rb", buffering=0)
    if store := store_of(path):
        return objects.open_read(store, path)
    return readable_of(path).open_read(path)


def open_regular(path: str) -> BinaryIO:
    """The same for a file that is to be a regular one; others, as a pipe, may never give a byte.

    Raises:
        OSError: also if it is none.
    """
    if not is_remote(path) and not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
    return open_input(path)


def read_regular(path: str) -> bytes:
    """All bytes of a regular file; OSError as ``open_regular``."""
    with open_regular(path) as stream:
        return stream.read()


def size_and_time(path: str) -> tuple[int, float]:
    """A file's bytes now, and when it last changed as in ``Found``; OSError if it is not there."""
    if not is_remote(path):
        status = os.stat(path)
        return status.st_size, status.st_mtime
    if store := store_of(path):
        return store.size_and_time(path)
    return readable_of(path).size_and_time(path)


def read_bytes(path: str) -> bytes:
    """All bytes of a file; OSError if it cannot be read."""
    if store := store_of(path):
        return store.read(path)
    with open_input(path) as stream:
        return stream.read()


def create(path: str) -> BinaryIO:
    """A new file for writing, in a folder made as needed."""
    if store := store_of(path):
        return objects.open_write(store, path)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    return open(path, "wb")


@contextmanager
def create_whole(path: str, durable: bool = True) -> Iterator[BinaryIO]:
    """A new file for writing that gets its name only once all of it is there.

    If it is ``durable``, that is so after a power cut, too; to wait for the disk takes time.

    Raises:
        OutputError: if the disk has no more room (the system's own error names no file).
    """
    if store := store_of(path):  # whole or not at all by itself
        with objects.open_write(store, path) as stream:
            yield stream
        return
    part = f"{path}.{uuid.uuid4().hex}.part"
    try:
        with create(part) as stream:
            yield stream
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        rename(part, path)
    except BaseException as error:
        with suppress(OSError):
            remove(part)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise OutputError(f"{path} cannot be written: {error.strerror}; make room") from None
        raise


def exists(path: str) -> bool:
    """Whether there is a file or folder of that name."""
    if store := store_of(path):
        return store.exists(path)
    return _is_to_be_read(path) if is_only_read(path) else os.path.exists(path)


def write_bytes(path: str, data: bytes) -> None:
    """Writes a file whole, as ``create_whole``."""
    with create_whole(path) as stream:
        stream.write(data)


def rename(source: str, target: str) -> None:
    """Moves a file to its final name, over a file of that name if there is one."""
    if is_remote(target):
        _copy(source, target)
        remove(source)
        return
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(source, target)
        os.remove(source)


def publish(source: str, target: str) -> None:
    """Gives a finished file its final name, over a file of that name; a remote one stays, too.

    Raises:
        FileNotFoundError: if there is no such source.
    """
    if is_remote(target):
        _copy(source, target)
    else:
        rename(source, target)


def _copy(source: str, target: str) -> None:
    store = store_of(target)
    if store and store is store_of(source):
        store.copy(source, target)
    else:
        with open_input(source) as original, create_whole(target) as copy:
            shutil.copyfileobj(original, copy, 1 << 20)


def publish_new(source: str, target: str, content: bytes) -> None:
    """Gives a finished file its final name if there is no file of that name.

    Args:
        source: its path.
        target: its final one.
        content: its bytes.

    Raises:
        FileExistsError: if there is one.
        FileNotFoundError: if there is no such source.
    """
    if store := store_of(target):
        store.put(target, content, tag="")
        return
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # another disk, or one without links
        if os.path.exists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        rename(source, target)


def retire(path: str, into: str) -> None:
    """Moves a file away, in a folder that is there; a remote one is removed."""
    if is_remote(path):
        remove(path)
    else:
        rename(path, into)


def make_folder(folder: str) -> None:
    """Makes a folder here, and those it lies in; stores have none."""
    if not is_remote(folder):
        os.makedirs(folder, exist_ok=True)


def remove_if_empty(folder: str) -> None:
    """Removes a folder here if it holds nothing."""
    if not is_remote(folder):
        with suppress(OSError):
            os.rmdir(folder)


def newest(folder: str) -> float:
    """When the latest file directly in a folder changed, in seconds since 1970; 0 if none is."""
    if store := store_of(folder):
        return max((each.modified for each in store.listed(join(folder, ""))), default=0.0)
    times = [0.0]
    for name in names_in(folder):
        with suppress(OSError):
            times.append(os.stat(join(folder, name)).st_mtime)
    return max(times)


def remove(path: str) -> None:
    """Removes a file or a folder with all it holds, if it is there."""
    if store := store_of(path):
        below = [each.path for each in store.listed(path)]
        store.delete([each for each in below if each == path or each.startswith(join(path, ""))])
    elif os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.remove(path)


def names_in(folder: str) -> list[str]:
    """Names of what a folder holds directly, hidden files too; none if it is not there."""
    if store := store_of(folder):
        stem = folder.rstrip("/") + "/"
        return sorted({each.path.removeprefix(stem).split("/")[0] for each in store.listed(stem)})
    # On the web what is there is one file.
    return sorted(os.listdir(folder)) if not is_remote(folder) and os.path.isdir(folder) else []


def _is_to_be_read(path: str) -> bool:
    try:
        size_and_time(path)
    except OSError:  # a server may say so in other words than 404
        return False
    return True
