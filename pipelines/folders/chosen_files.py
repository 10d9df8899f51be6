"""The files that INPUTs name and options choose: each once, under the name that tells most."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from bertprep.common.units import plural
from bertprep.errors import InputError
from bertprep.stores.schemes import is_remote
from pipelines.folders.find_files import Found, find, is_itself
from pipelines.folders.selection import Looked, Selection

_HASH = re.compile(r"[0-9a-f]{32,}")


class NamedFile(NamedTuple):
    """A file and its absolute path; ``is_named`` if an INPUT is the file itself."""

    path: str
    found: Found
    is_named: bool


def choose_files(
    patterns: Sequence[str], selection: Selection, hidden: list[str]
) -> tuple[list[NamedFile], list[Looked], list[str]]:
    """The files that are chosen, each once; those that cannot be read; what is to be said.

    Args:
        patterns: the INPUTs.
        selection: which of the files below folders are taken.
        hidden: takes the names of what is passed over because it begins with a dot.

    Raises:
        InputError: if none is left.
    """
    every: dict[str, NamedFile] = {}
    faults: dict[str, InputError] = {}
    for pattern in patterns:
        for file in find(pattern, faults, hidden):
            path = file.path if is_remote(file.path) else os.path.abspath(file.path)
            named = NamedFile(path, file, is_itself(file, pattern))
            # A file that two INPUTs name has the shorter name, whichever comes first.
            every[path] = min(every.get(path, named), named, key=_by_name)
    relatives = [file.found.relative for file in every.values()]
    notes = [f"{option} fits no file" for option in selection.idle([*relatives, *faults])]
    chosen = [f for f in every.values() if f.is_named or selection.takes(f.found.relative)]
    wrong = [Looked(name, False, e) for name, e in faults.items() if selection.takes(name)]
    if not chosen and not wrong:
        raise InputError(
            f"--include and --exclude leave none of {plural(len(every), 'file')} in "
            f"{', '.join(patterns)}, such as {relatives[0]}"
        )
    chosen, twice = _each_once(chosen)
    if twice:
        notes.append(
            f"{plural(len(twice), 'file')} reached by another path as well, read once: "
            + ", ".join(f"{left} is {kept}" for left, kept in twice[:3])
            + (" ..." if len(twice) > 3 else "")
        )
    return chosen, wrong, notes


def _by_name(file: NamedFile) -> tuple[bool, bool, int, str]:
    """Orders the names of one file, the best first: a hash tells people nothing."""
    relative = file.found.relative
    hashed = bool(_HASH.fullmatch(relative.rpartition("/")[2]))
    return not file.is_named, hashed, len(relative), relative


def _each_once(found: Sequence[NamedFile]) -> tuple[list[NamedFile], list[tuple[str, str]]]:
    """The files, one for those that links lead to, and (left out, kept) of the others."""
    kept: dict[object, NamedFile] = {}
    for file in found:
        key = _identity(file.path)
        kept[key] = min(kept.get(key, file), file, key=_by_name)
    best = set(kept.values())
    twice = [
        (file.found.relative, kept[_identity(file.path)].found.relative)
        for file in (found if len(best) < len(found) else ())
        if file not in best
    ]
    return [file for file in found if file in best], sorted(twice)


def _identity(path: str) -> object:
    """A value that two paths of one file have in common."""
    if is_remote(path):
        return path
    try:
        status = os.stat(path)
    except OSError:
        return path
    return (status.st_dev, status.st_ino) if status.st_ino else path
