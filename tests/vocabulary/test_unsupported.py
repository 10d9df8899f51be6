"""What is not supported is refused by name."""

import re

import pytest

from bertprep.errors import VocabularyError
from tests.made_tokenizers import byte_level, unigram
from tests.vocabulary.other_kinds import files_of, read

REFUSED = {
    "no mask": (
        files_of(unigram(["<s>", "<pad>", "</s>", "<unk>"])),
        "nothing says which token is [MASK], and there is no [MASK] or <mask>",
    ),
    "no whole file": (
        {"vocab.txt": "a", "tokenizer_config.json": '{"tokenizer_class": "RobertaTokenizer"}'},
        "which needs a tokenizer.json beside it",
    ),
    "lots drawn": (
        files_of({**byte_level(), "model": {**byte_level()["model"], "dropout": 0.1}}),
        "has a BPE dropout of 0.1",
    ),
    "another kind of model": (
        files_of(unigram(), {"tokenizer_class": "RobertaTokenizer"}),
        "is of the model kind Unigram, but transformers' RobertaTokenizer is a BPE",
    ),
    "a class not known": (
        files_of(unigram(), {"tokenizer_class": "BigBirdTokenizer"}),
        "is BigBirdTokenizer, which is not supported; supported are",
    ),
}


@pytest.mark.parametrize(("files", "what"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_in_a_line(files, what):
    with pytest.raises(VocabularyError, match=re.escape(what)) as caught:
        read(files)
    assert "\n" not in str(caught.value)
