"""Streams of bzip2 in ranges."""

from __future__ import annotations

import bz2
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.common.drops import Drops
from bertprep.corpus.read import read_split
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from tests.corpus.formats.dumps import HEADER, looked_at, open_file, page, pages, read
from tests.examples_count import of_a_hundred


@settings(max_examples=of_a_hundred(60))
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


@pytest.mark.slow
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
