"""Books of Project Gutenberg."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.published import read

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
