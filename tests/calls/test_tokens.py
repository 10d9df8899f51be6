"""The API's tokenizer, and what it cuts into sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("text", ["", " \t\n\u3000", "\0", "\ufeff\u200d\u200f", "\u0301"])
def test_text_without_a_word_has_no_tokens(vocabulary: Vocabulary, text: str) -> None:
    tokenizer = bertprep.Tokenizer(vocabulary)
    assert tokenizer(text) == [] == tokenizer.tokens(text)
    assert "".join(bertprep.segment(text)) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "\u202eabc\u202c. \u05e9\u05dc\u05d5\u05dd.\u200f ",
        "\U0001f469\u200d\U0001f467! ",
        "\ud800. ",
    ],
)
def test_sentences_of_odd_text_lose_no_character(text: str) -> None:
    assert "".join("".join(bertprep.segment(text * 3)).split()) == "".join((text * 3).split())


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (b"abc", bertprep.UsageError, r"text 0 is bytes; expected a str \(decode bytes first\)"),
        (None, bertprep.UsageError, "text 0 is None; expected a str"),
        (["a", 5], bertprep.UsageError, "text 1 is int; expected a str"),
        (["a", "\ud800"], bertprep.InputError, "text 1 holds half of a surrogate pair"),
    ],
)
def test_what_is_no_text_is_said(
    vocabulary: Vocabulary, text: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        bertprep.Tokenizer(vocabulary)(text)


@pytest.mark.parametrize("text", [b"A. B.", None, ["A. B."]])
def test_sentences_are_those_of_one_text(text: Any) -> None:
    with pytest.raises(bertprep.UsageError, match=r"text 0 is .*; expected a str"):
        bertprep.segment(text)


def test_an_attribute_that_is_not_there() -> None:
    assert {"shard", "Tokenizer", "InputError"} <= set(dir(bertprep))
    with pytest.raises(AttributeError, match="has no attribute 'shards_of'"):
        bertprep.shards_of  # noqa: B018
