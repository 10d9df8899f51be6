"""Whether a text is made of words."""

from __future__ import annotations

import random
import string

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.words import no_words, share_of_words

PROSE = "The panda eats bamboo, and it sleeps under a tall tree near the water. " * 20
CHANCE = random.Random(0)
LETTERS = string.ascii_letters + string.digits
NOISE = " ".join("".join(CHANCE.choices(LETTERS, k=12)) for _ in range(200))


def test_prose_is_made_of_words_and_chance_is_not() -> None:
    words, noise = share_of_words(PROSE), share_of_words(NOISE)
    assert words is not None and words > 0.9
    assert noise is not None and noise < 0.4
    assert share_of_words("") is None


def test_what_has_no_words_is_a_finding() -> None:
    assert no_words(Part(PROSE.encode())) is None
    found = no_words(Part(NOISE.encode()))
    assert found is not None and not found.is_warning
