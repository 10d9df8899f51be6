"""Pages and archives of the web."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bertprep.common.drops import Drops
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs

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
