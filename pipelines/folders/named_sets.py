"""The sets of a data set, and its revisions, that names tell of and one run reads together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bertprep.common.units import plural
from pipelines.folders.selection import fits

# As the Hub tells them by file or folder: a word of its own in the name.
_SETS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
}
_OF_WORD = {word: name for name, words in _SETS.items() for word in words}
_WORD = re.compile(rf"(?:^|[-._/ ])({'|'.join(_OF_WORD)})(?=[-._/ ]|\d|$)", re.IGNORECASE)

_REVISION = re.compile(r"(.*/|)snapshots/([0-9a-f]{40})/")


def describe_sets(relatives: Sequence[str]) -> str:
    """The line for the user; nothing unless files for training and others are read together.

    Args:
        relatives: the paths of the files relative to their INPUT.
    """
    sets: dict[str, list[str]] = {}
    for relative in relatives:
        sets.setdefault(set_of(relative), []).append(relative)
    named = [name for name in _SETS if name in sets]
    if len(named) < 2 or "train" not in named:
        return ""
    counts = ", ".join(f"{name} ({plural(len(sets[name]), 'file')})" for name in named)
    glob = _glob(sets["train"], [each for name in named[1:] for each in sets[name]])
    way_out = f"; --include '{glob}' reads train alone" if glob else ""
    return f"read together: {counts}{way_out}"


def describe_revisions(relatives: Iterable[str]) -> str:
    """The line for the user where the cache of the Hub has several revisions of a data set."""
    of_repository: dict[str, set[str]] = {}
    for found in filter(None, map(_REVISION.match, relatives)):
        of_repository.setdefault(found[1], set()).add(found[2])
    for folder, revisions in of_repository.items():
        if len(revisions) > 1:
            return (
                f"{len(revisions)} revisions of one data set are read together, from "
                f"{folder}snapshots: name the folder of one, such as {sorted(revisions)[0]}"
            )
    return ""


def set_of(relative: str) -> str:
    """The set that a path names; "" if it names none, or several."""
    found = {_OF_WORD[word.lower()] for word in _WORD.findall(relative)}
    return found.pop() if len(found) == 1 else ""


def _glob(wanted: Iterable[str], others: Sequence[str]) -> str:
    """A short glob for --include that fits all of some files and none of others."""
    for glob in ("train*", "*train*", "train/*", "*/train/*", "*train*/*"):
        is_for_all = all(fits(relative, (glob,)) for relative in wanted)
        if is_for_all and not any(fits(relative, (glob,)) for relative in others):
            return glob
    return ""
