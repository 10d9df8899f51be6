"""The files that an INPUT names: a file, a folder or a glob, here, in a store or on the web."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, NoReturn

from bertprep.errors import InputError
from bertprep.stores import hf, web
from bertprep.stores.objects import Listed
from bertprep.stores.schemes import is_remote, store_of

_GLOB_CHARACTERS = "*?["


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
