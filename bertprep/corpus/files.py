"""The files of the corpus: the facts of each, and its name."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bertprep.options import FileFormat

if TYPE_CHECKING:  # who reads shards learns which files there were, and opens none of them
    from bertprep.corpus.compression import Compression


@dataclass(frozen=True)
class InputFile:
    """One file of the corpus.

    Attributes:
        path: where it is opened.
        name: its path relative to the INPUT it came from; for order and messages.
        size: bytes on disk.
        compression: found in its first bytes.
        format: found in its content, or given.
        warning: what is odd about its content, for the user.
        text_size: bytes of its text, if it says so itself; else 0.
        encoding: what it is decoded by; "" for UTF-8.
        input: the name of the input of a mixture that it is of; "" without one.
        modified: when it last changed, in seconds since 1970; 0 if nobody says.
        rows: the format of its rows, where their texts are the lines of one text, and that text
            is of ``format``; else "".
    """

    path: str
    name: str
    size: int
    compression: Compression = "none"
    format: FileFormat = "text"
    modified: float = 0.0
    warning: str = ""
    text_size: int = 0
    encoding: str = ""
    input: str = ""
    rows: FileFormat | Literal[""] = ""


@dataclass(frozen=True)
class ByteRange:
    """Bytes ``start`` to ``end`` (exclusive) of a file, on disk; a compressed one has one range."""

    file: InputFile
    start: int
    end: int


Split = tuple[ByteRange, ...]


def may_be_entered(file: InputFile) -> bool:
    """Whether it can be read from any byte on."""
    return file.compression == "none" and not file.encoding and not file.rows


def is_cut_at_streams(file: InputFile) -> bool:
    """Whether the compressed streams (of gzip: members) of it can be read apart."""
    kinds = (("bzip2", "mediawiki"), ("gzip", "warc"))
    return (file.compression, file.format) in kinds and not file.encoding


def distinct_names(relative: Sequence[str], paths: Sequence[str]) -> list[str]:
    """Names that tell the files apart: the relative ones, longer where two are equal.

    Two inputs may hold files of one name (``a/wiki_00`` and ``b/wiki_00`` given as files); these
    take as many parent folders as it needs, whatever the order they were given in.
    """
    names = list(relative)
    while len(set(names)) < len(names):
        seen: dict[str, int] = {}
        for name in names:
            seen[name] = seen.get(name, 0) + 1
        longer = [
            _one_folder_more(n, p) if seen[n] > 1 else n for n, p in zip(names, paths, strict=True)
        ]
        if longer == names:
            break
        names = longer
    return names


def _one_folder_more(name: str, path: str) -> str:
    parts = path.replace("\\", "/").split("/")
    return posixpath.join(*parts[-min(len(parts), name.count("/") + 2) :])
