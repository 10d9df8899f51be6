"""The rules of MassiveText, each by a text that just keeps it and one that breaks it."""

from __future__ import annotations

import pytest

from bertprep.cleaning.gopher import Repeats
from tests.cleaning.verdicts import verdict

WORDS = [f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(400)]
GOOD = f"{' '.join(WORDS[:60])} have been the best of all that we know."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD, ""),
        (" ".join(WORDS[:44]) + " have the", "gopher_word_count"),
        ("ab " * 60 + "the have", "gopher_word_length"),
        (GOOD + " # # # # # # # #", "gopher_symbols"),
        ("\n".join(f"- {w} the have of" for w in WORDS[:60]), "gopher_bullets"),
        ("\n".join(f"{' '.join(WORDS[i : i + 12])} the have ..." for i in range(0, 360, 12)),
         "gopher_ellipses"),
        (GOOD + " 123" * 30, "gopher_alphabetic"),
        (" ".join(WORDS[:60]), "gopher_stop_words"),
        (GOOD + "\nThe same line is here once more." * 10, "gopher_repeated_lines"),
        (GOOD + " " + " ".join(WORDS[:30]), "gopher_repeated_words"),
        (GOOD + " so it goes" * 12, "gopher_repeated_words"),
    ],
)  # fmt: skip
def test_gopher(text: str, reason: str) -> None:
    kept, reasons = verdict(text, rules=("gopher",))
    assert reasons == ([reason] if reason else [])
    assert kept == ("" if reason else text)


LINES = [" ".join(WORDS[i : i + 5]) for i in range(0, 50, 5)]
FIFTY = ["the", "have", *WORDS[:48]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # 50 words are enough, 49 are not.
        (" ".join(FIFTY), ""),
        (" ".join(FIFTY[:49]), "gopher_word_count"),
        # 5 of 50 words are #, and 5 are ...: one in ten of each; 40 of 50 have letters: 80%.
        (" ".join([*["#"] * 5, *["..."] * 5, *FIFTY[:40]]), ""),
        (" ".join([*FIFTY[:44], *["#"] * 6]), "gopher_symbols"),
        (" ".join([*["..."] * 6, *FIFTY[:44]]), "gopher_symbols"),
        (" ".join([*FIFTY[:39], *["12"] * 11]), "gopher_alphabetic"),
        # 9 of 10 lines begin with a bullet; then all do.
        ("\n".join([f"the have {LINES[0]}", *(f"- {line}" for line in LINES[1:])]), ""),
        ("\n".join([f"- the have {LINES[0]}", *(f"- {line}" for line in LINES[1:])]),
         "gopher_bullets"),
        # 3 of 10 lines end in ...; then 4 do.
        ("the have " + "\n".join(f"{line}{'...' * (i < 3)}" for i, line in enumerate(LINES)), ""),
        ("the have " + "\n".join(f"{line}{'...' * (i < 4)}" for i, line in enumerate(LINES)),
         "gopher_ellipses"),
    ],
)  # fmt: skip
def test_gopher_at_its_thresholds(text: str, reason: str) -> None:
    assert verdict(text, rules=("gopher",))[1] == ([reason] if reason else [])


def test_words_that_occur_again_are_counted_once() -> None:
    # a b c | a b c | d: the second three of seven characters.
    assert Repeats(list("abcabcd")).again(3) == 3
    assert Repeats(list("aaaaa")).again(2) == 4
    assert Repeats(list("abc")).again(5) == 0
    assert Repeats(["to", "be", "or", "not", "to", "be"]).top(2) == 8
    assert Repeats(list("abcde")).top(2) == 0
