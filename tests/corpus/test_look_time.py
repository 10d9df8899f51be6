"""No text makes a look at its first bytes long, whatever comes again in its lines."""

from __future__ import annotations

import time
from contextlib import suppress
from pydoc_data.topics import topics

import pytest

from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.errors import InputError
from bertprep.options import ReadOptions

# How a line begins, what comes again in it, and how many lines there are in 64 KiB.
LINES = {
    "times in a mailbox": (b"From {a ", b"`12:30", 1),
    "times behind an address": (b"From 'a ]", b"12:30]>", 1),
    "tags that never end": (b"<?xml?>word ", b"<", 1),
    "leaders": (b"= ", b".", 60),
    "blanks": (b"word ]", b" ", 60),
    "capitals in code": (b"BEGIN;", b"Word ", 60),
    "a class, and words without a stop": (b"1 A", b" b", 60),
}


def seconds(head: bytes) -> float:
    """Of the processor, for a look; the least of three."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        with suppress(InputError):
            recognise(head, "in.txt", "in.txt", len(head), ReadOptions())
        taken.append(time.process_time() - before)
    return min(taken)


@pytest.fixture(scope="module")
def of_prose() -> float:
    return seconds("\n\n".join(topics.values()).encode()[:HEAD_BYTES])


@pytest.mark.parametrize("kind", LINES)
def test_odd_lines_take_no_more_than_prose_several_times(kind: str, of_prose: float) -> None:
    begin, again, count = LINES[kind]
    line = begin + again * (HEAD_BYTES // count // len(again))
    assert seconds(((line + b"\n") * count)[:HEAD_BYTES]) < 4 * of_prose
