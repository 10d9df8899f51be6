"""Words whose full stop ends no sentence."""

from __future__ import annotations

import pytest

from bertprep.text.abbreviation_rules import continues, has_ordinals


@pytest.mark.parametrize(
    ("before", "word", "after", "options", "goes_on"),
    [
        ("", "vol", "IV", {}, True),
        ("", "vol", "I am", {}, False),
        ("in ", "etc", "and so on", {}, True),
        ("in ", "etc", "Then", {}, False),
        ("by ", "J", "Smith", {}, True),
        ("between A and ", "B", "Smith", {}, False),
        ("", "2", "Then", {"heads": True}, True),
        ("There are ", "2", "Then", {}, False),
        ("am ", "3", "Oktober", {}, True),
        ("dne ", "3", "října", {"language": "cs"}, True),
        ("i met ", "mr", "smith", {"lowered": True}, True),
    ],
)
def test_whether_a_sentence_goes_on(
    before: str, word: str, after: str, options: dict[str, bool | str], goes_on: bool
) -> None:
    assert continues(before, word, after, **options) is goes_on  # type: ignore[arg-type]


def test_languages_with_ordinals() -> None:
    assert has_ordinals("de") and has_ordinals("cs")
    assert not has_ordinals("en") and not has_ordinals("")
