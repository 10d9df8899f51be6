"""What the input files are, and how they are cut into work, whatever the worker count.

A file is recognised by its first bytes, never by its name alone.  Files are then packed, in the
order of their names, into splits of about equal size; a split is a tuple of byte ranges, and a
document belongs to the range that holds its first byte.
"""

from __future__ import annotations

import gzip
import io
import posixpath
import re
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, Literal, cast

from bertprep.corpus.line_formats import are_sentences, complete_lines, is_ptb, two_columns
from bertprep.errors import InputError
from bertprep.options import ReadOptions

Compression = Literal["none", "gzip"]
FileFormat = Literal["text", "wikiextractor", "jsonl", "sentence-pairs", "ptb"]

HEAD_BYTES = 1 << 16
BOM = b"\xef\xbb\xbf"
_MAX_SPLIT_BYTES = 16 << 20
_MIN_SPLIT_BYTES = 1 << 20
_SPLITS_WANTED = 16
_GZIP_RATIO = 3

# What a gzip stream that ends early or is otherwise unsound raises.
GZIP_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error)
_GZIP_READ_BYTES = 1 << 18

# Patterns of a file's first bytes, what it is then, and the way out.
_UNSUPPORTED = [
    (rb"\x1f\x8b", "is compressed twice", "gunzip it once"),
    (rb"BZh[1-9]1AY&SY", "is compressed with bzip2", "bunzip2 it, or use .gz"),
    (rb"\xfd7zXZ\x00", "is compressed with xz", "unxz it, or use .gz"),
    (rb"\x28\xb5\x2f\xfd", "is compressed with zstd", "unzstd it, or use .gz"),
    (rb"PK\x03\x04", "is a zip archive", "unzip it first"),
    (rb"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive", "unpack it first"),
    (rb"(?s).{257}ustar", "is a tar archive", "unpack it first: tar -xf"),
    (rb"PAR1", "is a Parquet file", "export its text column as JSON lines"),
    (
        rb"ARROW1|\xff{4}",
        "is an Arrow file",
        "export its text as JSON lines; if `bertprep prepare` wrote it, give its folder, and that "
        "alone, to `bertprep shard`",
    ),
    (rb"%PDF-", "is a PDF file", "extract its text: pdftotext"),
    (rb"\xff\xfe\0\0|\0\0\xfe\xff", "is UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8"),
    (rb"\xff\xfe|\xfe\xff", "is UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"),
    # Without a byte order mark it shows by its zeros, if its first characters are ASCII.
    (rb"(?:[^\0]\0){8}", "is UTF-16 text", "convert it: iconv -f UTF-16LE -t UTF-8"),
    (rb"(?:\0[^\0]){8}", "is UTF-16 text", "convert it: iconv -f UTF-16BE -t UTF-8"),
]
_XML_PROLOG = rb"(?:<\?xml[^>]*>\s*)?"
_HTML = rb"<(?i:!doctype\s+html|html)\b"
_OBJECT = rb'\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:)'
# Of objects, of strings, or of arrays of either; "[[1984]]" may be a link.
_JSON_ARRAY = rb"\[\s*(?:" + _OBJECT + rb'|\[\s*["{]|"(?:[^"\\]|\\.)*"\s*[,\]])'
_MANIFEST = rb'\{\s*"format":\s*\d+,\s*"versions":\s*\{\s*"bertprep"'
_EXTRACT = "turn it into text with an extractor such as trafilatura"
_NOT_PROSE = [
    (_XML_PROLOG + rb"<mediawiki\b", "is a MediaWiki XML dump", "run WikiExtractor on it"),
    (_XML_PROLOG + _HTML, "is an HTML page", _EXTRACT),
    (rb"WARC/\d", "is a WARC web archive", _EXTRACT),
    (rb"\{\\rtf1", "is an RTF file", "save it as plain text"),
    (
        _MANIFEST,
        "is the manifest of a bertprep run",
        "name INPUTs without what bertprep wrote (a folder of `bertprep prepare` is for `bertprep "
        "shard`)",
    ),
    (_JSON_ARRAY, "is one JSON array", "turn it into JSON lines (jq -c '.[]')"),
]
_JSON_LINE = re.compile(rb"(?m)^" + _OBJECT)
_WIKIEXTRACTOR_HEADER = re.compile(rb'<doc [a-z]+="[^\n]*>[ \t\r]*(?:\n|\Z)')


@dataclass(frozen=True)
class InputFile:
    """One file of the corpus.

    Attributes:
        path: where it is opened.
        name: its path relative to the INPUT it came from; for order and messages.
        size: bytes on disk.
        compression: found in its first bytes.
        format: found in its first bytes, or given.
        modified: when it last changed, in seconds since 1970; 0 if nobody says.
    """

    path: str
    name: str
    size: int
    compression: Compression = "none"
    format: FileFormat = "text"
    modified: float = 0.0


@dataclass(frozen=True)
class ByteRange:
    """Bytes ``start`` to ``end`` (exclusive) of a file, on disk; a gzip file has one range only."""

    file: InputFile
    start: int
    end: int


Split = tuple[ByteRange, ...]


def recognise(head: bytes, path: str, name: str, size: int, options: ReadOptions) -> InputFile:
    """Tells what a file holds from its first ``HEAD_BYTES`` bytes.

    Raises:
        InputError: for what bertprep cannot read, rather than taking it for prose.
    """
    compression: Compression = "none"
    if head.startswith(b"\x1f\x8b"):
        compression, head = "gzip", _gunzip_head(head, path, options)
    for magic, what, remedy in _UNSUPPORTED:
        if re.match(magic, head):
            raise InputError(
                f"{path} {what}; bertprep reads UTF-8 text, WikiExtractor output and JSON lines, "
                f"plain or .gz: {remedy}"
            )
    file_format = (
        _recognise_format(head, path) if options.input_format == "auto" else options.input_format
    )
    return InputFile(path, name, size, compression, file_format)


class GzipText(gzip.GzipFile):
    """A gzip file to read that gives all there is before damage, and only then raises."""

    _damage: Exception | None = None

    def read(self, size: int | None = -1) -> bytes:
        parts: list[bytes] = []
        whole = size is None or size < 0
        left = sys.maxsize if whole else cast(int, size)
        while left and not self._damage:
            try:
                part = self.read1(min(left, _GZIP_READ_BYTES))
            except GZIP_DAMAGE as error:
                self._damage = error
                break
            if not part:
                break
            parts.append(part)
            left -= len(part)
        # Who asks for everything needs the end; who asks for a part gets it the next time.
        if self._damage and (whole or not parts):
            raise self._damage
        return b"".join(parts)


def open_gzip(raw: BinaryIO) -> GzipText:
    """The decompressed bytes of an open gzip file; closing them leaves ``raw`` open."""
    return GzipText(fileobj=raw, mode="rb")


def _gunzip_head(head: bytes, path: str, options: ReadOptions) -> bytes:
    try:
        return open_gzip(io.BytesIO(head)).read(HEAD_BYTES)
    except EOFError:
        return b""
    except GZIP_DAMAGE as error:
        if options.bad_input == "drop":
            return b""
        raise InputError(
            f"{path} starts like a gzip file but is damaged ({error}); fetch it again"
        ) from None


def _recognise_format(head: bytes, path: str) -> FileFormat:
    text = head.removeprefix(BOM).lstrip()
    for opening, what, remedy in _NOT_PROSE:
        if re.match(opening, text):
            raise InputError(
                f"{path} {what}, not prose; {remedy} first, or say --input-format text to take "
                "its mark-up as text"
            )
    if _WIKIEXTRACTOR_HEADER.match(text):
        return "wikiextractor"
    # Broken JSON in the first line does not make prose of the others.
    if text.startswith(b"{") and _JSON_LINE.search(text):
        return "jsonl"
    return _recognise_lines(complete_lines(head, HEAD_BYTES), path)


def _recognise_lines(lines: list[bytes], path: str) -> FileFormat:
    if is_ptb(lines):
        return "ptb"
    rows = two_columns(lines)
    if rows and not are_sentences(rows):
        raise InputError(
            f"{path} is a table, not prose: its lines have two columns, a tab between, that do not "
            "both look like sentences; cut out the one of text (cut -f2), or say --input-format "
            "sentence-pairs or text"
        )
    return "sentence-pairs" if rows else "text"


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


def text_bytes(file: InputFile) -> int:
    """The bytes of text a file holds: its size, or a rule of thumb for a compressed one."""
    return file.size * (_GZIP_RATIO if file.compression == "gzip" else 1)


def plan_splits(files: Iterable[InputFile], options: ReadOptions) -> list[Split]:
    """Packs the files, in the order of their names, into splits of some 1 to 16 MiB on disk."""
    ordered = sorted(files, key=lambda file: file.name)
    total = sum(file.size for file in ordered)
    target = min(_MAX_SPLIT_BYTES, max(_MIN_SPLIT_BYTES, -(-total // _SPLITS_WANTED)))
    splits: list[Split] = []
    ranges: list[ByteRange] = []
    room = target
    for byte_range in (r for file in ordered for r in _ranges(file, target, options)):
        size = byte_range.end - byte_range.start
        if ranges and size > 2 * room:  # nearer to the target without it than with it
            splits.append(tuple(ranges))
            ranges, room = [], target
        ranges.append(byte_range)
        room -= size
    return [*splits, tuple(ranges)] if ranges else splits


def _ranges(file: InputFile, target: int, options: ReadOptions) -> list[ByteRange]:
    whole = file.compression == "gzip" or (file.format == "text" and options.documents == "file")
    if whole or file.size <= target:
        return [ByteRange(file, 0, file.size)] if file.size else []
    count = -(-file.size // target)
    edges = [file.size * i // count for i in range(count + 1)]
    return [ByteRange(file, a, b) for a, b in pairwise(edges)]
