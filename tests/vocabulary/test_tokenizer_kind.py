"""Which tokenizer a folder is for."""

import pytest

from bertprep.errors import VocabularyError
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS
from tests.vocabulary.folders import folder, read


def test_a_config_json_counts_where_it_is_a_models():
    cased = [*SPECIAL_TOKENS, "The", "the", "Ox"]
    assert not read(folder(None, cased, config_json={"name": "my app"})).vocabulary.lowercase
    with pytest.raises(VocabularyError, match=r"config.json does not say do_lower_case"):
        read(folder(None, cased, config_json={"model_type": "bert"}))
    assert (
        read(folder(None, ["a", *SPECIAL_TOKENS], config_json={"model_type": "bert"})).stated
        is False
    )
