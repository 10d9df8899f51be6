"""Ids of pieces that are encoded together: those that each gives alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.text.blank_pieces import BlankCutter
from bertprep.text.piece_ids import JOINED, JoinedEncoder, concatenated, encoded_alone
from bertprep.vocabulary.whole_tokenizer import whole_tokenizer
from tests.made_tokenizers import byte_level, metaspace, unigram
from tests.vocabulary.other_kinds import ROBERTA, files_of, read

AS_IT_IS = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>"}
AS_IT_IS |= {"pad_token": "<pad>", "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>"}
KINDS = {
    "byte level": ROBERTA,
    "byte level, blanks dropped first": files_of(
        {
            **byte_level(),
            "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [
                    {"type": "WhitespaceSplit"},
                    {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True}
                    | {"use_regex": True},
                ],
            },
        },
        AS_IT_IS,
    ),
    "unigram": files_of(unigram(pre_tokenizer=metaspace()), AS_IT_IS),
    "unigram, composed": files_of(
        unigram(pre_tokenizer=metaspace(), normalizer={"type": "NFKC"}), AS_IT_IS
    ),
}
odd = st.text("ab1T'.,(é\u0301世 ¨ﷺ㍍①\u200bＡﬁ\u0d4eя<|x", max_size=5)
pieces = st.lists(odd.map(lambda text: " " + text), min_size=2, max_size=2 * JOINED + 1)


class Counted:
    """A tokenizer that counts the texts it was given."""

    def __init__(self, tokenizer):
        self.tokenizer, self.texts = tokenizer, 0

    def encode_batch_fast(self, texts, **options):
        self.texts += len(texts)
        return self.tokenizer.encode_batch_fast(texts, **options)


def encoder_of(files):
    vocabulary = read(files).vocabulary
    cutter, (tokenizer, ids) = BlankCutter(vocabulary), whole_tokenizer(vocabulary)
    begins = ~vocabulary.continuing
    begins = np.append(begins, False)[np.minimum(ids, len(begins))]
    counted = Counted(tokenizer)
    return cutter, counted, JoinedEncoder(counted, begins, may_not=cutter.may_hold)


@pytest.mark.parametrize("kind", KINDS)
@given(texts=pieces)
def test_joined_pieces_give_what_each_gives(kind, texts):
    cutter, tokenizer, encoder = encoder_of(KINDS[kind])
    texts = [text for text in texts if cutter.may_be_joined(text.encode())]
    found, expected = encoder(texts), encoded_alone(tokenizer, texts)
    assert found.ids.tolist() == expected.ids.tolist()
    assert found.lengths.tolist() == expected.lengths.tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_given_together(kind):
    cutter, tokenizer, encoder = encoder_of(KINDS[kind])
    texts = [f" cat{i}," for i in range(3 * JOINED)] + [" мой", " été"]
    assert all(cutter.may_be_joined(text.encode()) for text in texts)
    encoder(texts)
    assert tokenizer.texts == 4


def test_what_may_give_other_tokens_is_not_joined():
    cutter, _, _ = encoder_of(KINDS["unigram, composed"])
    for piece in (
        "cat",
        " a b",
        "  cat",
        " cat ",
        " ﷺ",
        " ¨",
        " ",
        " e\u0301",
        "\tcat",
        " cat\u0d4e",
    ):
        assert not cutter.may_be_joined(piece.encode()), ascii(piece)
    digits = [{"type": "Digits", "individual_digits": True}, metaspace("always", words=False)]
    split = {"type": "Sequence", "pretokenizers": digits}
    cutter, _, _ = encoder_of(files_of(unigram(pre_tokenizer=split), AS_IT_IS))
    assert not cutter.may_be_joined(b" cat")


def test_a_part_of_which_too_few_words_begin_is_encoded_piece_by_piece():
    _, tokenizer, encoder = encoder_of(ROBERTA)
    texts = ["cat"] + [" the"] * (3 * JOINED)  # the first has no mark
    found, expected = encoder(texts), encoded_alone(tokenizer.tokenizer, texts)
    assert found.ids.tolist() == expected.ids.tolist()
    assert found.lengths.tolist() == expected.lengths.tolist()
    assert tokenizer.texts == 4 + JOINED


def test_joining_in_vain_is_given_up():
    _, tokenizer, encoder = encoder_of(ROBERTA)
    texts = ["cat"] * (2 * JOINED)
    first, second = encoder(texts), encoder(texts)
    assert first.ids.tolist() == second.ids.tolist()
    assert tokenizer.texts == 2 + 2 * len(texts)


def test_pieces_between_which_an_added_token_would_be_found_are_not_joined():
    whole = byte_level()
    token = {"id": len(whole["model"]["vocab"]), "content": "the cat", "special": False}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    added = [*whole["added_tokens"], {**token, **flags}]
    files = files_of({**whole, "added_tokens": added}, {"tokenizer_class": "RobertaTokenizer"})
    _, tokenizer, encoder = encoder_of(files)
    texts = [" the", " cat"]
    assert encoder(texts).ids.tolist() == encoded_alone(tokenizer, texts).ids.tolist()


def test_which_tokens_go_on_with_a_word_is_told_where_it_is_asked():
    _, tokenizer, _ = encoder_of(KINDS["unigram"])
    texts = [" café", "cat, the"]
    asked = encoded_alone(tokenizer.tokenizer, texts, with_words=True)
    told = [tokenizer.tokenizer.encode(text, add_special_tokens=False) for text in texts]
    expected = [
        i > 0 and word == one.word_ids[i - 1] for one in told for i, word in enumerate(one.word_ids)
    ]
    assert asked.is_inside.tolist() == expected
    assert any(expected)
    both = concatenated([asked, encoded_alone(tokenizer, texts)])
    assert both.is_inside.tolist() == expected + [False] * len(expected)
    assert both.lengths.tolist() == asked.lengths.tolist() * 2
