"""Vocabularies: read, checked, and written so that every reader gives the same ids."""

import io
import json

import pytest

from bertprep.errors import VocabularyError
from bertprep.vocabulary.tokenizer import tokenizer_files
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary, parse_vocab_txt, vocab_txt
from tests.vocabulary.tokens import PIECES


def lines(*tokens, end="\n"):
    return end.join([*tokens, ""]).encode()


def test_ids_are_line_numbers():
    vocabulary = parse_vocab_txt(lines(*SPECIAL_TOKENS, "the", "##s"), lowercase=True)
    assert vocabulary.tokens == ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "##s")
    assert (vocabulary.ids["the"], vocabulary.ids["##s"], len(vocabulary)) == (5, 6, 7)
    special = (vocabulary.pad_id, vocabulary.cls_id, vocabulary.sep_id, vocabulary.mask_id)
    assert special == (0, 2, 3, 4)
    other_order = parse_vocab_txt(
        lines("a", "[MASK]", "[SEP]", "[CLS]", "[UNK]", "[PAD]"), lowercase=True
    )
    assert (other_order.mask_id, other_order.pad_id) == (1, 5)


def test_only_a_line_feed_ends_a_line():
    odd = ["\u2028", "##\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\xa0", "\u3000"]
    vocabulary = parse_vocab_txt(lines(*SPECIAL_TOKENS, *odd, "the"), lowercase=True)
    assert vocabulary.tokens[5:] == (*odd, "the")


@pytest.mark.parametrize(
    "data",
    [
        lines(*SPECIAL_TOKENS, "the", end="\r\n"),
        b"\xef\xbb\xbf" + lines(*SPECIAL_TOKENS, "the"),
        lines(*SPECIAL_TOKENS, "the").removesuffix(b"\n"),
        lines(*SPECIAL_TOKENS, "the", "", ""),
        lines(*SPECIAL_TOKENS, "the", "", end="\r\n"),
        lines(*SPECIAL_TOKENS, "the  ", "\t"),
    ],
    ids=["crlf", "bom", "no-last-line-feed", "blank-end", "blank-crlf-end", "blanks-around"],
)
def test_what_editors_do_to_a_file_changes_no_id(data):
    assert parse_vocab_txt(data, lowercase=True).tokens == (*SPECIAL_TOKENS, "the")


def test_an_empty_line_within_keeps_its_id_and_is_never_drawn():
    vocabulary = parse_vocab_txt(lines(*SPECIAL_TOKENS, "a", "", "b"), lowercase=True)
    assert vocabulary.ids["b"] == 7
    assert vocabulary.drawable_ids.tolist() == [5, 7]


def test_white_space_is_never_drawn():
    """bert-base-chinese has U+2028 and ##U+2028, and layouts that join tokens would lose them."""
    tokens = (*SPECIAL_TOKENS, "a", "\u2028", "##\u2028", "a b", "\u3000", "##b")
    vocabulary = Vocabulary(tokens, True)
    assert [tokens[i] for i in vocabulary.drawable_ids] == ["a", "##b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            lines("[PAD]", "[UNK]", "[SEP]", "a"),
            "no [CLS], [MASK] among its 4 lines",
        ),
        (b"", "no [PAD], [UNK], [CLS], [SEP], [MASK] among its 0 lines"),
        (b"\n", "among its 0 lines"),
        (lines(*SPECIAL_TOKENS, "a", "b", "a"), "'a' twice, on lines 6 and 8"),
        (lines(*SPECIAL_TOKENS, "a", "a\r"), "'a' twice, on lines 6 and 7"),
        (lines(*SPECIAL_TOKENS, "[CLS]"), "'[CLS]' twice, on lines 3 and 6"),
        (lines(*SPECIAL_TOKENS) + "é".encode("latin-1"), "not UTF-8 (byte 31)"),
        ("\n".join(SPECIAL_TOKENS).encode("utf-16"), "not UTF-8 (byte 0)"),
    ],
)
def test_an_unusable_vocabulary_is_refused(data, message):
    with pytest.raises(VocabularyError) as caught:
        parse_vocab_txt(data, lowercase=True, path="some/vocab.txt")
    assert message in str(caught.value)
    assert str(caught.value).startswith("some/vocab.txt")
    assert "\n" not in str(caught.value)


def test_what_continues_a_word_and_what_may_be_drawn():
    tokens = (*SPECIAL_TOKENS, "[unused0]", "<S>", "play", "##ing", "##", "#", "[", "]", "<")
    vocabulary = Vocabulary(tokens, True)
    continuing = [
        token for token, is_so in zip(tokens, vocabulary.continuing, strict=True) if is_so
    ]
    assert continuing == ["##ing"]
    drawable = [tokens[i] for i in vocabulary.drawable_ids]
    assert drawable == ["play", "##ing", "##", "#", "[", "]", "<"]


def test_the_digest_tells_tokens_their_order_and_casing_apart():
    base = Vocabulary((*SPECIAL_TOKENS, "a", "b"), True)
    assert base.digest == Vocabulary((*SPECIAL_TOKENS, "a", "b"), True).digest
    others = [
        Vocabulary((*SPECIAL_TOKENS, "a", "b"), False),
        Vocabulary((*SPECIAL_TOKENS, "b", "a"), True),
        Vocabulary((*SPECIAL_TOKENS, "ab"), True),
    ]
    assert len({base.digest, *(other.digest for other in others)}) == 4


def test_vocab_txt_is_read_back_as_it_was():
    tokens = (*SPECIAL_TOKENS, *dict.fromkeys(PIECES), "\u2028", "\u3000")
    assert vocab_txt(("a", "é")) == b"a\n\xc3\xa9\n"
    assert parse_vocab_txt(vocab_txt(tokens), lowercase=True).tokens == tokens


@pytest.mark.parametrize("lowercase", [True, False])
def test_the_configuration_says_the_casing(lowercase):
    files = tokenizer_files(Vocabulary((*SPECIAL_TOKENS, "a"), lowercase))
    assert sorted(files) == ["tokenizer.json", "tokenizer_config.json", "vocab.txt"]
    assert json.load(io.BytesIO(files["tokenizer_config.json"]))["do_lower_case"] is lowercase
    assert json.loads(files["tokenizer.json"])["normalizer"]["lowercase"] is lowercase
    assert files["vocab.txt"] == b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n"
