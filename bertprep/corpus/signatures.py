"""Kinds of files that begin in a way of their own, and what to do with each."""

from __future__ import annotations

import json
import re
import struct

import google_crc32c
import pyarrow as pa

from bertprep.corpus.compression import compression_of, decompress_command
from bertprep.corpus.formats.html import PROLOG
from bertprep.corpus.formats.jsonl import OBJECT
from bertprep.corpus.sample import Sample
from bertprep.corpus.shapes.finding import Finding
from bertprep.corpus.shapes.markup import xml

_TOKENS = "bertprep makes token ids itself: give it the text they were made of"
# Patterns of a file's first bytes, what it is then, and the way out.
_BINARY = [
    (
        rb"\x5d\0\0..(?:\xff{8}|.{5}\0\0\0)",
        "is compressed in the old format of .lzma",
        "undo that",
        "xz -dc --format=lzma",
        ".txt",
    ),
    (
        rb"\x78[\x01\x9c\xda]",
        "is compressed with zlib alone",
        "undo that",
        'python3 -c "import sys,zlib; '
        'sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))"',
        ".txt",
    ),
    (
        rb"\x02\x21\x4c\x18",
        "is compressed in the old format of lz4",
        "undo that",
        "lz4 -dc",
        ".txt",
    ),
    (rb"LZIP\x01", "is compressed with lzip", "undo that", "lzip -dc", ".txt"),
    (rb"\xff\x06\0\0sNaPpY", "is compressed with snappy", "use .zst or .gz", "", ""),
    (rb"\x1f[\x9d\xa0]", "is compressed with compress", "uncompress it, or use .gz", "", ""),
    (
        rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip",
        "is an EPUB book",
        "unzip it first (python3 -m zipfile -e FILE FOLDER): its chapters are HTML, "
        "which is read; choose them by "
        "--include '*.*html'",
        "",
        "",
    ),
    (
        rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|mimetypeapplication/vnd\.oasis)",
        "is a document of Word, LibreOffice or another office program",
        "save it as plain text (soffice --convert-to txt:Text, or pandoc -t plain)",
        "",
        "",
    ),
    (
        rb"PK\x03\x04",
        "is a zip archive",
        "unzip it first: python3 -m zipfile -e FILE FOLDER",
        "",
        "",
    ),
    (rb"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive", "unpack it first", "", ""),
    (rb"Rar!\x1a\x07", "is a RAR archive", "unpack it first", "", ""),
    (rb".{257}ustar", "is a tar archive", "unpack it first: tar -xf", "", ""),
    (rb"FEA1", "is a Feather file of version 1", "write it as version 2, or Parquet", "", ""),
    (rb"ORC", "is an ORC file", "export its text column as JSON lines", "", "orc"),
    (rb"Obj\x01", "is an Avro file", "export its text as JSON lines", "", ""),
    (
        rb"SQLite format 3\0",
        "is an SQLite database",
        'export its text as JSON lines: python3 -c "import json,sqlite3; [print(json.dumps('
        "{'text': r[0]})) for r in sqlite3.connect('FILE').execute('select COLUMN from TABLE')]\" "
        "> FILE.jsonl",
        "",
        "",
    ),
    (rb"\x93NUMPY", "is a NumPy array", _TOKENS, "", ""),
    (rb"\x80[\x02-\x05]\.?", "is a Python pickle", "write its texts as JSON lines", "", "pickle"),
    (rb"\x89HDF\r\n", "is an HDF5 file", "export its text as JSON lines", "", ""),
    (rb".{4,7}\0\{\"", "is a file of tensors (safetensors)", _TOKENS, "", ""),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF|II\*\0|MM\0\*", "is an image or a sound", "", "", ""),
    (rb"\x7fELF|MZ\x90\0|\xca\xfe\xba\xbe", "is a program", "", "", ""),
    (rb"\xd0\xcf\x11\xe0", "is an Office document", "save it as plain text", "", ""),
    (
        rb"version https://git-lfs\.github\.com/spec/",
        "is a pointer of Git LFS, not the file that it stands for",
        "fetch that: git lfs pull",
        "",
        "",
    ),
    (rb"%PDF-", "is a PDF file", "extract its text: pdftotext", "", ""),
    (rb"%!PS", "is a PostScript file", "extract its text: ps2ascii", "", ""),
]
_BROTLI = Finding(
    "is compressed with brotli",
    "is compressed with brotli",
    "undo that",
    'python3 -c "import sys,pyarrow as pa; sys.stdout.buffer.write('
    "pa.CompressedInputStream(sys.stdin.buffer, 'brotli').read())\"",
)
_BROTLI_BYTES, _CUT_CHARACTER = 1024, 3
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")
# Without a byte order mark they show by their zeros, if their first characters are ASCII.
_ENCODINGS = [
    (rb"(?:[^\0]\0\0\0){4}", "UTF-32", "UTF-32LE"),
    (rb"(?:\0\0\0[^\0]){4}", "UTF-32", "UTF-32BE"),
    (rb"(?:[^\0]\0){8}", "UTF-16", "UTF-16LE"),
    (rb"(?:\0[^\0]){8}", "UTF-16", "UTF-16BE"),
]
_SCALARS = rb"(?:(?:-?\d[\d.eE+-]*|null|true|false)\s*,\s*)*"
# Of objects, of strings, or of arrays of either; "[[1984]]" may be a link.
_JSON_ARRAY = rb"\[\s*(?:" + OBJECT + rb"|\[\s*" + _SCALARS + rb'["{]|"(?:[^"\\]|\\.)*"\s*[,\]])'
_MANIFEST = rb'\{\s*"format":\s*\d+,\s*"versions":\s*\{\s*"bertprep"'
_ARRAY = Finding(
    "JSON array", "is one JSON array, not prose", "turn it into JSON lines (jq -c '.[]')",
    "jq -c '.[]'", ".jsonl",
)  # fmt: skip
_ARRAYS = Finding(
    "JSON arrays",
    "holds a JSON array a line, not prose",
    "make a document of each",
    "jq -c '{text: join(\"\\n\")}'",
    ".jsonl",
)
_COLUMNS = re.compile(rb'\{\s*"((?:[^"\\]|\\.){1,60})"\s*:\s*\[\s*"')
_MANY_STRINGS = 20
_MARKUP = [
    (rb"\{\\rtf1", "is an RTF file, not prose", "save it as plain text"),
    (
        _MANIFEST,
        "is the manifest of a bertprep run, not prose",
        "name INPUTs without what bertprep wrote (a folder of `bertprep prepare` is for `bertprep "
        "shard`)",
    ),
]


# Most files are none of them, and there may be many files.
_FIRST_BYTES = [*(row[0] for row in _BINARY), *(row[0] for row in _ENCODINGS)]
_ANY_BINARY = re.compile(b"(?:" + b")|(?:".join(_FIRST_BYTES) + b")", re.DOTALL)
_ANY_MARKUP = re.compile(b"[<{]")


def binary(sample: Sample) -> Finding | None:
    """The finding for a file that no option can make text of."""
    if twice := _compressed_twice(sample):
        return twice
    if _is_tfrecord(sample.head):
        return Finding("TFRecord", "is a TFRecord file", _TOKENS)
    if not _ANY_BINARY.match(sample.head):
        return _BROTLI if _is_brotli(sample.head) else None
    for pattern, what, advice, command, made in _BINARY:
        if re.match(pattern, sample.head, re.DOTALL):
            if what == "is a Python pickle" and not _is_pickle(sample.head):
                continue
            return Finding(what, what, advice, command, made)
    for pattern, name, encoding in _ENCODINGS:
        if re.match(pattern, sample.head, re.DOTALL):
            what = f"is {name} text without a byte order mark"
            return Finding(name, what, f"say --encoding {encoding}")
    return None


def _compressed_twice(sample: Sample) -> Finding | None:
    kind = compression_of(sample.head)
    if kind == "none" or sample.compression == "none":
        return None
    command = decompress_command(kind)
    return Finding(
        "compressed twice", "is compressed twice", "undo one of the two", command, ".txt"
    )


def _is_brotli(head: bytes) -> bool:
    """Whether it gives text if it is taken for brotli's, which has no mark to begin with."""
    if not _CONTROL.search(head[:_BROTLI_BYTES]):
        return False
    stream = pa.CompressedInputStream(pa.BufferReader(head), "brotli")
    try:
        text = stream.read(_BROTLI_BYTES)
        text[:-_CUT_CHARACTER].decode("utf-8")
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        return False
    return len(text) == _BROTLI_BYTES and not _CONTROL.search(text)


def _is_tfrecord(head: bytes) -> bool:
    """Whether a length and its masked CRC-32C come first."""
    if len(head) < 12:
        return False
    length, masked = head[:8], struct.unpack("<I", head[8:12])[0]
    crc = google_crc32c.value(length)
    return bool(masked == (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def _is_pickle(head: bytes) -> bool:
    return head[1] < 4 or head[2:3] == b"\x95"


def markup(sample: Sample) -> Finding | None:
    """The finding for a file that only ``--input-format text`` takes for text."""
    if not _ANY_MARKUP.match(sample.text):
        return None
    for pattern, what, advice in _MARKUP:
        if re.match(pattern, sample.text, re.DOTALL):
            return Finding(what, what, advice)
    if re.match(PROLOG + rb"<(?:mediawiki|(?i:!doctype\s+html|html))\b", sample.text, re.DOTALL):
        return None  # which are read
    if re.match(rb"<\?xml\b|<!DOCTYPE\s|<TEI\b|<PubmedArticle", sample.text):
        return xml(sample.text)
    return None


def json_array(sample: Sample) -> Finding | None:
    """One JSON array over the whole file, or one a line."""
    if not sample.text.startswith(b"["):
        return None
    lines = sample.first.filled
    if len(lines) > 1 and all(map(_is_array, lines)):
        return _ARRAYS
    return _ARRAY if re.match(_JSON_ARRAY, sample.text) else None


def json_columns(sample: Sample) -> Finding | None:
    """One JSON object with a long list of texts, each of which may be a document."""
    found = _COLUMNS.match(sample.text)
    if not found or len(sample.first.filled) > 1:
        return None
    if len(re.findall(rb'[^\\]"\s*,\s*"', sample.text)) < _MANY_STRINGS:
        return None
    name = found[1].decode("utf-8", "replace")
    return Finding(
        "a list of texts",
        f'is one JSON object, whose "{name}" is a long list of strings: one document of so many '
        "paragraphs",
        "if each is a document, put one on a line",
        f"jq -c '.{json.dumps(name, ensure_ascii=False)}[]'",
        ".jsonl",
        is_warning=True,
    )


def _is_array(line: bytes) -> bool:
    """Whether a line is a JSON array with a string in it."""
    if not (line.startswith(b"[") and line.endswith(b"]") and b'"' in line):
        return False
    try:
        return isinstance(json.loads(line), list)
    except (ValueError, RecursionError):
        return False
