"""Corpora that people have, as they are published: each in its exact shape, made up."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.corpus.published import ONE, TWO, read


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
