"""Tells what a file is from its first bytes, never from its name."""

from __future__ import annotations

import io
import re

from bertprep.corpus.compression import GZIP_DAMAGE, GZIP_MAGIC, Compression, open_gzip
from bertprep.corpus.files import FileFormat, InputFile
from bertprep.corpus.formats.format import Sample
from bertprep.corpus.formats.jsonl import OBJECT
from bertprep.corpus.formats.registry import FORMATS
from bertprep.errors import InputError
from bertprep.options import ReadOptions

HEAD_BYTES = 1 << 16

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
# Of objects, of strings, or of arrays of either; "[[1984]]" may be a link.
_JSON_ARRAY = rb"\[\s*(?:" + OBJECT + rb'|\[\s*["{]|"(?:[^"\\]|\\.)*"\s*[,\]])'
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


def recognise(head: bytes, path: str, name: str, size: int, options: ReadOptions) -> InputFile:
    """Tells what a file holds from its first ``HEAD_BYTES`` bytes.

    Raises:
        InputError: for what bertprep cannot read, rather than taking it for prose.
    """
    compression: Compression = "none"
    if head.startswith(GZIP_MAGIC):
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
    sample = Sample(path, head, is_whole=len(head) < HEAD_BYTES)
    for opening, what, remedy in _NOT_PROSE:
        if re.match(opening, sample.text):
            raise InputError(
                f"{path} {what}, not prose; {remedy} first, or say --input-format text to take "
                "its mark-up as text"
            )
    return next(name for name, known in FORMATS.items() if known.recognises(sample))
