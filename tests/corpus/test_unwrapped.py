"""Hard-wrapped lines are joined, verse is not."""

from __future__ import annotations

from bertprep.corpus.unwrapped import unwrapped


def test_verse_stays_as_it_is() -> None:
    verse = "Roses are red,\nPandas are not."
    prose = "A line of a book that has some seventy characters, as all of its lines\nhave, until."
    assert unwrapped(f"{verse}\n\n{prose}\n\n{verse}") == (
        f"{verse}\n\n{' '.join(prose.split(chr(10)))}\n\n{verse}"
    )
    assert unwrapped("") == ""
