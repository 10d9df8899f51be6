"""Time stamps of many forms; chats have them, too."""

from __future__ import annotations

import random

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.logs import log

STAMPS = [
    "2020-01-02 10:00:{:02},123", "[Sun Dec 04 04:47:{:02} 2005]", "17/06/09 20:10:{:02}",
    "2016-09-28 04:30:{:02},", "081109 203615 {} Nov 09 2008 20:36:{:02}", "1600000{:03}.5",
    "1/2/2020 10:00:{:02} AM -", "[10.30 16:49:{:02}]",
    "- 1117838570 2005.06.03 R02-M1 2005-06-03-15.42.{:02}",
]  # fmt: skip
WORDS = [
    "did",
    "you",
    "see",
    "that",
    "panda",
    "today",
    "no",
    "I",
    "was",
    "at",
    "work",
    "all",
    "day",
    "it",
    "ate",
    "my",
    "bamboo",
    "who",
    "else",
    "has",
    "any",
]


@pytest.mark.parametrize("stamp", STAMPS)
def test_messages_again_and_again_behind_a_time_are_a_log(stamp: str) -> None:
    lines = [f"{stamp.format(n, n)} worker{n} finished task {n} of the pool" for n in range(40)]
    assert log(Part("\n".join(lines).encode())) is not None


@pytest.mark.parametrize("stamp", ["[02/01/2020, 10:00:{:02}]", "2020-01-02 10:00:{:02}"])
def test_people_do_not_repeat_themselves(stamp: str) -> None:
    drawn = random.Random(1)
    lines = [f"{stamp.format(n)} Ann: {' '.join(drawn.sample(WORDS, 8))}" for n in range(40)]
    assert log(Part("\n".join(lines).encode())) is None
