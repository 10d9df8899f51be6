"""Words that are no choices: which was meant."""

from __future__ import annotations

from typing import get_args

import pytest

from bertprep.errors import UsageError
from bertprep.options import ReadOptions, ShardOptions
from bertprep.settings import choices
from bertprep.settings.did_you_mean import _OTHER_WORDS, _WHAT_IT_IS, meant

CHOICES = {
    "task": get_args(choices.Task),
    "masking": get_args(choices.Masking),
    "input-format": get_args(choices.InputFormat),
    "documents": get_args(choices.DocumentRule),
    "output-format": get_args(choices.OutputFormat),
    "layout": get_args(choices.Layout),
}


def test_other_words_lead_to_choices_and_are_none() -> None:
    assert set(_OTHER_WORDS) == set(CHOICES)
    for option, words in _OTHER_WORDS.items():
        assert set(words.values()) <= set(CHOICES[option])
        assert not set(words) & set(CHOICES[option])
    assert all(choice in CHOICES[option] for option, choice in _WHAT_IT_IS)


@pytest.mark.parametrize(
    ("option", "word", "answer"),
    [
        ("task", "MLM", "Did you mean none (masks alone, without pairs)?"),
        ("masking", "whole_word", "Did you mean whole-word?"),
        ("layout", "lddll", "Did you mean lddl?"),
        ("input-format", "the_pile", "Did you mean jsonl?"),
        ("input-format", "20newsgroups", "Did you mean mail?"),
        ("task", "translation", ""),
    ],
)
def test_what_was_meant(option: str, word: str, answer: str) -> None:
    assert meant(option, word, CHOICES[option]) == answer


def test_python_is_answered_as_the_command_is() -> None:
    with pytest.raises(UsageError, match=r"got 'mlm'\. Did you mean none \(masks alone"):
        ShardOptions(task="mlm")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"got 'xyz'$"):
        ReadOptions(sentences="xyz")  # type: ignore[arg-type]
