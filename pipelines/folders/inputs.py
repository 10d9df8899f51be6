"""The files that the INPUTs name: found, recognised, and seen to stay the same while read."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import BinaryIO, NamedTuple

from bertprep.common.cores import usable_cores
from bertprep.common.drops import Drops
from bertprep.common.units import plural
from bertprep.corpus.compression import COMPRESSED_HEAD_BYTES, compression_of
from bertprep.corpus.files import InputFile, Split, distinct_names
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.input_table import InputTable
from bertprep.corpus.mixture import check_weights
from bertprep.corpus.read import DocumentBatch, content_of, read_split
from bertprep.corpus.recognise import middle_offsets, recognise
from bertprep.corpus.row_lines import with_lines
from bertprep.corpus.sample import HEAD_BYTES, MIDDLE_BYTES
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.find import Found, find, is_itself
from pipelines.folders.finished import texts_of
from pipelines.folders.forks import can_fork, shared_out
from pipelines.folders.named_sets import describe_revisions, describe_sets
from pipelines.folders.selection import (
    Looked,
    Selection,
    all_refusals,
    describe_odd,
    describe_sides,
    few_odd,
    without_sides,
)

_HASH = re.compile(r"[0-9a-f]{32,}")
_MANY = 1000
_THREADS, _AT_A_TIME = 16, 256


class Inputs(NamedTuple):
    """The files to read, and what is to be said of how they were chosen."""

    files: InputTable
    notes: list[str]


def find_inputs(
    patterns: Sequence[str], options: ReadOptions, selection: Selection | None = None
) -> Inputs:
    """All files the INPUTs name, each once, recognised by their content.

    Args:
        patterns: the INPUTs: files, folders or globs.
        options: how they are to be read.
        selection: which of the files below folders are taken; None for all.

    Raises:
        InputError: if there are none, none holds a byte, or some are of an unknown kind.
        UsageError: for weights of inputs that are not there.
    """
    selection = selection or Selection()
    patterns = list(map(texts_of, patterns))
    check_weights(options, selection.names)
    if not selection.names:
        return _find_one(patterns, options, selection)
    every: list[InputTable] = []
    notes: list[str] = []
    for name in dict.fromkeys(selection.names):
        own = [p for p, of in zip(patterns, selection.names, strict=True) if of == name]
        found = _find_one(own, options, replace(selection, names=()))
        named = (replace(f, name=f"{name}/{f.name}", input=name) for f in found.files)
        every.append(InputTable.of(named))
        notes.extend(found.notes)
    if shared := _in_several(every):
        notes.append(shared)
    return Inputs(InputTable.of(chain.from_iterable(every)), notes)


def _in_several(inputs: Sequence[InputTable]) -> str:
    """The line for the user where one file is of several inputs of a mixture; else nothing."""
    counts = Counter(chain.from_iterable({file.path for file in each} for each in inputs))
    shared = [path for path, count in counts.items() if count > 1]
    if not shared:
        return ""
    return f"{plural(len(shared), 'file')} in several inputs of the mixture, such as {shared[0]}"


def _find_one(patterns: Sequence[str], options: ReadOptions, selection: Selection) -> Inputs:
    """All files of one input of a mixture, or of all where there is none."""
    hidden: list[str] = []
    found, faults, notes = _find(patterns, selection, hidden)
    names = distinct_names([file.found.relative for file in found], [f.path for f in found])
    if not any(file.found.size for file in found) and not faults:
        raise InputError(
            f"the input is empty: {plural(len(found), 'file')} in {', '.join(patterns)}, 0 bytes"
        )

    looked = _look_at_all(found, names, options)
    odd = few_odd(looked) if options.input_format == "auto" else []
    if odd:
        notes.append(describe_odd([looked[i] for i in odd], len(looked)))
    as_text = replace(options, input_format="text")
    for i in odd:
        looked[i] = replace(looked[i], result=_look(found[i].found, names[i], as_text))
    looked = [*faults, *looked]
    kept, sides = without_sides(looked, bool(selection.include))
    if refusal := all_refusals(kept):
        raise refusal
    if sides or hidden:
        notes.append(describe_sides(sorted({*sides, *hidden}), len(kept)))
    unnamed = [file.relative for file in kept if not file.is_named]
    notes.extend(filter(None, (describe_sets(unnamed), describe_revisions(unnamed))))
    readable = (file.result for file in kept if isinstance(file.result, InputFile))
    return Inputs(InputTable.of(readable), notes)


def _look_at_all(
    found: Sequence[_Named],
    names: Sequence[str],
    options: ReadOptions,
    many: int = _MANY,
    cores: int | None = None,
) -> list[Looked]:
    """The files, looked at: of many of them here by several processes, as it is work for the CPU.

    Args:
        found: the files.
        names: of each, as ``InputFile`` has it.
        options: how they are to be read.
        many: how many there are at least for each process.
        cores: how many processes there are at most; None for as many as this machine has cores.
    """

    def look(place: int) -> Looked:
        file = found[place]
        result = _look(file.found, names[place], options)
        return Looked(file.found.relative, file.is_named, result, file.found.size)

    processes = min(cores or usable_cores(), len(found) // many)
    are_here = not any(files.is_remote(file.path) for file in found)
    if processes > 1 and are_here and can_fork():
        return shared_out(look, range(len(found)), processes)
    looked: list[Looked] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        # Some at a time: each that waits takes more memory than what is known of a file.
        for start in range(0, len(found), _AT_A_TIME):
            looked += pool.map(look, range(start, min(start + _AT_A_TIME, len(found))))
    return looked


class _Named(NamedTuple):
    """A file and its absolute path; ``is_named`` if an INPUT is the file itself."""

    path: str
    found: Found
    is_named: bool


def _find(
    patterns: Sequence[str], selection: Selection, hidden: list[str]
) -> tuple[list[_Named], list[Looked], list[str]]:
    """The files that are chosen, each once; those that cannot be read; what is to be said.

    ``hidden`` takes the names of what is passed over because it begins with a dot.
    """
    every: dict[str, _Named] = {}
    faults: dict[str, InputError] = {}
    for pattern in patterns:
        for file in find(pattern, faults, hidden):
            path = file.path if files.is_remote(file.path) else os.path.abspath(file.path)
            named = _Named(path, file, is_itself(file, pattern))
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


def _by_name(file: _Named) -> tuple[bool, bool, int, str]:
    """Orders the names of one file, the best first: a hash tells people nothing."""
    relative = file.found.relative
    hashed = bool(_HASH.fullmatch(relative.rpartition("/")[2]))
    return not file.is_named, hashed, len(relative), relative


def _each_once(found: Sequence[_Named]) -> tuple[list[_Named], list[tuple[str, str]]]:
    """The files, one for those that links lead to, and (left out, kept) of the others."""
    kept: dict[object, _Named] = {}
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
    if files.is_remote(path):
        return path
    try:
        status = os.stat(path)
    except OSError:
        return path
    return (status.st_dev, status.st_ino) if status.st_ino else path


def _look(file: Found, name: str, options: ReadOptions) -> InputFile | InputError:
    try:
        with files.open_input(file.path) as stream:
            head = stream.read(HEAD_BYTES)
            if compression_of(head) == "none":
                middles = [_stretch(stream, offset) for offset in middle_offsets(file.size)]
            else:
                head, middles = head + stream.read(COMPRESSED_HEAD_BYTES - len(head)), []
            known = recognise(head, file.path, name, file.size, options, middles)
            stream.seek(0)
            content = content_of(stream, known)
            text_size = FORMATS[known.rows or known.format].check(content, file.path, options)
            content.seek(0)
            known = with_lines(known, content, options)
    except OSError as error:
        return InputError(f"{file.path} cannot be read: {error.strerror or error}")
    except InputError as error:
        return error
    return replace(known, modified=file.modified, text_size=text_size)


def _stretch(stream: BinaryIO, offset: int) -> bytes:
    stream.seek(offset)
    return stream.read(MIDDLE_BYTES)


def check_apart(corpus: Iterable[InputFile], patterns: Iterable[str], output: str) -> None:
    """Raises InputError where a run would read what an earlier one wrote, or the next one would.

    Args:
        corpus: the files to read.
        patterns: the INPUTs that named them.
        output: the folder to write to.
    """
    way_out = "name another output folder, or narrower INPUTs"
    real = lru_cache(None)(os.path.realpath)  # of folders: there may be many files
    for file in corpus:
        if _is_within(file.path, output, real):
            raise InputError(
                f"{file.path} is an INPUT and lies in the --output folder {output}; {way_out}"
            )
    for pattern in patterns:
        if os.path.isdir(pattern) and _is_within(output, pattern):
            raise InputError(
                f"the --output folder {output} lies in the INPUT {pattern}, and the next run would "
                f"read what this one writes; {way_out}"
            )


def _is_within(path: str, folder: str, real: Callable[[str], str] = os.path.realpath) -> bool:
    if not files.is_remote(path) and os.path.islink(path):
        path = os.path.realpath(path)
    elif not files.is_remote(path):
        path = os.path.join(real(os.path.dirname(path)), os.path.basename(path))
    folder = folder if files.is_remote(folder) else real(folder)
    return path.startswith(files.join(folder, ""))


def read_unchanged(
    split: Split, options: ReadOptions, drops: Drops, sizes: ReadSizes = READ_SIZES
) -> Iterator[DocumentBatch]:
    """The documents of a split, as ``read_split`` gives them.

    Args:
        split: byte ranges of the inputs.
        options: how they are read.
        drops: takes what is left out.
        sizes: how much is read at once.

    Raises:
        InputError: also if a file is not, at the end, what it was when it was found; rather so than
            for what could not be read because of that.
    """
    try:
        yield from read_split(split, files.open_input, options, drops, sizes)
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
