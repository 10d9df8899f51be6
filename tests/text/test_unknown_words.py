"""Words behind [UNK]."""

from __future__ import annotations

from bertprep.text.unknown_words import UnknownWords, marks_among, unknown_characters
from bertprep.vocabulary.vocabulary import Vocabulary


def test_words_are_counted_with_bounds_and_by_what_they_lack() -> None:
    words = UnknownWords()
    words.add({b"x%d" % number: 1 for number in range(30_000)})
    words.add({b"often": 9, "\u2042".encode(): 3, b"y" * 1000: 5})
    found = words.most_frequent()
    assert list(found)[:2] == ["often", "y" * 40] and len(found) <= 100
    assert marks_among({"\u2042".encode(): 3, b"often": 9}) == 3
    vocabulary = Vocabulary(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "o", "##f"), True)
    assert dict(unknown_characters({"Off": 2}, vocabulary)) == {}
    assert dict(unknown_characters({"Oft": 2}, vocabulary)) == {"t": 2}
    assert dict(unknown_characters({"人o": 1}, vocabulary)) == {"人": 1}
