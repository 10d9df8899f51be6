"""Quotations and who said them, in scripts without capitals; "|" marks the boundaries."""

from __future__ import annotations

import time

import pytest

from bertprep.text.segment import Segmenter

LINES = """
hi|"तुम कौन हो?" उसने पूछा। |"मैं राम हूँ।" राम ने कहा था। |वह गया।
mr|"कोण मेले?" म्हाताऱ्या गुरवाने विचारले. |"न्याय मेला." भीमा म्हणाला. |तो गेला.
fa|«کجا می‌روی؟» مادر پرسید. |او رفت.
he|"לאן אתה הולך?" שאלה אמא. |הוא הלך.
hi|"तुम कौन हो?" |वह गया।
en|"Who are you?" |She asked him.
"""


@pytest.mark.parametrize("marked", LINES.strip().splitlines())
def test_who_spoke_is_told_in_the_same_sentence(marked: str) -> None:
    language, _, marked = marked.partition("|")
    text = marked.replace("|", "")
    starts, ends = Segmenter(language=language)(text)
    found = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert found == [part.strip() for part in marked.split("|")]


def test_time_is_linear() -> None:
    def seconds(text: str) -> float:
        begin = time.process_time()
        Segmenter()(text)
        return time.process_time() - begin

    text = '"क।" ' * 10_000
    assert any(seconds(text * 4) < 9 * seconds(text) + 0.02 for _ in range(3))
