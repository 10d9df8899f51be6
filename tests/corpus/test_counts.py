"""As many documents as others count: each format read by independent code beside ours."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import mailbox
import random
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs

DRAW = random.Random(5)
WORDS = "the panda eats bamboo near a river and sleeps in tall trees when it rains".split()  # noqa: SIM905


def sentence() -> str:
    return " ".join(DRAW.choices(WORDS, k=DRAW.randrange(6, 30))).capitalize() + "."


TEXTS = [
    "\n".join(" ".join(sentence() for _ in range(DRAW.randrange(1, 6))) for _ in range(3))
    for _ in range(257)
]


def ours(path: Path, **options: Any) -> int:
    """Documents that we read."""
    read = ReadOptions(**options)
    return sum(
        len(batch.starts)
        for split in plan_splits(find_inputs([str(path)], read).files, read)
        for batch in read_unchanged(split, read, Drops())
    )


def json_lines(texts: Iterable[str]) -> bytes:
    return "".join(json.dumps({"text": text, "n": 1}) + "\n" for text in texts).encode()


def table(delimiter: str) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([["id", "text"], *([n, f'"{t}", it says'] for n, t in enumerate(TEXTS))])
    return stream.getvalue().encode()


def rows_of_table(data: bytes, delimiter: str) -> int:
    return len(list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)))


# name -> the file's bytes, and how many documents another reader finds in them
BYTES: dict[str, tuple[Callable[[], bytes], Callable[[bytes], int]]] = {
    "text": (
        lambda: "\n\n".join(TEXTS).encode(),
        lambda data: len(re.split(r"\n[ \t]*\n\s*", data.decode().strip())),
    ),
    "jsonl": (
        lambda: json_lines(TEXTS),
        lambda data: len(list(map(json.loads, data.splitlines()))),
    ),
    "json": (
        lambda: json.dumps([{"text": t} for t in TEXTS]).encode(),
        lambda d: len(json.loads(d)),
    ),
    "json-strings": (
        lambda: "\n".join(map(json.dumps, TEXTS)).encode(),
        lambda data: len(list(map(json.loads, data.splitlines()))),
    ),
    "csv": (lambda: table(","), lambda data: rows_of_table(data, ",")),
    "tsv": (lambda: table("\t"), lambda data: rows_of_table(data, "\t")),
    "gzip": (
        lambda: gzip.compress(json_lines(TEXTS[:99])) + gzip.compress(json_lines(TEXTS[99:])),
        lambda data: len(gzip.decompress(data).splitlines()),
    ),
    "bzip2": (
        lambda: bz2.compress(json_lines(TEXTS[:99])) + bz2.compress(json_lines(TEXTS[99:])),
        lambda data: len(bz2.decompress(data).splitlines()),
    ),
    "xz": (
        lambda: lzma.compress(json_lines(TEXTS)),
        lambda data: len(lzma.decompress(data).splitlines()),
    ),
    "wikiextractor": (
        lambda: "".join(
            f'<doc id="{n}" url="x" title="T{n}">\nT{n}\n\n{t}\n</doc>\n'
            for n, t in enumerate(TEXTS)
        ).encode(),
        lambda data: len(ElementTree.fromstring(b"<all>" + data + b"</all>").findall("doc")),
    ),
    "wikitext": (
        lambda: "".join(
            f" \n = T{n} = \n \n {text.replace(chr(10), f' {chr(10)} ')} \n"
            for n, text in enumerate(TEXTS)
        ).encode(),
        lambda data: len(re.findall(r"(?m)^ = [^=].* = $", data.decode())),
    ),
}


@pytest.mark.parametrize("name", BYTES)
def test_documents_are_as_many_as_another_reader_counts(name: str, tmp_path: Path) -> None:
    make, count = BYTES[name]
    data = make()
    (tmp_path / "corpus").write_bytes(data)
    assert ours(tmp_path / "corpus") == count(data) == len(TEXTS)


def test_rows_of_tables(tmp_path: Path) -> None:
    found = pa.table({"text": TEXTS, "n": range(len(TEXTS))})
    pq.write_table(found, tmp_path / "rows.parquet", row_group_size=50)
    assert ours(tmp_path / "rows.parquet") == pq.read_metadata(tmp_path / "rows.parquet").num_rows
    with pa.ipc.new_file(tmp_path / "rows.arrow", found.schema) as writer:
        writer.write_table(found, 50)
    assert (
        ours(tmp_path / "rows.arrow")
        == pa.ipc.open_file(tmp_path / "rows.arrow").read_all().num_rows
    )


@pytest.mark.skipif(not find_spec("datasets"), reason="datasets is not installed")
@pytest.mark.slow
def test_a_saved_dataset(tmp_path: Path) -> None:
    from datasets import Dataset, DatasetDict, load_from_disk

    parts = {"train": TEXTS[:200], "test": TEXTS[200:]}
    made = DatasetDict({name: Dataset.from_dict({"text": t}) for name, t in parts.items()})
    made.save_to_disk(str(tmp_path / "saved"), num_shards={"train": 3, "test": 1})
    loaded = load_from_disk(str(tmp_path / "saved"))
    assert ours(tmp_path / "saved") == sum(len(part) for part in loaded.values()) == len(TEXTS)
    assert ours(tmp_path / "saved" / "train") == len(loaded["train"])


def test_messages_of_a_mailbox(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "all.mbox")
    for n, text in enumerate(TEXTS):
        message = mailbox.mboxMessage(
            f"From: a{n}@b.org\nSubject: Hello\n\n{text}\nFrom here on.\n"
        )
        message.set_from(f"a{n}@b.org", True)
        box.add(message)
    box.close()
    box = mailbox.mbox(tmp_path / "all.mbox")
    counted = sum(1 for _ in box)
    box.close()
    assert ours(tmp_path / "all.mbox") == counted == len(TEXTS)


REDIRECT = re.compile(r"\s*#redirect", re.IGNORECASE)


def test_articles_of_a_dump(tmp_path: Path) -> None:
    """By an XML parser: pages of namespace 0 that do not lead on, and have a text."""
    pages = []
    for n, text in enumerate(TEXTS):
        kind = n % 5
        inner = f"#REDIRECT [[P{n + 1}]]" if kind == 1 else f"{{{{Box|a=b}}}} '''P{n}''' {text}"
        extra = f'<redirect title="P{n + 1}" />' if kind == 1 else ""
        pages.append(
            f"<page><title>P{n}</title><ns>{1 if kind == 2 else 0}</ns>{extra}"
            f"<revision><text>{'' if kind == 3 else inner}</text></revision></page>\n"
        )
    data = "<mediawiki>\n" + "".join(pages) + "</mediawiki>"
    (tmp_path / "dump.xml.bz2").write_bytes(bz2.compress(data.encode()))
    articles = [
        page
        for page in ElementTree.fromstring(data).findall("page")
        if page.findtext("ns") == "0" and page.find("redirect") is None
        and (page.findtext("revision/text") or "").strip()
        and not REDIRECT.match(page.findtext("revision/text") or "")
    ]  # fmt: skip
    assert ours(tmp_path / "dump.xml.bz2") == len(articles)


@pytest.mark.skipif(not find_spec("warcio"), reason="warcio is not installed")
def test_pages_of_an_archive(tmp_path: Path) -> None:
    """Counted by warcio: a member for each record."""
    from warcio.archiveiterator import ArchiveIterator

    members = []
    for n, text in enumerate(TEXTS):
        kind = "metadata" if n % 4 == 1 else "conversion"
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.org/{n}\r\n"
            f"WARC-Record-ID: <urn:uuid:{n}>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(text.encode())}\r\n\r\n"
        )
        members.append(gzip.compress(f"{head}{text}\r\n\r\n".encode()))
    path = tmp_path / "a.warc.wet.gz"
    path.write_bytes(b"".join(members))
    with path.open("rb") as stream:
        counted = sum(record.rec_type == "conversion" for record in ArchiveIterator(stream))
    assert ours(path) == counted == 193
