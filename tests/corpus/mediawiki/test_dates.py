"""Dates and years within a sentence."""

from __future__ import annotations

import pytest

from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.wikicode import text_of


@pytest.mark.parametrize(
    ("wikitext", "prose"),
    [
        ("{{birth date and age|1950|1|22}}", "January 22, 1950"),
        ("{{death date|1950|1|22|df=y}}", "22 January 1950"),
        ("{{as of|2014|5}} {{circa|1900}}", "As of May 2014 c. 1900"),
        ("{{reign|1066|1087}}", "r. 1066–1087"),
    ],
)  # fmt: skip
def test_rendered(wikitext: str, prose: str) -> None:
    found = text_of(f"It is {wikitext} so.", "Title", Site(), lambda why, what: None)
    assert " ".join(found.split()) == f"It is {prose} so."
