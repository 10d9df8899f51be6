"""Tells what a file is from its content, never from its name.

It is of a format that its beginning shows, or it is prose all through as far as it is looked at;
else it is refused, with the way out.
"""

from __future__ import annotations

import io
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NoReturn

from bertprep.corpus.compression import Compression, compression_of, decompressed
from bertprep.corpus.encodings import as_utf8, encoding_of
from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.registry import FORMATS, LINE_FORMATS, ROW_FORMATS
from bertprep.corpus.not_prose import not_prose
from bertprep.corpus.sample import HEAD_BYTES, MIDDLE_BYTES, MIDDLES, Sample
from bertprep.corpus.seekable import DamagedError
from bertprep.corpus.shapes.finding import Finding
from bertprep.corpus.shapes.plain import is_plain
from bertprep.corpus.signatures import binary, json_array, json_columns, markup
from bertprep.errors import InputError
from bertprep.options import FileFormat, ReadOptions

_DECOMPRESSED_HEAD_BYTES = 1 << 19
# They are entered anywhere, and so read only from files as they are.
_TABLES: tuple[FileFormat, ...] = ("parquet", "arrow")


class RefusedError(InputError):
    """A file that is not to be read as it is.

    Attributes:
        path: of the file.
        finding: why.
        is_text: whether it can be read as text all the same.
    """

    def __init__(self, path: str, finding: Finding, message: str, is_text: bool) -> None:
        super().__init__(message)
        self.path = path
        self.finding = finding
        self.is_text = is_text

    def __reduce__(self) -> tuple[type[RefusedError], tuple[str, Finding, str, bool]]:
        return type(self), (self.path, self.finding, str(self), self.is_text)


def recognise(
    head: bytes,
    path: str,
    name: str,
    size: int,
    options: ReadOptions,
    middles: Sequence[bytes] = (),
) -> InputFile:
    """Tells what a file holds from its first ``HEAD_BYTES`` bytes and some from its middle.

    Args:
        head: of a compressed file, rather its first ``COMPRESSED_HEAD_BYTES``.
        path: of the file, for messages.
        name: of the file, as ``InputFile`` has it.
        size: of the file on disk, in bytes.
        options: what the user says it is, if anything.
        middles: stretches of a file of over ``HEAD_BYTES``, as ``middle_offsets`` has them.

    Raises:
        RefusedError: for what bertprep cannot read, rather than taking it for prose.
    """
    compression = compression_of(head)
    is_whole = len(head) >= size or len(head) < HEAD_BYTES
    if compression != "none":
        text = _decompressed_head(head, compression, path, options)
        is_whole = is_whole and len(text) <= HEAD_BYTES
        head, middles = text[:HEAD_BYTES], _middles_of(text)
    sample = Sample(path, head, is_whole, tuple(middles), compression, options.text_field)
    if table := _table_format(sample, options):
        if options.input_format in LINE_FORMATS:
            return InputFile(path, name, size, compression, options.input_format, rows=table)
        return InputFile(path, name, size, compression, table)
    encoding = encoding_of(head, options.encoding)
    if encoding:
        decoded = tuple(as_utf8(middle, encoding) for middle in middles)
        sample = replace(sample, head=as_utf8(head, encoding, not is_whole), middles=decoded)
    if found := binary(sample):
        _refuse_binary(sample, found)
    rows: FileFormat | Literal[""] = ""
    if options.input_format != "auto":
        known, warning, rows = options.input_format, "", _rows_of_lines(sample, options)
    else:
        known, warning = _recognise_format(sample, options)
    return InputFile(
        path, name, size, compression, known, warning=warning, encoding=encoding, rows=rows
    )


def middle_offsets(size: int) -> list[int]:
    """Where to read ``MIDDLE_BYTES`` of a file of so many bytes."""
    if size <= HEAD_BYTES + MIDDLE_BYTES:
        return []
    last = size - MIDDLE_BYTES
    # By fours, as the characters of UTF-16 and UTF-32 begin.
    return [HEAD_BYTES + (last - HEAD_BYTES) * (i + 1) // MIDDLES // 4 * 4 for i in range(MIDDLES)]


def _middles_of(text: bytes) -> list[bytes]:
    return [text[at : at + MIDDLE_BYTES] for at in middle_offsets(len(text))]


def _decompressed_head(head: bytes, kind: Compression, path: str, options: ReadOptions) -> bytes:
    stream = decompressed(io.BytesIO(head), kind)
    try:
        return stream.read(_DECOMPRESSED_HEAD_BYTES)
    except DamagedError as error:
        if options.bad_input == "drop" or not error.reason:
            return b""
        raise InputError(f"{path} {error.describe(kind)}") from None


def _table_format(sample: Sample, options: ReadOptions) -> FileFormat | None:
    """Parquet or Arrow, which no option makes anything else of."""
    asked, path = options.input_format, sample.path
    for name in _TABLES:
        shown = FORMATS[name].shown
        if not FORMATS[name].recognises(sample):
            if asked == name:
                raise InputError(f"{path} is no {shown} file; leave --input-format {name} out")
            continue
        if sample.compression != "none":
            undo = f"`{sample.decompress} {shlex.quote(path)} > {shlex.quote(path)}.{name}`"
            raise InputError(f"{path} is a {shown} file compressed as a whole; undo that: {undo}")
        if asked not in ("auto", name, *LINE_FORMATS):
            raise InputError(f"{path} is a {shown} file; leave --input-format {asked} out")
        return name
    return None


def _rows_of_lines(sample: Sample, options: ReadOptions) -> FileFormat | Literal[""]:
    """The format of the rows that hold the lines asked for; ``text`` takes any file as it is."""
    if options.input_format not in LINE_FORMATS or options.input_format == "text":
        return ""
    found = next(name for name, known in FORMATS.items() if known.recognises(sample))
    return found if found in ROW_FORMATS else ""


def _recognise_format(sample: Sample, options: ReadOptions) -> tuple[FileFormat, str]:
    """The format, and a warning or nothing."""
    if sample.is_whole and is_plain(sample.text):
        return "text", ""
    if found := markup(sample):
        _refuse(sample, found)
    name = next(name for name, known in FORMATS.items() if known.recognises(sample))
    if name == "bookcorpus" and (
        options.document_separator or options.documents in ("line", "file")
    ):
        name = "text"  # of which it is said what a document is
    if name == "jsonl" and (found := json_columns(sample)):
        return name, f"{sample.path} {found.what}; {found.way_out(sample.path, sample.decompress)}"
    if name != "text":
        return name, ""
    found = json_array(sample) or not_prose(sample)
    if found and found.kind == "marks between documents" and options.document_separator:
        found = None
    if found is None:
        return name, ""
    if not found.is_warning:
        _refuse(sample, found)
    return name, f"{sample.path} {found.what}; {found.way_out(sample.path, sample.decompress)}"


def _refuse(sample: Sample, found: Finding) -> NoReturn:
    way_out = found.way_out(sample.path, sample.decompress)
    raise RefusedError(
        sample.path,
        found,
        f"{sample.path} {found.what}; {way_out}{'; or' if way_out else ''} say --input-format "
        "text to take it as it is",
        is_text=True,
    )


def _refuse_binary(sample: Sample, found: Finding) -> NoReturn:
    way_out = found.way_out(sample.path, sample.decompress) or "leave it out by --exclude"
    raise RefusedError(
        sample.path,
        found,
        f"{sample.path} {found.what}; bertprep reads text, WikiExtractor output, JSON, Parquet, "
        f"Arrow and their like, plain or compressed (.gz, .bz2, .xz, .zst, .lz4): {way_out}",
        is_text=False,
    )
