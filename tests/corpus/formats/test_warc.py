"""Pages of an archive are documents."""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import texts_of
from bertprep.corpus.files import ByteRange
from bertprep.corpus.sizes import ReadSizes
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs
from tests.corpus.web.archives import HTTP, INFO, TEXT, page, read, record, response, written


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
@pytest.mark.parametrize("kind", ["plain", "parted", "in one"])
def test_an_archive_is_read_in_parts(tmp_path: Path, kind: str, size: int) -> None:
    """As it is, with a member of gzip for each record, and with one for all."""
    inner = b"".join(record("conversion", b"Inner %d." % n, "text/plain") for n in range(12))
    records = [INFO]
    for number in range(6):
        records.append(record("request", b"WARC/1.0\r\nWARC-Type: response\r\n", "text/plain"))
        records.append(record("conversion", f"Page {number}.".encode(), "text/plain"))
    records.append(record("resource", b"\r\n\r\n" + inner, "application/warc"))
    records.append(record("conversion", b"The last.", "text/plain"))
    stored = {
        "plain": b"".join(records),
        "parted": b"".join(map(gzip.compress, records)),
        "in one": gzip.compress(b"".join(records)),
    }
    path = written(tmp_path, stored[kind])
    expected = [*(f"Page {number}." for number in range(6)), "The last."]
    assert in_ranges(path, size) == (expected, {"web_other_record": 8})
    whole, drops = read(path)
    assert (whole, drops.counts) == (expected, {"web_other_record": 8})


@pytest.mark.parametrize("member", [bytes, gzip.compress])
def test_an_arc_is_read_in_parts(tmp_path: Path, member: Any) -> None:
    content = member(b"filedesc://a.arc 0.0.0.0 20080430204825 text/plain 4\n1 0\n\n")
    for number in range(9):
        found = response(f"Page {number}.".encode(), "Content-Type: text/plain")
        head = f"http://a.org/{number} 1.2.3.4 20080430204826 text/plain {len(found)}\n"
        content += member(head.encode() + found + b"\n")
    expected = [f"Page {number}." for number in range(9)]
    for size in (9, 64, 500):
        assert in_ranges(written(tmp_path, content), size)[0] == expected


@pytest.mark.parametrize("member", [bytes, lambda data: gzip.compress(data, 0)])
def test_an_archive_is_cut(tmp_path: Path, member: Any) -> None:
    content = INFO + record("conversion", b"A page." * 50, "text/plain") * 9
    small = ReadSizes(least_split=500, most_split=500)
    found = find_inputs([str(written(tmp_path, member(content)))], ReadOptions()).files
    assert len(plan_splits(found, ReadOptions(), small)) > 1
