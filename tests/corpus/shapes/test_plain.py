"""What is told in a hurry to be prose is prose on a closer look, too."""

from __future__ import annotations

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes import plain
from tests.corpus.test_kinds import READ, REFUSED, WARNED

PROSE = (
    b"The panda eats bamboo all day and sleeps under a tree. In the evening it walks down to the "
    b"river, where others of its kind have come to drink.\nNobody has counted them for years; the "
    b"keeper, an old man, thinks there are some forty. He may well be right.\n"
)


def test_sentences_are_plain() -> None:
    assert plain.is_plain(PROSE)
    german = (
        "Das Haus, wie es der Großvater gebaut hat, steht am Rand der Stadt. "
        "Wer dort wohnt, sieht von den Fenstern aus bis zu den Bergen. "
    )
    assert plain.is_plain(german.encode() * 2)


@pytest.mark.parametrize("size", [2000, 8000])
def test_no_kind_that_something_is_said_of_is_plain(size: int) -> None:
    said = {**REFUSED, **WARNED}
    assert [kind for kind, (content, _) in said.items() if plain.is_plain(content[:size])] == []


@pytest.mark.parametrize(
    ("of", "by"),
    [(b"\n", b"\n- "), (b"a", b"x"), (b" ", b""), (b"e", b"{"), (b"o", b"0")],
)
def test_one_thing_that_is_odd_takes_a_closer_look(of: bytes, by: bytes) -> None:
    changed = PROSE.replace(of, by) * 2
    assert not plain.is_plain(changed)


def test_what_is_too_short_or_too_long_is_not_told_so() -> None:
    assert not plain.is_plain(PROSE[:150])
    assert not plain.is_plain(PROSE * 99)


def test_what_is_plain_has_no_shape_of_another_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    from bertprep.corpus import not_prose

    texts = [content for content, _ in READ.values()] + [PROSE * n for n in range(1, 9)]
    parts = [Part(text[at : at + 2000]) for text in texts for at in range(0, 8000, 2000)]
    fast = [part for part in parts if plain.is_plain(part.data)]
    monkeypatch.setattr(not_prose, "is_plain", lambda data: False)
    assert fast and {not_prose.shape_of(part) for part in fast} == {None}
