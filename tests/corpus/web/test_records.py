"""Web archives and pages: what is a document of them, and how its text is taken out."""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import ByteRange
from bertprep.corpus.formats import registry
from bertprep.corpus.read import texts_of
from bertprep.corpus.sizes import ReadSizes
from bertprep.corpus.splits import plan_splits
from bertprep.corpus.web.responses import content_of_response
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs, read_unchanged

PAGE = """<!doctype html><html><head><title>Pandas</title><script>var x = 1;</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/more">More</a></li></ul></nav>
<main><article><h1>The panda</h1>
<p>The panda is a bear &amp; eats <b>bamboo</b>.
It sleeps in a tree.</p>
<p>Its name is {name}.</p></article></main>
<footer>Imprint, privacy, cookies</footer></body></html>"""
TEXT = "The panda is a bear & eats bamboo. It sleeps in a tree."


def page(name: str = "Pan") -> bytes:
    return PAGE.format(name=name).encode()


def record(kind: str, content: bytes, media: str, url: str = "http://a.org/1") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def response(content: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",))]
    return "\r\n".join([*lines, "", ""]).encode() + content


HTTP = "application/http; msgtype=response"
INFO = record("warcinfo", b"software: made up\r\n", "application/warc-fields")


def read(path: Path, **options: Any) -> tuple[list[str], Drops]:
    read_options, drops, texts = ReadOptions(**options), Drops(), []
    for split in plan_splits(find_inputs([str(path)], read_options).files, read_options):
        for batch in read_unchanged(split, read_options, drops):
            bounds = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
            texts += [batch.text[start:end].decode() for start, end in bounds]
    return texts, drops


def written(tmp_path: Path, content: bytes) -> Path:
    (tmp_path / "corpus").write_bytes(content)
    return tmp_path / "corpus"


@pytest.mark.parametrize("member", [bytes, gzip.compress])
def test_pages_of_a_warc_are_documents(tmp_path: Path, member: Any) -> None:
    """As crawlers write them: each record of a .gz is a member of its own."""
    records = [
        INFO,
        record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record("response", response(page("A")), HTTP),
        record("response", response(page("B"), status="404 Not Found"), HTTP),
        record("response", response(b"\x89PNG", "Content-Type: image/png"), HTTP),
        record("response", response(b"<html></html>"), HTTP),
        record("resource", page("WARC/1.0\r\n"), "text/html"),
    ]
    texts, drops = read(written(tmp_path, b"".join(map(member, records))))
    assert [text.split("\n")[0] for text in texts] == ["The panda", "The panda"]
    assert TEXT in texts[0]
    assert texts[0].endswith("Its name is A.")
    assert not any("Imprint" in text or "Home" in text or "var x" in text for text in texts)
    assert drops.counts == {"web_other_record": 4, "no_main_text": 1}
    assert drops.samples["no_main_text"][0].text == "http://a.org/1"


def test_wet_needs_no_extractor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resiliparse", None)
    records = [
        INFO,
        record("conversion", "One, ü.\nTwo.\n".encode(), "text/plain"),
        record("conversion", b"Three.", "text/plain"),
    ]
    texts, drops = read(written(tmp_path, b"".join(records)))
    assert texts == ["One, ü.\nTwo.", "Three."]
    assert drops.counts == {"web_other_record": 1}


def test_an_arc_is_read(tmp_path: Path) -> None:
    version = b"1 0 Made up\nURL IP-address Archive-date Content-type Archive-length\n"
    found = response(page())
    content = (
        f"filedesc://a.arc 0.0.0.0 20080430204825 text/plain {len(version)}\n".encode()
        + version
        + f"\nhttp://a.org/ 1.2.3.4 20080430204826 text/html {len(found)}\n".encode()
        + found
        + b"\n"
    )
    texts, drops = read(written(tmp_path, content))
    assert [TEXT in text for text in texts] == [True]
    assert drops.counts == {"web_other_record": 1}


@pytest.mark.parametrize(
    "content",
    [
        page("Zoë"),
        PAGE.format(name="Zoë").replace("<head>", '<head><meta charset="latin1">').encode("cp1252"),
        PAGE.format(name="Zoë").encode("utf-16"),
    ],
    ids=["UTF-8", "a charset of its own", "UTF-16"],
)  # fmt: skip
def test_a_page_alone(tmp_path: Path, content: bytes) -> None:
    texts, drops = read(written(tmp_path, content))
    assert [TEXT in text and text.endswith("Its name is Zoë.") for text in texts] == [True]
    assert not drops.counts


@pytest.mark.parametrize("name", ["a page", "a WARC"])
def test_what_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("bertprep.corpus.web.pages.find_spec", lambda name: None)
    content = page() if name == "a page" else INFO + record("response", response(page()), HTTP)
    with pytest.raises(InputError, match=r"pip install 'bertprep\[web\]'"):
        read(written(tmp_path, content))


def test_a_cut_archive_is_told(tmp_path: Path) -> None:
    content = INFO + record("conversion", b"Whole.", "text/plain")
    cut = written(tmp_path, content + record("conversion", b"Not whole.", "text/plain")[:-8])
    with pytest.raises(InputError, match="is truncated: it is no sound warc file"):
        read(cut)
    texts, drops = read(cut, bad_input="drop")
    assert texts == ["Whole."]
    assert drops.counts["damaged_file"] == 1


def chunked(data: bytes) -> bytes:
    parts = [data[start : start + 9] for start in range(0, len(data), 9)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


BODY = b"<p>Some text that is long enough.</p>"


@pytest.mark.parametrize(
    "sent",
    [
        response(BODY),
        response(chunked(BODY), "Content-Type: text/html", "Transfer-Encoding: chunked"),
        response(BODY, "Content-Type: text/html", "Transfer-Encoding: chunked"),
        response(gzip.compress(BODY), "Content-Type: text/html", "Content-Encoding: gzip"),
        response(BODY, "Content-Type: text/html", "Content-Encoding: gzip"),
        response(BODY, "Content-Type: text/html", "Content-Encoding: br"),
    ],
    ids=["plain", "chunked", "unchunked by the crawler", "gzip", "gunzipped", "unpacked"],
)
def test_responses_are_undone(sent: bytes) -> None:
    content = content_of_response(sent)
    assert content
    assert (content.kind, content.data) == ("text/html", BODY)


@pytest.mark.parametrize("sent", [b"", b"no HTTP at all", response(b"x", status="500 Oh no")])
def test_what_is_no_good_response(sent: bytes) -> None:
    assert content_of_response(sent) is None


def test_formats_of_the_web_are_registered() -> None:
    assert {"warc", "html"} <= set(registry.FORMATS)


def in_ranges(path: Path, size: int) -> tuple[list[str], Counter[str]]:
    """The documents and drops of a file read in ranges of so many bytes, in order."""
    options, drops = ReadOptions(), Drops()
    (file,) = find_inputs([str(path)], options).files
    texts = []
    for start in range(0, file.size, size):
        split = (ByteRange(file, start, min(file.size, start + size)),)
        for batch in read_unchanged(split, options, drops):
            texts += [text.decode() for text in texts_of(batch)]
    return texts, drops.counts


@pytest.mark.parametrize("size", [7, 150, 1000])
@pytest.mark.parametrize("is_parted", [True, False])
def test_an_archive_is_read_in_parts(tmp_path: Path, is_parted: bool, size: int) -> None:
    """With a member for each record, and with one for all."""
    inner = b"".join(record("conversion", b"Inner %d." % n, "text/plain") for n in range(12))
    records = [INFO]
    for number in range(6):
        records.append(record("request", b"WARC/1.0\r\nWARC-Type: response\r\n", "text/plain"))
        records.append(record("conversion", f"Page {number}.".encode(), "text/plain"))
    records.append(record("resource", b"\r\n\r\n" + inner, "application/warc"))
    records.append(record("conversion", b"The last.", "text/plain"))
    one = gzip.compress(b"".join(records))
    path = written(tmp_path, b"".join(map(gzip.compress, records)) if is_parted else one)
    expected = [*(f"Page {number}." for number in range(6)), "The last."]
    assert in_ranges(path, size) == (expected, {"web_other_record": 8})
    whole, drops = read(path)
    assert (whole, drops.counts) == (expected, {"web_other_record": 8})


def test_an_arc_is_read_in_parts(tmp_path: Path) -> None:
    content = gzip.compress(b"filedesc://a.arc 0.0.0.0 20080430204825 text/plain 4\n1 0\n\n")
    for number in range(9):
        found = response(f"Page {number}.".encode(), "Content-Type: text/plain")
        head = f"http://a.org/{number} 1.2.3.4 20080430204826 text/plain {len(found)}\n"
        content += gzip.compress(head.encode() + found + b"\n")
    expected = [f"Page {number}." for number in range(9)]
    for size in (9, 64, 500):
        assert in_ranges(written(tmp_path, content), size)[0] == expected


def test_only_what_is_compressed_record_by_record_is_cut(tmp_path: Path) -> None:
    """As it is, an archive may hold another: nothing tells whose records are met."""
    content = INFO + record("conversion", b"A page." * 50, "text/plain") * 9
    small = ReadSizes(least_split=500, most_split=500)
    for data, is_cut in ((content, False), (gzip.compress(content, 0), True)):
        found = find_inputs([str(written(tmp_path, data))], ReadOptions()).files
        assert (len(plan_splits(found, ReadOptions(), small)) > 1) is is_cut
