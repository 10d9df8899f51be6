"""Dumps of MediaWiki: which pages are documents, in ranges and in streams of bzip2."""

from __future__ import annotations

import bz2
import random
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.common.drops import Drops
from bertprep.corpus.compression import COMPRESSED_HEAD_BYTES
from bertprep.corpus.files import ByteRange, InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.recognise import recognise
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
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


def test_articles_are_documents(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(
        HEADER
        + page(
            "One",
            "[[Datei:A.jpg|Bild]]Ein ''Tier'' schläft<ref>x</ref>.\n\nEs <b>isst</b>.",
        )
        + page("Two", "#REDIRECT [[One]]", extra='    <redirect title="One" />\n')
        + page("Talk:One", "Hello.", ns=1)
        + page("List", "* [[One]]\n* [[Two]]")
        + page("A &amp; B", "{{PAGENAME}} are bands.")
        + "</mediawiki>\n",
        encoding="utf-8",
    )
    texts, drops = read(path)
    assert texts == ["Ein Tier schläft.\nEs isst.", "A & B are bands."]
    assert drops.counts == {
        "title_line": 2, "wiki_redirect": 1, "wiki_other_page": 1, "no_prose": 1,
        "wiki_file": 1, "wiki_element": 1, "wiki_list_item": 2,
    }  # fmt: skip
    assert read(path, keep_titles=True)[0][1] == "A & B\nA & B are bands."


def test_pages_that_lead_on_are_told_in_any_language(tmp_path: Path) -> None:
    words = (
        "REDIRECT",
        "WEITERLEITUNG",
        "REDIRECTION",
        "перенаправление",
        "重定向",
        "転送",
        "تحويل",
    )
    path = tmp_path / "dump.xml"
    found = "".join(page(f"P{n}", f"#{word} [[One]]") for n, word in enumerate(words))
    path.write_text(
        HEADER + page("One", "A bear.\n#First [[b]], second.") + found, encoding="utf-8"
    )
    texts, drops = read(path)
    assert texts == ["A bear."]
    assert drops.counts["wiki_redirect"] == len(words)


def test_a_history_gives_the_last_revision(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    old = page("One", "Old text.").replace("</page>", "")
    new = "<revision><text>New text.</text></revision></page>"
    path.write_text(HEADER + old + new + "</mediawiki>")
    assert read(path)[0] == ["New text."]


def test_a_cut_dump_is_an_error_or_a_counted_drop(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(HEADER + page("One", "It is here.") + page("Two", "It is cut.")[:-40])
    with pytest.raises(InputError, match="opens a <page> that no </page> closes"):
        read(path)
    texts, drops = read(path, bad_input="drop")
    assert texts == ["It is here."]
    assert drops.counts["unterminated_page"] == 1


def test_ranges_give_each_page_once(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(HEADER + "".join(pages(60)) + "</mediawiki>\n")
    whole = read(path)[0]
    assert len(whole) == 60
    draw = random.Random(3)
    for _ in range(20):
        cuts = tuple(draw.randrange(path.stat().st_size) for _ in range(4))
        assert read(path, cuts)[0] == whole


@settings(max_examples=60)
@given(data=st.data())
def test_streams_of_bzip2_give_each_page_once(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """However the streams cut the text, within marks too, and whatever the ranges."""
    text = (HEADER + "".join(pages(8)) + "</mediawiki>\n").encode()
    places = st.integers(0, len(text)).map(
        lambda at: max(0, text.rfind(b"page", 0, at) + at % 7 - 2) if at % 2 else at
    )
    edges = sorted({0, len(text), *data.draw(st.lists(places, max_size=6))})
    path = tmp_path_factory.mktemp("bz2") / "dump.xml.bz2"
    path.write_bytes(b"".join(bz2.compress(text[a:b]) for a, b in pairwise(edges)))
    cuts = data.draw(st.lists(st.integers(1, path.stat().st_size), max_size=4))
    assert sorted(read(path, tuple(cuts))[0]) == sorted(read(path)[0])
    assert len(read(path)[0]) == 8


def test_a_large_dump_is_cut_into_ranges(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml.bz2"
    draw = random.Random(5)
    noise = [page(f"N{i}", f"It is {draw.getrandbits(80_000):x}.") for i in range(250)]
    path.write_bytes(b"".join(bz2.compress(part.encode()) for part in [HEADER, *noise]))
    splits = plan_splits([looked_at(path)], ReadOptions())
    assert len(splits) > 1
    drops = Drops()
    found = [read_split(split, open_file, ReadOptions(), drops) for split in splits]
    assert sum(len(batch.starts) for batches in found for batch in batches) == 250


def test_a_damaged_stream_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml.bz2"
    good = bz2.compress((HEADER + page("One", "It is here.")).encode())
    bad = bytearray(bz2.compress(page("Two", "It is not.").encode()))
    bad[len(bad) // 2] ^= 0xFF
    path.write_bytes(good + bytes(bad))
    with pytest.raises(InputError, match=r"damaged .*no sound bzip2 file"):
        read(path, (len(good) - 1,))
