"""Names of languages."""

from __future__ import annotations

from bertprep.corpus.mediawiki.languages import LANGUAGES
from bertprep.corpus.mediawiki.templates import render


def test_every_code_has_a_name_and_is_shown_by_it() -> None:
    assert len(LANGUAGES) > 100
    for code, name in LANGUAGES.items():
        assert render(f"lang-{code}", f"lang-{code}|word", "Page") == f"{name}: word"
