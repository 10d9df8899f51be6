"""How fast each format is read, beside plain text: the same documents in each, one process.

    python benchmarks/readers.py corpus.txt

Figures are MB of text (not of the file) a CPU second, the best of three, from opened file to
batches of documents.  HTML and WARC need bertprep[web].
"""

from __future__ import annotations

import argparse
import bz2
import csv
import gzip
import json
import lzma
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bertprep.common.drops import Drops
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs

Texts = list[str]


def _csv(path: Path, texts: Texts) -> None:
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([["id", "text"], *enumerate(texts)])


def _arrow(path: Path, texts: Texts) -> None:
    table = pa.table({"text": texts})
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table, 500)


def _text(texts: Texts) -> bytes:
    return "\n\n".join(texts).encode()


def _json_lines(texts: Texts) -> bytes:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts).encode()


def _wiki(texts: Texts) -> bytes:
    pages = (
        f"<page><title>{n}</title><ns>0</ns><text>{escape(text)}</text></page>\n"
        for n, text in enumerate(texts)
    )
    return ("<mediawiki>\n" + "".join(pages) + "</mediawiki>").encode()


def _records(texts: Texts, kind: str, media: str, wrap: Callable[[str], str]) -> bytes:
    parts = []
    for text in texts:
        body = wrap(text).encode()
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: {media}\r\n"
        parts.append(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n")
    return b"".join(parts)


def _page(text: str) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n"))
    return f"<!doctype html><html><body><main><article>{paragraphs}</article></main></body></html>"


FORMATS: dict[str, Callable[[Path, Texts], object]] = {
    "text": lambda path, texts: path.write_bytes(_text(texts)),
    "text.gz": lambda path, texts: path.write_bytes(gzip.compress(_text(texts), 6)),
    "text.bz2": lambda path, texts: path.write_bytes(bz2.compress(_text(texts))),
    "text.xz": lambda path, texts: path.write_bytes(lzma.compress(_text(texts), preset=2)),
    "text.zst": lambda path, texts: path.write_bytes(
        pa.Codec("zstd").compress(_text(texts), asbytes=True)
    ),
    "jsonl": lambda path, texts: path.write_bytes(_json_lines(texts)),
    "csv": _csv,
    "parquet": lambda path, texts: pq.write_table(
        pa.table({"text": texts}), path, row_group_size=500
    ),
    "arrow": _arrow,
    "mediawiki": lambda path, texts: path.write_bytes(_wiki(texts)),
    "warc (WET)": lambda path, texts: path.write_bytes(
        _records(texts, "conversion", "text/plain", str)
    ),
    "warc (HTML)": lambda path, texts: path.write_bytes(
        _records(texts, "resource", "text/html", _page)
    ),
}


def seconds(path: Path, runs: int) -> float:
    """The fastest of some readings of a file."""
    options, best = ReadOptions(), float("inf")
    splits = plan_splits(find_inputs([str(path)], options).files, options)
    for _ in range(runs):
        began = time.process_time()
        for split in splits:
            for _batch in read_unchanged(split, options, Drops()):
                pass
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="plain text, blank lines between documents")
    parser.add_argument("--megabytes", type=float, default=4)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with args.source.open(encoding="utf-8") as stream:
        whole = stream.read(int(args.megabytes * 1e6))
    texts = [text for text in whole.split("\n\n") if text.strip()]
    size = len(_text(texts)) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        base = 0.0
        for name, write_as in FORMATS.items():
            path = Path(folder) / "corpus"
            write_as(path, texts)
            rate = size / seconds(path, args.runs)
            base = base or rate
            print(f"{name:<12} {rate:8.1f} MB/s {rate / base:6.2f} of text", flush=True)


if __name__ == "__main__":
    main()
