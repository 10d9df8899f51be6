"""Texts cut at blanks, for tokenizers of any kind: marks and names of roles between words."""

import numpy as np

from tests.made_tokenizers import unigram
from tests.vocabulary.other_kinds import ROBERTA, files_of, ids_of, read, tokens_of


def test_a_role_s_name_in_a_text_is_text():
    for files in (ROBERTA, files_of(unigram(), {"tokenizer_class": "XLMRobertaTokenizer"})):
        vocabulary = read(files).vocabulary
        found = ids_of(vocabulary, ["the <mask> </s>cat"])[0]
        assert not {vocabulary.mask_id, vocabulary.sep_id} & set(found)
        assert len(found) > 8


def test_a_mark_in_the_text_is_the_unknown_token():
    vocabulary = read(ROBERTA).vocabulary
    texts = ["<unk> the", "the <unk> cat <unk>", "<unk>", "cat"]
    the, cat = ids_of(vocabulary, [" the", " cat"])
    unk = [vocabulary.unk_id]
    tokens = tokens_of(vocabulary, texts, marked=True)
    found = [part.tolist() for part in np.split(tokens.ids, tokens.sentence_offsets[1:-1])]
    expected = [unk + the, ids_of(vocabulary, ["the"])[0] + unk + cat + unk, unk]
    assert found == [*expected, ids_of(vocabulary, ["cat"])[0]]
    assert not tokens.unknown
    assert unk[0] not in tokens_of(vocabulary, texts).ids
