"""Coordinates and what belongs to places."""

from __future__ import annotations

import pytest

from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.wikicode import text_of


@pytest.mark.parametrize(
    ("wikitext", "prose"),
    [
        ("{{coord|13|19|N|169|9|W|type:event}}", "13°19′N 169°9′W"),
        ("{{coord|48.8|-2.35}} {{coord|1|N|2|E|display=title}}", "48.8° -2.35°"),
        ("{{coord|1|2|3|S|4|E|display=inline,title}}", "1°2′3″S 4°E"),
        ("{{Pop density|3645257|640081.87|km2|sqmi|prec=1}}", "5.7/km²"),
        ("{{INRConvert|5|c}}", "₹5 crore"),
    ],
)  # fmt: skip
def test_rendered(wikitext: str, prose: str) -> None:
    found = text_of(f"It is {wikitext} so.", "Title", Site(), lambda why, what: None)
    assert " ".join(found.split()) == f"It is {prose} so."
