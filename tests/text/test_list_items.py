from __future__ import annotations

import pytest

from bertprep.text.segment import Segmenter

# "|" marks the boundaries.
LINES = """
1. The first item |2. The second item |3. The third
1) The first item |2) The second item
9.) It has 3) Parts. |10.) The second item
\u2022 9. The first item |\u2022 10. The second item
\u20439. The first item |\u204310. The second item
a. The first item |b. The second item |c. The third list item
1. The first. |3. Bundesliga and 2. the end
A. Smith met B. Jones
See 1) The first and 2) The second
In paragraph (1) Sentence 2 is dropped. |It ends.
Scope |(1) This law applies. |(2) It ends.
Scope |(1) This law applies; so be it. |(2) It ends. |(3) Or not.
The winners were (1) Alice, (2) Bob and (3) Carol.
You find it at N\u00b0. 1026. |It is 20\u00b0. |5 are cold.
"""


@pytest.mark.parametrize("marked", LINES.strip().splitlines())
def test_items_of_a_line(marked: str) -> None:
    text = marked.replace("|", "")
    starts, ends = Segmenter()(text)
    found = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert found == [part.strip() for part in marked.split("|")]


def test_ordinals_are_no_items() -> None:
    german = "1. FC Nuernberg und der Verein aus der 2. Bundesliga ist nicht auf dem 3. Platz."
    starts, _ = Segmenter()(german)
    assert len(starts) == 1
