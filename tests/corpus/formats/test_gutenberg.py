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


def test_a_book_of_before_2003_begins_behind_the_small_print(tmp_path: Path) -> None:
    before, _, behind = BOOK.partition("*** START OF THE PROJECT GUTENBERG EBOOK PANDAS ***")
    body = behind.partition("*** END")[0]
    mark = "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*"
    legal = (
        f"{before}***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nWhy?\n{mark}\n"
    )
    end = "\nEnd of this Project Gutenberg Etext of Pandas, by A. Body\n\nMore small print.\n"
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "panda10.txt").write_text(legal + body + end)
    (tmp_path / "new.txt").write_text(legal + BOOK)  # has both marks
    texts, drops, formats = read(tmp_path)
    assert formats == {"gutenberg"}
    assert len(texts) == 2
    assert texts[0] == texts[1]
    assert texts[0].startswith("PANDAS\n\nCHAPTER I.")
    assert texts[0].endswith("or why it left.")
    assert drops.counts == {"licence": 2}
