"""A folder of another kind of tokenizer."""

import json

import pytest

from bertprep.errors import VocabularyError
from tests.made_tokenizers import byte_level, unigram
from tests.vocabulary.other_kinds import (
    ROBERTA,
    files_of,
    ids_of,
    read,
)


def test_the_casing_is_the_file_s_own():
    with pytest.raises(VocabularyError, match="says itself how letters are treated"):
        read(ROBERTA, lowercase=True)


@pytest.mark.torch
@pytest.mark.parametrize("model_type", ["roberta", "xlm-roberta", "modernbert", "deberta-v2"])
def test_a_model_s_configuration_names_the_class(auto, model_type):
    whole = byte_level() if model_type in ("roberta", "modernbert") else unigram()
    whole |= {"pre_tokenizer": {"type": "WhitespaceSplit"}}
    files = files_of(whole, **{"config.json": json.dumps({"model_type": model_type})})
    texts = ["the cat  sat", "don't café"]
    expected = auto(files)(texts, add_special_tokens=False)["input_ids"]
    assert ids_of(read(files).vocabulary, texts) == expected
