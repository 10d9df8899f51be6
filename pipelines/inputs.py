"""The files that the INPUTs name: found, recognised, and seen to stay the same while read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bertprep.drops import Drops
from bertprep.errors import InputError
from bertprep.inputs import HEAD_BYTES, InputFile, Split, distinct_names, recognise
from bertprep.options import ReadOptions
from bertprep.read import DocumentBatch, read_split
from pipelines import files
from pipelines.progress import plural


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


def check_apart(corpus: Iterable[InputFile], output: str) -> None:
    """Raises InputError where a run would read what an earlier one wrote."""
    folder = output if files.is_remote(output) else os.path.abspath(output)
    for file in corpus:
        path = file.path if files.is_remote(file.path) else os.path.abspath(file.path)
        if path.startswith(files.join(folder, "")):
            raise InputError(
                f"{file.path} is an INPUT and lies in the --output folder {output}; "
                "name another output folder, or narrower INPUTs"
            )


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
