"""A library's error becomes a line of a message."""

from __future__ import annotations

from bertprep.shards.unreadable import brief


def test_a_message_is_one_line_and_short() -> None:
    assert brief(ValueError("a page\n  is damaged")) == "a page is damaged"
    assert len(brief("x" * 1000)) == 300
