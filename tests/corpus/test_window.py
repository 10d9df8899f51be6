"""What of a stream is in memory, and the copy of it that patterns are looked for in."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.corpus.sizes import ReadSizes
from bertprep.corpus.window import BOM, RecordTooLong, Window, is_marked, plain_copy, skip_line

PIECES = [
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\x85",
    "\xa0",
    "\u1680",
    "\u2003",
    "\u3000",
    "a",
    "é",
    "你",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


@given(TEXTS, st.booleans())
def test_the_plain_copy_has_each_break_and_each_blank_where_it_was(text: str, lone: bool) -> None:
    plain = plain_copy(text.encode(), lone)
    expected = b""
    for letter in text.replace("\r\n", "\n "):
        size = len(letter.encode())
        if letter == "\r":
            expected += b"\n" if lone else b" "
        elif size > 1 and letter.isspace():
            expected += b" " * size
        else:
            expected += letter.encode()
    assert plain == expected
    assert len(plain) == len(text.encode())


def test_a_window_grows_at_the_end_and_is_released_at_the_front() -> None:
    window = Window(io.BytesIO(b"abcdefghij"), 2, 10, sizes=ReadSizes(block=3, overrun=1))
    assert (window.base, window.data) == (2, b"cde")
    window.grow()
    assert window.data == b"cdefgh"
    window.release(4)
    assert (window.base, window.data, window.plain) == (6, b"gh", b"gh")
    assert window.may_go_on(2)
    assert not window.covers_range()
    while not window.exhausted:
        window.grow()
    assert window.data == b"ghij"
    assert not window.may_go_on(4)


def test_a_record_without_an_end_is_told_with_its_place() -> None:
    sizes = ReadSizes(block=4, overrun=4, record=8)
    window = Window(io.BytesIO(b"x" * 99), 5, 99, sizes=sizes)
    with pytest.raises(RecordTooLong) as told:
        for _ in range(9):
            window.grow()
    assert told.value.offset == 5
    assert len(window.data) <= 8 + 4


def test_marks_and_lines_are_passed() -> None:
    window = Window(io.BytesIO(BOM + b"a\nbc"), 0, 99, sizes=ReadSizes(block=1, overrun=1))
    assert is_marked(window)
    assert not is_marked(Window(io.BytesIO(b"a" + BOM), 0, 99))
    skip_line(window)
    assert window.base == len(BOM) + 2
    skip_line(window)
    assert window.data == b""
