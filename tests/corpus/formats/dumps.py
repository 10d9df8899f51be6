"""Dumps of MediaWiki."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from bertprep.common.drops import Drops
from bertprep.corpus.compression import COMPRESSED_HEAD_BYTES
from bertprep.corpus.files import ByteRange, InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.recognise import recognise
from bertprep.options import ReadOptions

HEADER = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" xml:lang="de">
  <siteinfo><namespaces><namespace key="6" case="first-letter">Datei</namespace></namespaces>
  </siteinfo>
"""


def page(title: str, text: str, ns: int = 0, extra: str = "") -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f"  <page>\n    <title>{title}</title>\n    <ns>{ns}</ns>\n    <id>7</id>\n{extra}"
        f"    <revision>\n      <model>wikitext</model>\n"
        f'      <text bytes="9" xml:space="preserve">{escaped}</text>\n    </revision>\n  </page>\n'
    )


def pages(count: int) -> list[str]:
    return [
        page(f"P{i}", f"Page {i} is [[long]].{' It goes on.' * (i % 40)}") for i in range(count)
    ]


def open_file(path: str) -> BinaryIO:
    return open(path, "rb", buffering=0)


def looked_at(path: Path) -> InputFile:
    head = path.read_bytes()[:COMPRESSED_HEAD_BYTES]
    return recognise(head, str(path), path.name, path.stat().st_size, ReadOptions())


def read(path: Path, cuts: tuple[int, ...] = (), **options: object) -> tuple[list[str], Drops]:
    file, drops = looked_at(path), Drops()
    assert file.format == "mediawiki"
    chosen = ReadOptions(**options)  # type: ignore[arg-type]
    edges = sorted({0, file.size, *(cut for cut in cuts if cut < file.size)})
    split = tuple(ByteRange(file, a, b) for a, b in pairwise(edges))
    texts = [
        batch.text[start:end].decode()
        for batch in read_split(split, open_file, chosen, drops)
        for start, end in zip(batch.starts, batch.ends, strict=True)
    ]
    return texts, drops
