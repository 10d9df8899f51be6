"""Speech with its times."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.timed import timed_text
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (timed_text, "{{}}{99}<>.", True),
        (timed_text, "0:00:10.000,0:00:12.900\n<>.\n", True),
        (timed_text, "We met at 10:{} and talked about the panda.", False),
        (timed_text, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
