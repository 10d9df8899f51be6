from __future__ import annotations

import pytest

from bertprep.text.punctuation import Kind, kinds_and_marks
from bertprep.text.script_marks import settle_by_script, settle_emoticons


@pytest.mark.parametrize(
    ("text", "at", "kind"),
    [
        ("τι; ", 2, Kind.MARK),
        ("«τι»; ", 4, Kind.MARK),
        ("տուն: ", 4, Kind.MARK),
        ("տուն. ", 4, Kind.COMMA),
        ("what; ", 4, Kind.COMMA),
        ("what: ", 4, Kind.COMMA),
    ],
)
def test_marks_mean_what_the_letters_before_them_say(text: str, at: int, kind: Kind) -> None:
    kinds, marks = kinds_and_marks(text)
    settle_by_script(text, kinds, marks)
    assert kinds[at] == kind


@pytest.mark.parametrize(
    ("text", "is_mark"),
    [("So :) It", True), ("So :-D It", True), ("at 3:) It", False), ("a :b", False)],
)
def test_emoticons_end_sentences(text: str, is_mark: bool) -> None:
    kinds, _ = kinds_and_marks(text)
    settle_emoticons(text, kinds)
    assert bool(kinds[text.index(":")] == Kind.MARK) is is_mark
