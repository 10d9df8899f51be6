from __future__ import annotations

import numpy as np
import pytest

from bertprep.text.punctuation import kinds_of
from bertprep.text.sentence_openings import glued_ends, may_begin
from bertprep.text.stop_runs import stop_runs

LINES = np.array([1 << 10])


@pytest.mark.parametrize(
    ("text", "plausible", "without_capitals"),
    [
        ("He left. She", True, False),
        ("He left. she", False, False),
        ("he left. she", True, True),
        ("He vanished. she", True, False),
        ("He left. 1914", True, False),
        ("He left... 1914", False, False),
        ("He left\u2026 1914", False, False),
        ("He left... She", True, False),
        ("He left? 1914", True, False),
    ],
)
def test_what_a_sentence_may_begin_with(text: str, plausible: bool, without_capitals: bool) -> None:
    kinds = kinds_of(text)
    runs = stop_runs(kinds)
    found = may_begin(kinds, np.array([len(text)]), runs, runs.ends + 1)
    assert [mask.tolist() for mask in found] == [[plausible], [without_capitals]]


def test_no_space_is_needed_where_the_line_has_none() -> None:
    none = np.empty(0, np.int64)
    for text, wanted in (("The end.The next.The last", [0, 1]), ("See e.The", [])):
        kinds = kinds_of(text)
        runs = stop_runs(kinds)
        assert glued_ends(kinds, np.array([len(text)]), runs, none).tolist() == wanted
