"""How often tokens occur, by powers of ten, and those that never do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.inspect.page_vocabulary import vocabulary_view
from tests.inspect.pages import overview


def test_tokens_are_in_the_classes_of_their_counts() -> None:
    view = vocabulary_view(overview())  # 5000, 600, 70, 8, 0, 1, 0
    assert [(name, count) for name, count, *_ in view["classes"]] == [
        ("never", "2"),
        ("1 to 9", "2"),
        ("10 to 99", "1"),
        ("100 to 999", "1"),
        ("1,000 to 9,999", "1"),
        ("10,000 and more", "0"),
    ]
    assert (view["never"], view["never_said"]) == (["e", "##s"], "2 tokens that never occur")
    assert view["top"][0] == ("a", "88.04%")


def test_without_a_token_there_is_no_chart() -> None:
    shown = overview()
    empty = replace(shown.survey, counts=np.zeros_like(shown.survey.counts))
    assert vocabulary_view(replace(shown, survey=empty))["chart"] is None
