"""The published rules, each by a text that just keeps it and one that breaks it."""

from __future__ import annotations

import pytest

from bertprep.cleaning.rules import Rules
from bertprep.cleaning.scripts import script_share
from bertprep.errors import UsageError
from bertprep.options import CleanOptions
from tests.cleaning.verdicts import verdict


@pytest.mark.slow
def test_bounds_and_scripts() -> None:
    assert verdict("One two three.", min_words=4) == ("", ["too_short"])
    assert verdict("One two three.", max_words=2) == ("", ["too_long"])
    assert verdict("One two three.", min_words=3, max_words=3) == ("One two three.", [])
    assert verdict("Привет, world", script="Cyrillic", min_script=0.6) == ("", ["other_script"])
    assert verdict("Привет, worl", script="Cyrillic", min_script=0.6)[1] == []
    assert script_share("日本語です。Yes", "Han,Hiragana") == 5 / 8
    assert script_share("123 .", "Latin") == 0
    with pytest.raises(UsageError, match=r"--script must be a script .* got 'Klingonish'"):
        Rules(CleanOptions(script="Klingonish"))
