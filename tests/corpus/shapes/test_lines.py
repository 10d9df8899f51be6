"""Files whose lines are something else than text."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.lines import (
    addresses,
    encoded,
    mail,
    numbers,
    settings,
    subtitles,
    yaml,
)
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (subtitles, "{}\n00:00:{},000 --> 00:00:{},900\nHello.\n", True),
        (subtitles, "<>.", False),
        (mail, "From: a@b.org\nSubject: Panda {}\nMessage-ID: <{}@b.org>\n\nHello.\n", True),
        (mail, "<>.", False),
        (yaml, "- id: {}\n  title: Panda\n  text: It eats.", True),
        (yaml, "<>.", False),
        (settings, "key_{} = value {}", True),
        (settings, "<>.", False),
        (numbers, "101 {} 2003 7 {} 102", True),
        (numbers, "<>.", False),
        (addresses, "https://example.org/{}.html", True),
        (addresses, "See https://example.org/{}.html for the panda's day.", False),
        (
            encoded,
            "QWxhZGRpbjpvcGVuIHNlc2FtZQBxYmFzZTY0IGRhdGEgb2YgYSBsaW5lIHRoYXQgaXMgbG9uZw",
            True,
        ),
        (encoded, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
