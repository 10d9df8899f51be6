"""Long lines make a look at a text no longer, whatever comes again in them."""

from __future__ import annotations

import time
from contextlib import suppress
from pydoc_data.topics import topics

import pytest

from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.errors import InputError
from bertprep.options import ReadOptions

PROSE = b"the panda eats all day\n" * 9
CODE = b"The (panda) eats; bamboo {all} day = x;\n" * 12
_BEFORE = max(len(PROSE), len(CODE))


def head(begin: bytes, again: bytes, end: bytes = b"", count: int = 1) -> bytes:
    """The first bytes of a text of some lines, in each of which something comes again."""
    room = (HEAD_BYTES - _BEFORE) // count - len(begin + end + b"\n")
    return (begin + again * (room // len(again)) + end + b"\n") * count


# For each of them a pattern once took the square or the cube of a line's length.
HEADS = {
    "times in a mailbox": head(b"From {a ", b"`12:30"),
    "times behind an address": head(b"From 'a ]", b"12:30]>"),
    "tags that never end": head(b"<?xml?>word ", b"<"),
    "leaders": head(b"= ", b".", count=60),
    "a class, and words without a stop": head(b"1 A", b" b", count=60),
    "an empty field of a form": PROSE + head(b"", b"_", b"|"),
    "dashes": PROSE + head(b"", b"-", b")"),
    "a word of letters alone": PROSE + head(b"1 ", b"a", b" ="),
    "brackets that close": CODE + head(b"", b")", b"x"),
    "brackets that open": CODE + head(b"if ", b"(", b"x"),
    "quotes": CODE + head(b"", b"';", b";"),
}


def seconds(text: bytes) -> float:
    """Of the processor, for a look; the least of three."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        with suppress(InputError):
            recognise(text, "in.txt", "in.txt", len(text), ReadOptions())
        taken.append(time.process_time() - before)
    return min(taken)


@pytest.fixture(scope="module")
def of_prose() -> float:
    return seconds("\n\n".join(topics.values()).encode()[:HEAD_BYTES])


@pytest.mark.parametrize("kind", HEADS)
def test_odd_lines_take_no_more_than_prose_several_times(kind: str, of_prose: float) -> None:
    assert seconds(HEADS[kind]) < 4 * of_prose
