"""What a file is told to be from its first bytes, and what it is called."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.corpus.files import distinct_names
from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from tests.examples_count import of_a_hundred

AUTO = ReadOptions()
MIB = 1 << 20
PROSE = b"The panda eats bamboo.\n\nIt also eats fruit.\n"
BOM = b"\xef\xbb\xbf"
WIKI = b'<doc id="12" url="https://en.wikipedia.org/?curid=1" title="It">\nIt\n\nIs.\n</doc>'
JSONL = b'{"id": 1, "text": "The panda."}\n{"id": 2, "text": "It eats."}\n'


def kind(content: bytes, options: ReadOptions = AUTO, path: str = "in.dat") -> tuple[str, str]:
    file = recognise(content[:HEAD_BYTES], path, "in.dat", len(content), options)
    assert (file.path, file.name, file.size) == (path, "in.dat", len(content))
    return file.format, file.compression


def refusal(content: bytes, options: ReadOptions = AUTO) -> str:
    with pytest.raises(InputError) as caught:
        kind(content, options, "corpus/in.dat")
    message = str(caught.value)
    assert message.startswith("corpus/in.dat ")
    assert "\n" not in message
    return message


FORMATS = {
    "prose": (PROSE, "text"),
    "nothing": (b"", "text"),
    "one byte": (b"a", "text"),
    "one line break": (b"\n", "text"),
    "prose in brackets": (b"[1] The first note.\n[2] The second.\n", "text"),
    "prose in braces": (b"{\\large Title}\nText.\n", "text"),
    "numbers": (b"1\n2\n3\n", "text"),
    "a number in JSON": (b'"text"\n[]\n', "text"),
    "deep brackets": (b"[" * 60_000 + b"\n", "text"),
    "a tag that is none": (b"<doctor> said\n", "text"),
    "a tag without attributes": (b"<doc>\ntext\n</doc>\n", "text"),
    "markdown": (b"<!-- a comment -->\n# Title\n", "text"),
    "wikiextractor": (WIKI, "wikiextractor"),
    "wikiextractor, CRLF": (WIKI.replace(b"\n", b"\r\n"), "wikiextractor"),
    "wikiextractor, blank lines first": (b"\n \n" + WIKI, "wikiextractor"),
    "wikiextractor, nothing but a header": (b'<doc id="1">', "wikiextractor"),
    "wikiextractor, > in the title": (b'<doc id="1" title="a > b">\nx\n</doc>\n', "wikiextractor"),
    "a header with text after it": (b'<doc id="1"> and text\n', "text"),
    "JSON lines": (JSONL, "jsonl"),
    "JSON lines, CRLF": (JSONL.replace(b"\n", b"\r\n"), "jsonl"),
    "JSON lines, blank lines first": (b"\n\n" + JSONL, "jsonl"),
    "JSON lines, spaced": (b'{ "text" : "a" }', "jsonl"),
    "JSON lines, an empty object": (b"{}\n", "jsonl"),
    "JSON lines, an escaped key": (b'{"a \\" b": 1}\n', "jsonl"),
    "JSON lines, a first line over the head": (
        b'{"text": "' + b"x" * 2 * HEAD_BYTES + b'"}\n',
        "jsonl",
    ),
    "JSON lines, the first broken": (b"{'text': 'a'}\n" + JSONL, "jsonl"),
    "JSON lines, the first cut": (b'{"text": "a', "jsonl"),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "BOM"])
def test_format_is_found_in_the_content(name: str, mark: bytes) -> None:
    content, expected = FORMATS[name]
    assert kind(mark + content) == (expected, "none")
    # Compressed, whatever the name: the same.
    assert kind(gzip.compress(mark + content)) == (expected, "gzip")


def test_a_name_says_nothing() -> None:
    assert kind(PROSE, path="prose.jsonl.gz") == ("text", "none")
    assert kind(gzip.compress(JSONL), path="wiki_00.txt") == ("jsonl", "gzip")


def test_a_format_given_is_taken_and_compression_still_found() -> None:
    assert kind(JSONL, ReadOptions(input_format="text")) == ("text", "none")
    assert kind(gzip.compress(PROSE), ReadOptions(input_format="jsonl")) == ("jsonl", "gzip")
    html = b"<!DOCTYPE html><html>"
    assert kind(html, ReadOptions(input_format="text")) == ("text", "none")


def test_gzip_members_after_an_empty_one_count_too() -> None:
    assert kind(gzip.compress(b"") + gzip.compress(b"\n") + gzip.compress(JSONL)) == (
        "jsonl",
        "gzip",
    )


def test_the_head_of_a_large_gzip_file_is_enough() -> None:
    noise = random.Random(1).randbytes(HEAD_BYTES).hex().encode()
    compressed = gzip.compress(b'{"text": "' + noise + b'"}\n')
    assert len(compressed) > HEAD_BYTES
    assert kind(compressed) == ("jsonl", "gzip")


def zipped(name: str = "prose.txt", content: str | bytes = PROSE) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def tarred() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("prose.txt")
        member.size = len(PROSE)
        archive.addfile(member, io.BytesIO(PROSE))
    return stream.getvalue()


def parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": ["The panda."]}), stream)
    return stream.getvalue()


XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
UNSUPPORTED = {
    "docx": (zipped("[Content_Types].xml", "<Types/>"), ["document of Word", "soffice"]),
    "odt": (
        zipped("mimetype", "application/vnd.oasis.opendocument.text"),
        ["LibreOffice", "pandoc -t plain"],
    ),
    "epub": (zipped("mimetype", "application/epub+zip"), ["EPUB book", "zipfile -e", "--include"]),
    "zip": (zipped(), ["zip archive", "unzip"]),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", ["7-Zip", "unpack"]),
    "lzma": (lzma.compress(PROSE, format=lzma.FORMAT_ALONE), [".lzma", "xz -dc --format=lzma"]),
    "zlib": (zlib.compress(PROSE), ["zlib", "python3 -c"]),
    "tar": (tarred(), ["tar archive", "tar -xf"]),
    "tar.gz": (gzip.compress(tarred()), ["tar archive", "tar -xf"]),
    "gz.gz": (gzip.compress(gzip.compress(PROSE)), ["compressed twice", "gunzip"]),
    "bz2.xz": (lzma.compress(bz2.compress(PROSE)), ["compressed twice", "xz -dc", "bunzip2 -c"]),
    "Git LFS": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0f\nsize 12\n",
        ["pointer of Git LFS", "git lfs pull"],
    ),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ["PDF", "pdftotext"]),
    "UTF-16 LE, no BOM": ("The panda.".encode("utf-16-le"), ["UTF-16", "--encoding UTF-16LE"]),
    "UTF-16 BE, no BOM": ("The panda.".encode("utf-16-be"), ["UTF-16", "--encoding UTF-16BE"]),
}
NOT_PROSE = {
    "RTF": (b"{\\rtf1\\ansi The panda.}", ["RTF", "plain text"]),
    "JSON array of arrays": (b'[\n[\n"name.txt",\n12\n]\n]', ["JSON array", "jq -c"]),
    "JSON array of numbers and texts": (b'[[1, "Pandas eat."], [2, "x"]]', ["JSON array", "jq -c"]),
    "a manifest": (
        b'{\n  "format": 1,\n  "versions": {\n    "bertprep": "0.1.0"\n  }\n}\n',
        ["the manifest of a bertprep run", "without what bertprep wrote"],
    ),
}


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", ("warc", "none")),
        (gzip.compress(b"WARC/1.1\r\n", mtime=0), ("warc", "gzip")),
        (b"filedesc://a.arc 0.0.0.0 20080430204825 text/plain 76\n1 0 A\n", ("warc", "none")),
        (b"\n<!doctype HTML>\n<html><body>", ("html", "none")),
        (BOM + b"<html lang='en'>", ("html", "none")),
        (XML + b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">', ("html", "none")),
    ],
)
def test_the_web_is_recognised(content: bytes, known: tuple[str, str]) -> None:
    assert kind(content) == known


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_cannot_be_read_is_refused_with_the_way_out(name: str) -> None:
    content, parts = UNSUPPORTED[name]
    message = refusal(content)
    assert "plain or compressed" in message
    assert all(part in message for part in parts), message
    # No option can make text of it, and it is no single bad record.
    assert refusal(content, ReadOptions(input_format="text", bad_input="drop")) == message


def test_tables_compressed_as_a_whole_are_refused() -> None:
    message = refusal(gzip.compress(parquet()))
    assert "is a Parquet file compressed as a whole" in message
    assert "`gunzip -c corpus/in.dat > corpus/in.dat.parquet`" in message


@pytest.mark.parametrize("name", NOT_PROSE)
def test_markup_is_not_taken_for_prose_unless_asked_to(name: str) -> None:
    content, parts = NOT_PROSE[name]
    message = refusal(content)
    assert "--input-format text" in message
    assert all(part in message for part in parts), message
    assert kind(content, ReadOptions(input_format="text"))[0] == "text"


def test_zeros_alone_are_not_utf_16() -> None:
    assert "holds binary data" in refusal(b"\x00" * 4096)
    assert kind(b"\x00" * 10) == ("text", "none")
    assert kind(b"a\x00b text\x00\x00\x00") == ("text", "none")


def test_a_damaged_gzip_head_is_refused_or_left_to_be_counted() -> None:
    damaged = b"\x1f\x8b\x08\x00" + b"\xff" * 100
    assert "damaged" in refusal(damaged)
    assert kind(damaged, ReadOptions(bad_input="drop")) == ("text", "gzip")
    # What stands before the damage tells the format.
    content = bytearray(gzip.compress(JSONL * 2000 + random.Random(1).randbytes(5000)))
    content[-3000:-2000] = b"\xff" * 1000
    assert kind(bytes(content)) == ("jsonl", "gzip")


@pytest.mark.parametrize("length", [2, 9, 10, 15])
def test_a_gzip_file_cut_in_its_first_bytes_is_still_one(length: int) -> None:
    assert kind(gzip.compress(PROSE)[:length]) == ("text", "gzip")


# Names


def test_names_are_relative_where_that_tells_files_apart() -> None:
    assert distinct_names(["wiki_00", "wiki_01"], ["/c/wiki_00", "/c/wiki_01"]) == [
        "wiki_00",
        "wiki_01",
    ]


def test_equal_names_take_as_many_folders_as_they_need() -> None:
    relative = ["x", "x", "x", "y"]
    paths = ["/1/a/x", "/2/a/x", "/2/b/x", "/1/a/y"]
    assert distinct_names(relative, paths) == ["1/a/x", "2/a/x", "b/x", "y"]


def test_a_longer_name_that_another_file_has_already_grows_too() -> None:
    # The second's relative name is what the first, equal to the third, would get.
    relative = ["x", "a/x", "x"]
    paths = ["/1/a/x", "/2/a/x", "/2/b/x"]
    assert distinct_names(relative, paths) == ["1/a/x", "2/a/x", "b/x"]


def test_a_file_at_the_root_keeps_what_it_has() -> None:
    assert distinct_names(["x", "x"], ["/x", "/a/x"]) == ["x", "a/x"]


def test_remote_names_grow_by_their_folders() -> None:
    assert distinct_names(["x", "x"], ["gs://one/x", "gs://two/x"]) == ["one/x", "two/x"]


PATHS = st.lists(
    st.lists(st.sampled_from("abx"), min_size=1, max_size=4).map(lambda p: "/" + "/".join(p)),
    min_size=1,
    max_size=6,
    unique=True,
)


@settings(max_examples=of_a_hundred(300))
@given(PATHS, st.data())
def test_names_differ_and_do_not_depend_on_the_order_of_the_inputs(
    paths: list[str], data: st.DataObject
) -> None:
    relative = []
    for path in paths:
        parts = path.strip("/").split("/")
        kept = data.draw(st.integers(1, len(parts)))
        relative.append("/".join(parts[-kept:]))
    names = dict(zip(paths, distinct_names(relative, paths), strict=True))
    assert len(set(names.values())) == len(paths)
    assert all(path.endswith("/" + name) for path, name in names.items())
    order = data.draw(st.permutations(range(len(paths))))
    again = distinct_names([relative[i] for i in order], [paths[i] for i in order])
    assert again == [names[paths[i]] for i in order]


# Splits


def test_json_of_any_object_is_recognised() -> None:
    rows = [{"text": "a"}, {}, {"a\nb": [1]}, {"“": {"text": "x"}}, {"\\": '"'}]
    for row in rows:
        for ascii_only in (True, False):
            line = json.dumps(row, ensure_ascii=ascii_only).encode()
            assert kind(line + b"\n") == ("jsonl", "none")
