"""Files wherever they live: here, in stores (gs://, s3://), or where one only reads (https, hf)."""

from __future__ import annotations

import errno
import glob
import os
import re
import shutil
import stat
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, NamedTuple, NoReturn

from bertprep.errors import InputError, OutputError, UsageError
from bertprep.stores import gcs, hf, s3, web
from bertprep.stores.objects import Listed, Readable, Store
from pipelines.folders.extras import check_stores

_STORES: dict[str, Store] = {store.SCHEME: store for store in (gcs, s3)}
# What is only read is elsewhere, and called otherwise.
_READABLE: dict[str, Readable] = {scheme: each for each in (web, hf) for scheme in each.SCHEMES}
_GLOB_CHARACTERS = "*?["
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Found(NamedTuple):
    """A file that an INPUT names.

    Attributes:
        path: its path.
        relative: its path relative to that INPUT.
        size: its bytes.
        modified: when it last changed, in seconds since 1970; 0 if the file system does not say.
    """

    path: str
    relative: str
    size: int
    modified: float


def is_remote(path: str) -> bool:
    """Whether a path is a URI."""
    return "://" in path


def is_only_read(path: str) -> bool:
    """Whether a path is a URI of a place that nothing is written to."""
    return path.startswith(tuple(_READABLE))


def _readable(path: str) -> Readable:
    return _READABLE[f"{path.partition('://')[0]}://"]


def store_of(path: str) -> Store | None:
    """The object store that a URI is of; None for a path here, or of what is only read.

    Raises:
        UsageError: for a URI of nothing that is known.
    """
    scheme, is_uri, _ = path.partition("://")
    if not is_uri or is_only_read(path):
        return None
    if store := _STORES.get(f"{scheme}://"):
        return store
    check_stores([path])
    raise UsageError(f"{path} is of no store that is known")


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
        return store.open_read(path)
    return _readable(path).open_read(path)


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
    return _readable(path).size_and_time(path)


def read_bytes(path: str) -> bytes:
    """All bytes of a file; OSError if it cannot be read."""
    if store := store_of(path):
        return store.read(path)
    with open_input(path) as stream:
        return stream.read()


def create(path: str) -> BinaryIO:
    """A new file for writing, in a folder made as needed."""
    if store := store_of(path):
        return store.open_write(path)
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
        with store.open_write(path) as stream:
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


def find(
    pattern: str,
    faults: dict[str, InputError] | None = None,
    hidden: list[str] | None = None,
) -> list[Found]:
    """The files an INPUT names: a file, a folder (all files below it) or a glob.

    Files and folders whose names start with a dot are passed over unless named themselves.

    Args:
        pattern: the INPUT.
        faults: takes the error for each file below a folder, or of a glob, that cannot be looked
            at, by its relative path; without it the first of them is raised.
        hidden: takes the relative paths of what is passed over, those of folders with a slash.

    Raises:
        InputError: if there is none, or one that cannot be looked at.
    """
    before = len(faults or ())
    found = (
        _find_remote(pattern)
        if is_remote(pattern)
        else _find_local(pattern, faults, [] if hidden is None else hidden)
    )
    if not found and len(faults or ()) == before:
        what = "no file matches" if _is_glob(pattern) else "no file in"
        raise InputError(f"{what} {pattern}; INPUT is a file, a folder or a glob")
    return found


def _is_glob(pattern: str) -> bool:
    return any(character in pattern for character in _GLOB_CHARACTERS)


def _find_local(
    pattern: str, faults: dict[str, InputError] | None, hidden: list[str]
) -> list[Found]:
    if os.path.isdir(pattern):
        return _walk(pattern, pattern, set(), faults, hidden)
    if os.path.lexists(pattern):
        return [_found(pattern, os.path.basename(pattern))]
    if not _is_glob(pattern):
        name = pattern or "the INPUT ''"
        raise InputError(f"{name} does not exist; INPUT is a file, a folder or a glob")
    base = _fixed_folder(pattern)
    found: list[Found] = []
    visited: set[str] = set()
    # The shortest path first: it is the one to keep where links lead to a file by several.
    for path in sorted(glob.glob(pattern, recursive=True), key=lambda p: (p.count(os.sep), p)):
        if os.path.isdir(os.path.realpath(path)):  # by itself it may have gone round a loop
            found += _walk(path, base, visited, faults, hidden) if "**" not in pattern else []
        elif _is_new(path, visited):
            found += _found_or_fault(path, os.path.relpath(path, base), faults)
    return found


def _is_new(path: str, visited: set[str]) -> bool:
    """Whether no link led to this folder, or to the folder of this file, before."""
    parent, name = (path, "") if os.path.isdir(path) else os.path.split(path)
    real = os.path.join(os.path.realpath(parent), name)
    is_new = real not in visited
    visited.add(real)
    return is_new


def _walk(
    folder: str,
    base: str,
    visited: set[str],
    faults: dict[str, InputError] | None,
    hidden: list[str],
) -> list[Found]:
    found: list[Found] = []
    for parent, folders, names in os.walk(folder, onerror=_unreadable, followlinks=True):
        if not _is_new(parent, visited):
            folders.clear()
            continue
        below = os.path.relpath(parent, base)
        marked = [*names, *(f"{name}/" for name in folders)]
        hidden += [
            os.path.normpath(below + "/" + n) + "/" * n.endswith("/") for n in marked if n[0] == "."
        ]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = os.path.join(parent, name)
            found += _found_or_fault(path, os.path.relpath(path, base), faults)
    return found


def _found_or_fault(path: str, relative: str, faults: dict[str, InputError] | None) -> list[Found]:
    try:
        return [_found(path, relative)]
    except InputError as error:
        if faults is None:
            raise
        faults[relative] = error
        return []


def _found(path: str, relative: str) -> Found:
    """A local file; its name in ASCII escapes where it is not UTF-8, as some old archives' are."""
    try:
        status = os.stat(path)
    except OSError as error:
        _unreadable(error)
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} is not a regular file; write what it gives to one first")
    name = os.fsencode(relative).decode("utf-8", "backslashreplace")
    return Found(path, name, status.st_size, status.st_mtime)


def _unreadable(error: OSError) -> NoReturn:
    raise InputError(f"{error.filename} cannot be read: {error.strerror}") from None


def _fixed_folder(pattern: str) -> str:
    """The folder part of a glob before its first wildcard."""
    position = min(pattern.find(c) for c in _GLOB_CHARACTERS if c in pattern)
    return pattern[:position].rpartition("/")[0] or ("/" if pattern.startswith("/") else ".")


def _is_to_be_read(path: str) -> bool:
    try:
        size_and_time(path)
    except OSError:  # a server may say so in other words than 404
        return False
    return True


def _find_on_the_web(url: str) -> list[Found]:
    if _is_glob(url):
        raise InputError(f"{url} is one file; a server lists none: name each file")
    try:
        size, modified = web.size_and_time(url)
    except OSError as error:
        raise InputError(f"{url} cannot be read: {error.strerror or error}") from None
    return [Found(url, url.rpartition("/")[2], size, modified)]


def is_itself(found: Found, pattern: str) -> bool:
    """Whether an INPUT names a file alone, and not the folder it is in, or others besides it."""
    if pattern.startswith(hf.SCHEMES) and not _is_glob(pattern):
        return hf.without_revision(found.path) == hf.without_revision(pattern)
    return found.path == pattern


def _find_remote(pattern: str) -> list[Found]:
    if pattern.startswith(web.SCHEMES):
        return _find_on_the_web(pattern)
    try:
        if pattern.startswith(hf.SCHEMES):
            return list(_fitting(hf.pinned(pattern), hf.listed))
        store = store_of(pattern)
        return list(_fitting(pattern, store.listed)) if store else []
    except OSError as error:
        raise InputError(f"{pattern} cannot be read: {error.strerror or error}") from None


def _fitting(pattern: str, listed: Callable[[str], Iterable[Listed]]) -> Iterator[Found]:
    """The files that a URI names, but for empty ones; ``listed`` gives what begins so."""
    if _is_glob(pattern):
        base, patterns = _fixed_folder(pattern), [pattern]
    else:
        base, patterns = pattern.rstrip("/"), [pattern, pattern.rstrip("/") + "/**"]
    fits = re.compile("|".join(map(_regex, patterns)))
    for path, size, modified in listed(base):
        relative = path[len(base) + 1 :] if path.startswith(f"{base}/") else os.path.basename(path)
        is_hidden = any(part.startswith(".") for part in relative.split("/"))
        if size and not is_hidden and fits.fullmatch(path):
            yield Found(path, relative, size, modified)


def _regex(pattern: str) -> str:
    kinds = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*|\*|\?|\[[^]/]+\])", pattern)
    return "".join(kinds.get(p, p if p.startswith("[") else re.escape(p)) for p in parts)
