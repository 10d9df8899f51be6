"""Signs in the place of letters."""

from __future__ import annotations

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.signs import no_letters


def test_signs_are_no_text_and_texts_with_many_are() -> None:
    morse = no_letters(Part(b".-- .... / -.- .- / " * 60))
    assert morse and not morse.is_warning
    assert no_letters(Part(("😀 🎉🎉 ✨ " * 150).encode()))
    assert no_letters(Part(("😀 🎉 ✨ 🐼 " * 150).encode()))
    assert no_letters(Part(("..=/ ab " * 99).encode())) is None
    assert no_letters(Part(("well... ok!! 😀😀😀\n" * 60).encode())) is None
    assert no_letters(Part(b"=" * 600)) is None
    assert no_letters(Part(b"\xff\xfe" * 300)) is None  # another encoding
