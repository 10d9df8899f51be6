"""The same documents, however they are stored: the same text comes out of the readers."""

from __future__ import annotations

import bz2
import csv
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.corpus.formats.registry import FORMATS
from tests.corpus.formats.tables import read, write_feather, write_file, write_stream
from tests.corpus.test_compression import COMPRESS

# With what each format has to protect: quotes, commas, escapes, marks, other scripts.
TEXTS = [
    f'Panda {n} said: "It\'s good, isn\'t it?" and left.\nThen \\n it & its <b> slept; 熊猫 {n}。\n'
    f"A third line\twith a tab, an é and a 𝔓." for n in range(500)
]  # fmt: skip
PLAIN = "\n\n".join(TEXTS).encode()


def table() -> pa.Table:
    return pa.table({"id": range(len(TEXTS)), "text": TEXTS})


def separated(delimiter: str) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text"])
    writer.writerows(enumerate(TEXTS))
    return stream.getvalue().encode()


def parquet(path: Path) -> None:
    pq.write_table(table(), path, row_group_size=70)


def stored(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


ROWS = [{"id": n, "text": text} for n, text in enumerate(TEXTS)]
STORED: dict[str, Callable[[Path], object]] = {
    "text": stored(PLAIN),
    **{kind: stored(compress(PLAIN)) for kind, compress in COMPRESS.items()},
    "bzip2 of several streams": stored(bz2.compress(PLAIN[:9999]) + bz2.compress(PLAIN[9999:])),
    "xz of several streams": stored(lzma.compress(PLAIN[:9999]) + lzma.compress(PLAIN[9999:])),
    "UTF-16": stored(PLAIN.decode().encode("utf-16")),
    "jsonl": stored("\n".join(map(json.dumps, ROWS)).encode()),
    "jsonl.bz2": stored(bz2.compress("\n".join(map(json.dumps, ROWS)).encode())),
    "json-strings": stored("\n".join(map(json.dumps, TEXTS)).encode()),
    "json": stored(json.dumps(ROWS, indent=1, ensure_ascii=False).encode()),
    "csv": stored(separated(",")),
    "tsv": stored(separated("\t")),
    "csv.xz": stored(lzma.compress(separated(";"))),
    "parquet": parquet,
    "arrow stream": lambda path: write_stream(path, table(), 70),
    "arrow file": lambda path: write_file(path, table(), 70),
    "feather": lambda path: write_feather(path, table(), 70),
}


@pytest.mark.parametrize("name", STORED)
def test_the_same_text_comes_out(name: str, tmp_path: Path) -> None:
    path = tmp_path / "corpus"
    STORED[name](path)
    found, counts = read(path)
    assert [text for _, text in found] == TEXTS
    assert counts == {}
    offsets = [offset for offset, _ in found]
    assert offsets == sorted(set(offsets))


def test_every_format_of_any_text_is_there() -> None:
    of_one_corpus = {"wikiextractor", "mediawiki", "wikitext", "sentence-pairs", "ptb"}
    of_one_corpus |= {"warc", "html", "gutenberg", "mail", "imdb", "bookcorpus"}
    names = {name.partition(" ")[0] for name in STORED}
    assert set(FORMATS) - of_one_corpus <= names
