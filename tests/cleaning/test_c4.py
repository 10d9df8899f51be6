"""The rules of C4, each by a text that breaks it."""

from __future__ import annotations

import pytest

from tests.cleaning.verdicts import verdict


@pytest.mark.parametrize(
    ("text", "kept", "reasons"),
    [
        ("One is here now, yes. Two are. Three are here.\nMenu\nThe end of it all.",
         "One is here now, yes. Two are. Three are here.\nThe end of it all.", ["c4_line_end"]),
        ("One is here now, yes. Two are. Three are here.\nIt is.",
         "One is here now, yes. Two are. Three are here.", ["c4_line_words"]),
        ("One is here now, yes.[1] Two are. Three.\nPlease turn on your JavaScript now.",
         "One is here now, yes. Two are. Three.", ["c4_line_notice"]),
        ("One is here now, yes. Two { are. Three are.", "", ["c4_code"]),
        ("Lorem ipsum is here now, yes. Two. Three are.", "", ["c4_lorem_ipsum"]),
        ("One is here now, yes. Two are here.", "", ["c4_sentences"]),
        ("熊猫吃竹子。它们睡觉。它们很大。", "熊猫吃竹子。它们睡觉。它们很大。", []),
    ],
)  # fmt: skip
def test_c4(text: str, kept: str, reasons: list[str]) -> None:
    assert verdict(text, rules=("c4",)) == (kept, reasons)
