"""The API's tokenizer, and what it cuts into sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

import bertprep
from bertprep.vocabulary.tokenizer import word_tokenizer
from bertprep.vocabulary.vocabulary import Vocabulary


def test_ids_are_those_of_the_reference(
    vocab_dir: Path, vocabulary: Vocabulary, prose: list[str]
) -> None:
    tokenizer = bertprep.Tokenizer.from_file(vocab_dir)
    reference = word_tokenizer(vocabulary)
    texts = ["", "Unbelievably naïve", *prose[:5]]
    expected = [reference.encode(text, add_special_tokens=False).ids for text in texts]
    assert tokenizer(texts) == expected
    assert tokenizer(texts[1]) == expected[1]
    assert "".join(tokenizer.tokens("Class")).replace("##", "") == "class"
    assert len(tokenizer) == 3000
    assert bertprep.Tokenizer(vocab_dir)(texts) == bertprep.Tokenizer(vocabulary)(texts) == expected


def test_it_shows_itself(vocabulary: Vocabulary) -> None:
    assert repr(bertprep.Tokenizer(vocabulary)) == "Tokenizer(3,000 tokens)"


def test_sentences() -> None:
    text = "Dr. Who came in. He\nleft."
    assert bertprep.segment(text) == ["Dr. Who came in.", "He", "left."]
    assert bertprep.segment(text, sentences="wrapped") == ["Dr. Who came in.", "He\nleft."]


def test_an_attribute_that_is_not_there() -> None:
    assert {"shard", "Tokenizer", "InputError"} <= set(dir(bertprep))
    with pytest.raises(AttributeError, match="has no attribute 'shards_of'"):
        bertprep.shards_of  # noqa: B018
