"""Looks at files: each is recognised by its content, many of them by several processes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from typing import BinaryIO

from bertprep.common.cores import usable_cores
from bertprep.corpus.compression import COMPRESSED_HEAD_BYTES, compression_of
from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.read import content_of
from bertprep.corpus.recognise import middle_offsets, recognise
from bertprep.corpus.row_lines import with_lines
from bertprep.corpus.sample import HEAD_BYTES, MIDDLE_BYTES
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from bertprep.stores.schemes import is_only_read
from pipelines.folders import files
from pipelines.folders.chosen_files import NamedFile
from pipelines.folders.find_files import Found
from pipelines.folders.forked_work import can_fork, shared_out
from pipelines.folders.selection import Looked

_MANY = 1000
_THREADS, _AT_A_TIME = 16, 256  # of a process
_REQUESTS = 64  # of all processes, at once


def look_at_all(
    found: Sequence[NamedFile],
    names: Sequence[str],
    options: ReadOptions,
    many: int = _MANY,
    cores: int | None = None,
) -> list[Looked]:
    """The files, looked at: many of them by several processes, as it is work for the CPU.

    Args:
        found: the files.
        names: of each, as ``InputFile`` has it.
        options: how they are to be read.
        many: how many there are at least for each process.
        cores: how many processes there are at most; None for as many as this machine has cores.
    """

    def look(place: int) -> Looked:
        file = found[place]
        result = look_at(file.found, names[place], options)
        return Looked(file.found.relative, file.is_named, result, file.found.size)

    processes = max(1, min(cores or usable_cores(), len(found) // many))
    # Servers of the web take many requests at once for an attack.
    if any(is_only_read(file.path) for file in found) or not can_fork():
        processes = 1
    threads = max(1, min(_THREADS, _REQUESTS // processes))
    # Some at a time: each that waits takes more memory than what is known of a file.
    block = min(_AT_A_TIME, many)
    starts = range(0, len(found), block)

    def look_at_some(start: int) -> list[Looked]:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(look, range(start, min(start + block, len(found)))))

    if processes > 1:
        return list(chain.from_iterable(shared_out(look_at_some, starts, processes)))
    return list(chain.from_iterable(map(look_at_some, starts)))


def look_at(file: Found, name: str, options: ReadOptions) -> InputFile | InputError:
    """A file as it was recognised, or why it cannot be read.

    Args:
        file: as it was found.
        name: of it, as ``InputFile`` has it.
        options: how it is to be read.
    """
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
