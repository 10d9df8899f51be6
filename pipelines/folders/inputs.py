"""The files that the INPUTs name: found, recognised, and seen to stay the same while read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bertprep.common.drops import Drops
from bertprep.common.units import plural
from bertprep.corpus.files import InputFile, Split, distinct_names
from bertprep.corpus.read import DocumentBatch, read_split
from bertprep.corpus.recognise import HEAD_BYTES, recognise
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders import files


def find_inputs(patterns: Sequence[str], options: ReadOptions) -> list[InputFile]:
    """All files the INPUTs name, each once, recognised by their content.

    Raises:
        InputError: if there are none, none holds a byte, or one is of an unknown kind.
    """
    # A file that two INPUTs name has the shorter name, whichever comes first.
    found: dict[str, files.Found] = {}
    for file in (file for pattern in patterns for file in files.find(pattern)):
        path = file.path if files.is_remote(file.path) else os.path.abspath(file.path)
        found[path] = min(found.get(path, file), file, key=lambda f: (len(f.relative), f.relative))
    names = distinct_names([f.relative for f in found.values()], list(found))
    if not any(f.size for f in found.values()):
        raise InputError(
            f"the input is empty: {plural(len(found), 'file')} in {', '.join(patterns)}, 0 bytes"
        )

    def recognised(file: files.Found, name: str) -> InputFile:
        known = recognise(_head(file), file.path, name, file.size, options)
        return replace(known, modified=file.modified)

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(recognised, found.values(), names))


def check_apart(corpus: Iterable[InputFile], patterns: Iterable[str], output: str) -> None:
    """Raises InputError where a run would read what an earlier one wrote, or the next one would."""
    way_out = "name another output folder, or narrower INPUTs"
    for file in corpus:
        if _is_within(file.path, output):
            raise InputError(
                f"{file.path} is an INPUT and lies in the --output folder {output}; {way_out}"
            )
    for pattern in patterns:
        if os.path.isdir(pattern) and _is_within(output, pattern):
            raise InputError(
                f"the --output folder {output} lies in the INPUT {pattern}, and the next run would "
                f"read what this one writes; {way_out}"
            )


def _is_within(path: str, folder: str) -> bool:
    path, folder = (p if files.is_remote(p) else os.path.realpath(p) for p in (path, folder))
    return path.startswith(files.join(folder, ""))


def _head(file: files.Found) -> bytes:
    try:
        with files.open_input(file.path) as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"{file.path} cannot be read: {error.strerror or error}") from None


def read_unchanged(split: Split, options: ReadOptions, drops: Drops) -> Iterator[DocumentBatch]:
    """The documents of a split, as ``read_split`` gives them.

    Raises:
        InputError: also if a file is not, at the end, what it was when it was found; rather so than
            for what could not be read because of that.
    """
    try:
        yield from read_split(split, files.open_input, options, drops)
    except (InputError, OSError):
        _check_unchanged(split)
        raise
    _check_unchanged(split)


def _check_unchanged(split: Split) -> None:
    for file in {byte_range.file.path: byte_range.file for byte_range in split}.values():
        try:
            size, modified = files.size_and_time(file.path)
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"{file.path} was there and cannot be read now: {reason}") from None
        if size != file.size:
            what = f"was {file.size:,} bytes, is {size:,}"
        elif modified != file.modified and modified and file.modified:
            what = f"still {size:,} bytes, but written to since"
        else:
            continue
        raise InputError(
            f"{file.path} changed while it was read ({what}); start again when nothing writes to it"
        )
