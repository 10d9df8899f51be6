"""Tokenizers that transformers makes of the tokens alone."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.examples_count import of_a_hundred
from tests.made_tokenizers import BERT, byte_level, metaspace, unigram
from tests.vocabulary.other_kinds import (
    files_of,
    ids_of,
    read,
    sentences,
)

CHARSMAP = {"type": "Sequence", "normalizers": [{"type": "NFKC"}]}  # which the classes do not heed
CLASSES = {
    "RobertaTokenizer": (byte_level, {"add_prefix_space": True}),
    "DebertaTokenizer": (lambda: byte_level(tuple(BERT)), {"add_prefix_space": True}),
    "XLMRobertaTokenizer": (lambda: unigram(normalizer=CHARSMAP), {"add_prefix_space": False}),
    "CamembertTokenizer": (unigram, {"add_prefix_space": False}),
    "AlbertTokenizer": (
        lambda: unigram(["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]),
        {"do_lower_case": False, "keep_accents": True},
    ),
    "DebertaV2Tokenizer": (
        lambda: unigram(BERT, "[UNK]", pre_tokenizer=metaspace("never")),
        {"do_lower_case": True, "split_by_punct": True},
    ),
}


@pytest.mark.torch
@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("name", CLASSES)
@settings(
    max_examples=of_a_hundred(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sentences)
def test_classes_that_take_only_the_tokens_are_followed(auto, name, plain, texts):
    made, options = CLASSES[name]
    files = files_of(made(), {"tokenizer_class": name, **({} if plain else options)})
    vocabulary, reference = read(files).vocabulary, auto(files)
    assert len(vocabulary) == len(reference)
    named = reference.cls_token_id, reference.sep_token_id, reference.pad_token_id
    assert (vocabulary.cls_id, vocabulary.sep_id, vocabulary.pad_id) == named
    expected = reference(texts, add_special_tokens=False)["input_ids"]
    assert ids_of(vocabulary, texts) == expected
