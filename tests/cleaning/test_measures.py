"""What rules look at of a document."""

from __future__ import annotations

from bertprep.cleaning.measures import Measures


def test_lines_paragraphs_and_words_by_hand() -> None:
    found = Measures("One two.\n  three\u3000four \n\n \n\nFive.\n")
    assert found.lines == ["One two.", "three\u3000four", "Five."]
    assert found.paragraphs == ["One two.\n  three\u3000four", "Five."]
    assert found.words == ["One", "two.", "three", "four", "Five."]


def test_nothing_has_nothing() -> None:
    assert [Measures(" \n\n ").lines, Measures("").paragraphs, Measures("\t").words] == [[], [], []]
