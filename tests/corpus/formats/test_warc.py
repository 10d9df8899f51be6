"""Pages of an archive are documents."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Any

import pytest

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
