"""Corpora that people have, as they are published: each in its exact shape, made up."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import ByteRange
from bertprep.corpus.read import texts_of
from bertprep.corpus.splits import plan_splits
from bertprep.corpus.unwrapped import unwrapped
from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs, read_unchanged

ONE = "The panda eats bamboo. It sleeps in a tall tree near the water, all day."
TWO = "A ship sails over the sea. Nobody knows where it will go, or why it left."


def read(path: Path, **options: Any) -> tuple[list[str], Drops, set[str]]:
    read_options, drops = ReadOptions(**options), Drops()
    texts, formats = [], set()
    found = find_inputs([str(path)], read_options).files
    for split in plan_splits(found, read_options):
        for batch in read_unchanged(split, read_options, drops):
            formats.add(batch.format)
            bounds = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
            texts += [batch.text[start:end].decode() for start, end in bounds]
    return texts, drops, formats


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def lines(*rows: Any) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


OSCAR = {
    "warc_headers": {"warc-target-uri": "http://a.org", "warc-type": "conversion"},
    "metadata": {"identification": {"label": "en", "prob": 0.9}, "annotation": None},
}
C4 = {"timestamp": "2019-04-25T12:57:54Z", "url": "http://a.org"}
PILE = {"meta": {"pile_set_name": "Books3"}}
CLUE = {"news_id": "6", "keywords": "a", "title": "b", "desc": "c", "source": "d", "time": "e"}
ROWS = {
    "OSCAR": zstd(lines(*({"content": text, **OSCAR} for text in (ONE, TWO)))),
    "C4": gzip.compress(lines(*({"text": text, **C4} for text in (ONE, TWO)))),
    "The Pile": zstd(lines(*({"text": text, **PILE} for text in (ONE, TWO)))),
    "CLUE's news2016zh": lines(*({**CLUE, "content": text} for text in (ONE, TWO))),
    "CC-100": lzma.compress(f"{ONE}\n\n{TWO}\n".encode()),
    "CLUECorpus": f"{ONE}\n\n{TWO}\n\n".encode(),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_file_of_documents(tmp_path: Path, name: str) -> None:
    (tmp_path / "part").write_bytes(ROWS[name])
    texts, drops, _ = read(tmp_path / "part")
    assert texts == [ONE, TWO]
    assert not drops.counts


def test_a_content_is_no_text_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(lines({"content": ONE, "id": 1}, {"content": TWO, "id": 2}))
    with pytest.raises(Exception, match="has no"):
        read(tmp_path / "part")


def test_thucnews(tmp_path: Path) -> None:
    """Folders of small files, a title and paragraphs with an indent in each."""
    for folder, number in (("体育", 0), ("体育", 1), ("财经", 7)):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = f"标题{number}\n\u3000\u3000我们今天去公园散步。天气很好。\n\u3000\u3000明天再来。"
        (tmp_path / folder / f"{number}.txt").write_text(text)
    texts, _, formats = read(tmp_path)
    assert [text[:3] for text in texts] == ["标题0", "标题1", "标题7"]
    assert formats == {"text"}


def test_imdb(tmp_path: Path) -> None:
    for split in ("train", "test"):
        for label in ("pos", "neg"):
            folder = tmp_path / "aclImdb" / split / label
            folder.mkdir(parents=True)
            (folder / "0_9.txt").write_text(f"{ONE}<br /><br />{TWO} 9<10!")
            for number in range(1, 5):
                (folder / f"{number}_7.txt").write_text(ONE)
            (folder.parent / f"urls_{label}.txt").write_text("http://www.imdb.com/title/tt1\n" * 9)
        (tmp_path / "aclImdb" / split / "labeledBow.feat").write_text("9 0:9 1:1 2:4 3:4\n" * 40)
    (tmp_path / "aclImdb" / "imdb.vocab").write_text("the\nand\na\nof\nto\nis\nit\nin\ni\n" * 40)
    (tmp_path / "aclImdb" / "imdbEr.txt").write_text("0.0490972013402\n0.201363575849\n" * 40)
    (tmp_path / "aclImdb" / "README").write_text("Large Movie Review Dataset v1.0\n")
    texts, drops, formats = read(tmp_path)
    assert sorted(set(texts)) == sorted({f"{ONE}\n{TWO} 9<10!", ONE})
    assert len(texts) == 20
    assert formats == {"imdb", "text"}
    assert not drops.counts


BOOK = """\ufeffThe Project Gutenberg eBook of Pandas

This ebook is for the use of anyone anywhere in the United States and most other parts.

Title: Pandas

*** START OF THE PROJECT GUTENBERG EBOOK PANDAS ***

Produced by A. Volunteer and the Distributed Proofreading Team

PANDAS

CHAPTER I.

The panda eats bamboo, and it sleeps in a tall tree that stands near the
water, all day. It was _not_ awake when
Mr. Smith came.

[Illustration: A panda]

  Roses are red,
  Pandas are not.

A ship sails over the sea, and nobody knows where it will go, or why it
left.

*** END OF THE PROJECT GUTENBERG EBOOK PANDAS ***

Updated editions will replace the previous one: the old editions will be renamed.
"""


@pytest.mark.parametrize("books", [1, 3])
def test_gutenberg(tmp_path: Path, books: int) -> None:
    (tmp_path / "pg1.txt").write_bytes(BOOK.replace("\n", "\r\n").encode() * books)
    texts, drops, formats = read(tmp_path)
    assert formats == {"gutenberg"}
    assert len(texts) == books
    paragraphs = [part for part in texts[0].split("\n\n") if part.strip()]
    assert paragraphs == [
        "PANDAS",
        "CHAPTER I.",
        "The panda eats bamboo, and it sleeps in a tall tree that stands near the water, all day. "
        "It was not awake when Mr. Smith came.",
        "Roses are red,\nPandas are not.",
        "A ship sails over the sea, and nobody knows where it will go, or why it left.",
    ]
    assert drops.counts == {"licence": books}


NEWS = """From: smith@example.org (A. Smith)
Subject: Re: Pandas
Organization: A Zoo
Lines: 12
Message-ID: <1@example.org>

In article <0@example.org>, jones@example.org (B. Jones) writes:
>The panda is a fish.
>> It is not.
The panda is a bear, and it eats bamboo in a tall tree that stands near the
water, all day.

Jones wrote:
| Why?
Because.

--
A. Smith, keeper of pandas
"""
OWN = (
    "The panda is a bear, and it eats bamboo in a tall tree that stands near the water, all day."
    "\n\nBecause."
)


def test_twenty_newsgroups(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{49960 + number}").write_bytes(NEWS.encode() + b"caf\xe9")
    texts, drops, formats = read(tmp_path)
    assert formats == {"mail"}
    assert texts == [OWN] * 3
    assert not drops.counts


def test_a_mailbox(tmp_path: Path) -> None:
    html = "From: a@b.org\nSubject: x\nContent-Type: text/html\n\n<p>Hello.</p>\n"
    quoted = "From: a@b.org\nSubject: x\n\n> Only that.\n"
    messages = [f"From a@b.org Sat Nov 28 18:20:39 2020\n{m}\n" for m in (NEWS, html, quoted, NEWS)]
    (tmp_path / "all.mbox").write_text("".join(messages))
    texts, drops, _ = read(tmp_path)
    assert texts == [OWN, OWN]
    assert drops.counts == {"no_plain_text": 1, "quotation_only": 1}
    read_options = ReadOptions()
    (file,) = find_inputs([str(tmp_path / "all.mbox")], read_options).files
    for size in (1, 50, 333):
        ranges = [ByteRange(file, a, min(a + size, file.size)) for a in range(0, file.size, size)]
        drops = Drops()
        parts = [batch for r in ranges for batch in read_unchanged((r,), read_options, drops)]
        assert [text.decode() for part in parts for text in texts_of(part)] == texts
        assert drops.counts == {"no_plain_text": 1, "quotation_only": 1}


def test_bookcorpus(tmp_path: Path) -> None:
    sentences = [f"the {n} pandas ate and ate , and then they slept . \n" for n in range(3000)]
    (tmp_path / "books_large_p1.txt").write_text("".join(sentences))
    texts, _, formats = read(tmp_path, input_format="bookcorpus")
    assert formats == {"bookcorpus"}
    assert 15 <= len(texts) <= 20
    assert "\n".join(text.strip() for text in texts).replace(" \n", "\n").split("\n") == [
        sentence.strip() for sentence in sentences
    ]


def test_verse_stays_as_it_is() -> None:
    verse = "Roses are red,\nPandas are not."
    prose = "A line of a book that has some seventy characters, as all of its lines\nhave, until."
    assert unwrapped(f"{verse}\n\n{prose}\n\n{verse}") == (
        f"{verse}\n\n{' '.join(prose.split(chr(10)))}\n\n{verse}"
    )
    assert unwrapped("") == ""
