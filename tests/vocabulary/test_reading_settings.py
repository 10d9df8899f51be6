"""Settings of a vocabulary, as a manifest keeps them."""

import hashlib
import json

import pytest

from bertprep.vocabulary.reading_settings import settings_from_json
from bertprep.vocabulary.vocabulary import Vocabulary, vocab_txt
from tests.vocabulary.folders import BERT, TOKENS, folder, read


def test_a_plain_folder_has_the_digest_that_its_tokens_and_casing_had():
    plain = Vocabulary(TOKENS, True)
    content = vocab_txt(TOKENS) + b"uncased"
    assert plain.digest == hashlib.sha256(content).hexdigest()
    config = {**BERT, "strip_accents": None, "tokenize_chinese_chars": True}
    assert read(folder(config)).vocabulary.digest == plain.digest
    assert read(folder({**BERT, "strip_accents": True})).vocabulary.digest == plain.digest
    others = [{"strip_accents": False}, {"additional_special_tokens": ["[EOT]"]}]
    digests = {read(folder(BERT | other)).vocabulary.digest for other in others}
    assert len(digests | {plain.digest}) == 3


@pytest.mark.parametrize("more", [{}, {"additional_special_tokens": ["[EOT]", "foo"]}])
def test_settings_come_back_from_a_manifest(more):
    vocabulary = read(folder({**BERT, "strip_accents": False, **more})).vocabulary
    entry = json.loads(json.dumps(vocabulary.settings.as_json()))
    assert settings_from_json(entry) == vocabulary.settings
    for wrong in ({"prefix": 1}, {"strip_accents": 1}, {"added": [{}]}, {"added": {}}):
        with pytest.raises(ValueError, match=r"settings|added"):
            settings_from_json(wrong)
