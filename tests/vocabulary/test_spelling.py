"""Where words begin by their spelling, and how tokens are shown."""

import numpy as np

from tests.made_tokenizers import metaspace, unigram
from tests.vocabulary.other_kinds import ROBERTA, files_of, ids_of, read, tokens_of


def words_of(vocabulary, text):
    """The numbers of the tokens that begin words."""
    tokens = tokens_of(vocabulary, [text])
    joined = vocabulary.continuing[tokens.ids]
    joined[tokens.flagged] ^= True
    return np.flatnonzero(~joined).tolist()


def test_words_begin_where_the_mark_is_and_with_a_sentence():
    vocabulary = read(ROBERTA).vocabulary
    first, second = (len(ids) for ids in ids_of(vocabulary, ["caféteria", " garçons."]))
    assert words_of(vocabulary, "caféteria garçons. the") == [0, first, first + second]


def test_words_without_marks_are_the_pre_tokenizer_s():
    whole = {**unigram(), "pre_tokenizer": {"type": "Whitespace"}}
    vocabulary = read(files_of(whole)).vocabulary
    assert not vocabulary.settings.marks_words
    assert not vocabulary.continuing.any()
    assert (
        ids_of(vocabulary, ["Bone, dog"])[0]
        == [vocabulary.ids[character] for character in "Bone,dog" if character in vocabulary.ids]
        or vocabulary.unk_id in ids_of(vocabulary, ["Bone, dog"])[0]
    )
    assert words_of(vocabulary, "one, two") == [0, 3, 4]


def test_tokens_are_shown_as_text():
    vocabulary = read(ROBERTA).vocabulary
    shown = {t: vocabulary.shown_tokens[vocabulary.ids[t]] for t in ("Ġthe", "Ã©", "<s>", "Ġ")}
    assert shown == {"Ġthe": "the", "Ã©": "##é", "<s>": "[CLS]", "Ġ": "Ġ"}
    vocabulary = read(files_of(unigram(pre_tokenizer=metaspace()))).vocabulary
    shown = {t: vocabulary.shown_tokens[vocabulary.ids[t]] for t in ("▁the", "ing", "▁")}
    assert shown == {"▁the": "the", "ing": "##ing", "▁": "▁"}
