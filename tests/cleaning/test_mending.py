"""Mending loses no word."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from bertprep.cleaning.mending import mended
from bertprep.errors import UsageError
from bertprep.options import CleanOptions


def test_control_characters_go_and_line_breaks_stay() -> None:
    text = "\ufeffA\x00b\tc\nd\u200b\x85 e"
    assert mended(text, CleanOptions()) == "Ab\tc\nd\n e"
    assert mended(text, CleanOptions(drop_controls=False)) == text


@pytest.mark.parametrize(
    "text, expected",
    [
        ("end\fstart", "end\nstart"),
        ("end.\n\fPage 2\f\nMore", "end.\nPage 2\nMore"),
        ("one\n\f\ntwo", "one\n\ntwo"),
        ("one\n\f\ftwo\f\f\nthree", "one\ntwo\nthree"),
        ("one\rtwo\v\fthree\x85four", "one\ntwo\nthree\nfour"),
    ],
)
def test_a_control_that_ends_a_line_glues_no_words(text: str, expected: str) -> None:
    assert mended(text, CleanOptions()) == expected


def test_they_are_those_of_unicode_and_a_few_that_nobody_sees() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x11000))))
    gone = set(every) - set(mended(every, CleanOptions()))
    controls = {character for character in every if unicodedata.category(character) == "Cc"}
    assert gone == controls - {"\n", "\t"} | set("\ufeff\u200b\u2060\ufffe\uffff")


def test_characters_are_composed_if_asked() -> None:
    assert mended("cafe\u0301", CleanOptions()) == "cafe\u0301"
    assert mended("cafe\u0301", CleanOptions(normalize="nfc")) == "caf\u00e9"


def test_mojibake() -> None:
    pytest.importorskip("ftfy")
    options = CleanOptions(fix_mojibake=True)
    assert mended("dÃ©jÃ\xa0 vu &amp; “so”", options) == "déjà vu &amp; “so”"


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ftfy", None)
    with pytest.raises(UsageError, match=r"pip install 'bertprep\[clean\]'"):
        mended("x", CleanOptions(fix_mojibake=True))
