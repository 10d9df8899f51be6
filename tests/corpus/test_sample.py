"""What is looked at of a file, and what the look costs."""

from __future__ import annotations

import cProfile
from contextlib import suppress
from functools import cache

import pytest

from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES, MIDDLE_BYTES, MIDDLES, MOST_LINES, part_of
from bertprep.errors import InputError
from bertprep.options import ReadOptions

SENTENCE = b"The harbour froze early that year, and the ferries lay still.\n"


@cache
def calls_of_a_look(content: bytes) -> int:
    """How many functions run to tell what a file is that holds this over and over."""
    data = content * (HEAD_BYTES // len(content) + 1)
    head, middle = data[:HEAD_BYTES], data[:MIDDLE_BYTES]
    with cProfile.Profile() as profile, suppress(InputError):
        recognise(head, "a.txt", "a.txt", 1 << 24, ReadOptions(), [middle] * MIDDLES)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        b"A\n",
        b"a b\n",
        b"\n",
        b"\r\n",
        SENTENCE + b"\n" * 60_000,
        b"the <unk> a\n",
        b"1\n",
        b"- a\n",
    ],
)
def test_very_short_lines_cost_a_bounded_look(content: bytes) -> None:
    """Lines of 14 bytes fill the head with more lines than are looked at."""
    assert calls_of_a_look(content) < 2 * calls_of_a_look(b"Cold and dim.\n")


def test_a_part_is_its_first_lines() -> None:
    lines = [b"%d\n" % number for number in range(3 * MOST_LINES)]
    part = part_of(b"".join(lines))
    assert part.lines == [line.rstrip() for line in lines[:MOST_LINES]] and not part.ends
    assert part_of(SENTENCE).data == SENTENCE and part_of(SENTENCE).ends


def test_what_comes_after_many_blank_lines_is_looked_at() -> None:
    part = part_of(b"\r\n" * 30_000 + b'{"text": "a"}\n' + b"\n" * 9000 + b"[1]")
    assert part.filled == [b'{"text": "a"}', b"[1]"] and len(part.lines) < 20 and part.ends
