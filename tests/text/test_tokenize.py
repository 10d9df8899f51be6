"""Token ids: those of ``tokenizers``, whatever the text, the batch and the memory."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from bertprep.text.pieces import cut_text
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary
from tests.examples_count import of_a_hundred
from tests.made_tokenizers import unigram, word_pieces
from tests.text.id_cases import (
    CASINGS,
    PIECES,
    SMALL,
    any_text,
    batch_tokenizer,
    bounded_text,
    ids_between,
)
from tests.vocabulary.other_kinds import ROBERTA, files_of, read


@pytest.fixture(scope="module")
def vocab_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "vocab.txt"
    path.write_bytes(SMALL)
    return str(path)


def reference(path, lowercase):
    tokenizer = Tokenizer(models.WordPiece.from_file(path, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def reference_ids(path, lowercase, sentences):
    encoded = reference(path, lowercase).encode_batch(sentences, add_special_tokens=False)
    return [encoding.ids for encoding in encoded]


def ids_of(tokenizer, sentences):
    """The ids of sentences that are one batch, with nothing between them."""
    edges = [0, *np.cumsum([len(sentence) for sentence in sentences]).tolist()]
    return ids_between(tokenizer, "".join(sentences), list(pairwise(edges)))


def pieces_of(lowercase, text):
    tokens = list(dict.fromkeys(PIECES))
    return [tokens[i] for i in ids_of(batch_tokenizer(lowercase), [text])[0]]


def test_the_known_ids_of_the_official_uncased_vocabulary():
    known = {"hello": 7592, "world": 2088, "how": 2129, "are": 2024, "you": 2017, "?": 1029}
    tokens = [*SPECIAL_TOKENS, *(f"[unused{i}]" for i in range(7600))]
    for token, i in known.items():
        tokens[i] = token
    tokenizer = batch_tokenizer(True, tokens)
    expected = [[7592, 2088, 2129, 2024, 2017, 1029]]
    assert ids_of(tokenizer, ["Hello WORLD how ARE yoU?"]) == expected


def test_a_case_worked_by_hand():
    text = "Hello, unaffable world!\n世界か\u3000Élan"
    assert pieces_of(True, text) == [
        *("hello", ",", "un", "##affable", "wor", "##ld", "!"),
        *("世", "界", "か", "e", "##l", "##a", "##n"),
    ]
    assert pieces_of(False, text) == [
        *("[UNK]", ",", "un", "##affable", "wor", "##ld", "!"),
        *("世", "界", "か", "[UNK]"),
    ]


@CASINGS
@settings(max_examples=of_a_hundred(300))
@given(bounded=bounded_text())
@example(bounded=("hello world", [(1, 3), (3, 8)]))  # inside of words, text before and behind
@example(
    bounded=("a\U0002b820b \U0002b91f", [(0, 3), (3, 5)])
)  # ``tokenizers`` sets these not apart
@example(bounded=("", []))
@example(bounded=("", [(0, 0)]))
@example(bounded=("世a", [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]))
def test_ids_are_those_of_tokenizers(vocab_path, lowercase, bounded):
    text, bounds = bounded
    expected = reference_ids(vocab_path, lowercase, [text[start:end] for start, end in bounds])
    assert ids_between(batch_tokenizer(lowercase), text, bounds) == expected


@pytest.mark.slow
@CASINGS
def test_every_code_point_between_letters(vocab_path, lowercase):
    # 16 to a text: one cut or not as it should be gives a token more or less.  Of the planes that
    # mean nothing, or are private, every hundredth.
    told = [*range(0x34000), *range(0x34000, 0xE0000, 101), *range(0xE0000, 0xE1000)]
    told += range(0xE1000, 0x110000, 101)
    points = [chr(i) for i in told if not 0xD800 <= i < 0xE000]
    texts = [f"a{''.join(points[i : i + 16])}b" for i in range(0, len(points), 16)]
    ours = ids_of(batch_tokenizer(lowercase), texts)
    theirs = reference_ids(vocab_path, lowercase, texts)
    different = [ascii(text) for text, a, b in zip(texts, ours, theirs, strict=True) if a != b]
    assert different == []


@CASINGS
def test_every_pair_of_odd_neighbours(vocab_path, lowercase):
    odd = "a 1,[#\t\r\n\0\x0b\x0c\x1c\x7f\x85\xa0\xadé\u0301\u0327\u200b\u200d\u2028\u2029\u3000"
    odd += "\ufeff\ufffdςΣßİıﬁ世か가ᄀ\u1161。！𠀀\U0002b820\U0002b920😀🏽\U000e0001\U0010ffff≠ǅ豈"
    texts = [f"{x}{y}a" for x in odd for y in odd]
    assert ids_of(batch_tokenizer(lowercase), texts) == reference_ids(vocab_path, lowercase, texts)


@CASINGS
def test_words_of_about_a_hundred_characters(vocab_path, lowercase):
    words = [
        unit * n for unit in ("a", "é", "e\u0301", "ς", "😀", "世") for n in (99, 100, 101, 250)
    ]
    assert ids_of(batch_tokenizer(lowercase), words) == reference_ids(vocab_path, lowercase, words)


def test_a_word_over_a_hundred_characters_is_unknown():
    hundred = ["a", *["##a"] * 99]
    assert pieces_of(True, "a" * 100) == hundred
    assert pieces_of(True, "a" * 101) == ["[UNK]"]
    # Counted are the characters that are left: no control character, and no stripped accent.
    assert pieces_of(True, "a\0" * 100) == hundred
    assert pieces_of(True, "a\u0301" * 100) == hundred
    assert pieces_of(False, "a\u0301" * 100) == ["[UNK]"]


def test_combining_marks():
    assert pieces_of(True, "e\u0301a \u0301 世\u0301") == ["e", "##a", "世"]
    assert pieces_of(False, "e\u0301a") == ["e", "##\u0301", "##a"]
    assert pieces_of(False, "\u0301 世\u0301") == ["\u0301", "世", "\u0301"]


def test_names_of_special_tokens_are_text():
    assert pieces_of(True, "[MASK][SEP] [ MASK ]") == [
        *("[", "mask", "]", "[", "sep", "]", "[", "mask", "]")
    ]
    assert pieces_of(False, "[MASK]##ing") == ["[", "MASK", "]", "#", "#", "i", "##n", "##g"]


@CASINGS
@given(parts=st.lists(any_text, min_size=1, max_size=5))
@example(parts=["世", "<", "unk>", "", ">"])
def test_marked_unknown_words_are_unk_and_separate_what_is_around(vocab_path, lowercase, parts):
    text = "<unk>".join(parts)
    bounds = [(0, len(text)), (len(text), len(text))]
    expected = reference_ids(vocab_path, lowercase, text.split("<unk>"))
    unk = SPECIAL_TOKENS.index("[UNK]")
    marked = [i for ids in expected for i in (unk, *ids)][1:]
    tokenizer = batch_tokenizer(lowercase)
    for _ in range(2):  # what was met in one text is not remembered wrongly in the other
        assert ids_between(tokenizer, text, bounds, marked=True) == [marked, []]
        (plain,) = reference_ids(vocab_path, lowercase, [text])
        assert ids_between(tokenizer, text, bounds) == [plain, []]


def test_a_marked_unknown_word_is_one_piece_among_others():
    text = np.frombuffer(b"<unk>a <unk><unk>, <UNK> <unk", np.uint8)
    starts, ends = cut_text(text, np.array([0, 29]), marked=True)
    pieces = [bytes(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    assert pieces == [*(b"<unk>", b"a", b"<unk>", b"<unk>", b",", b"<", b"UNK", b">", b"<", b"unk")]


def test_control_characters_vanish_and_separate_nothing():
    for control in "\0\x01\x0b\x0c\x1c\x1f\x7f\x85\xad\u200b\u200d\ufeff\ufffd":
        assert pieces_of(True, f"hel{control}lo") == ["hello"], ascii(control)
    for space in " \t\n\r\xa0\u2003\u2028\u2029\u3000":
        assert pieces_of(True, f"wor{space}{space}un") == ["wor", "un"], ascii(space)
    assert pieces_of(True, "\0 \x07\u200b") == []


def test_text_outside_of_the_sentences_gives_no_ids():
    tokenizer = batch_tokenizer(True)
    hello, un = tokenizer._reference.token_to_id("hello"), tokenizer._reference.token_to_id("un")
    assert ids_between(tokenizer, "abc hello, 世 un! 9", [(4, 9), (13, 15)]) == [[hello], [un]]
    assert ids_between(tokenizer, "abc hello", []) == []
    assert ids_between(tokenizer, "abc hello", [(3, 4), (9, 9)]) == [[], []]


@pytest.mark.parametrize("cache_bytes", [0, 4000])
def test_a_small_memory_changes_nothing_and_stays_small(cache_bytes):
    forgetful, full = batch_tokenizer(True, cache_bytes=cache_bytes), batch_tokenizer(True)
    for round_ in range(20):
        batch = [f"hello world {round_} {word}{round_}" for word in ("世", "un", "é😀", "abc", "")]
        assert ids_of(forgetful, batch) == ids_of(full, batch)
        # So many pieces of 150 bytes and more, and those of a batch that still found room.
        assert len(forgetful._memory) <= cache_bytes // 150 + 13
    assert len(full._memory) > 60


WHITESPACE = {"type": "Whitespace"}
OTHERS = {
    "WordPiece": Vocabulary(tuple(dict.fromkeys(PIECES)), lowercase=True),
    "byte level": read(ROBERTA).vocabulary,
    "other WordPiece": read(files_of(word_pieces(pre_tokenizer=WHITESPACE))).vocabulary,
    "without marks": read(files_of(unigram(pre_tokenizer=WHITESPACE))).vocabulary,
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_a_small_memory_keeps_is_right(kind):
    forgetful, full = (BatchTokenizer(OTHERS[kind], cache_bytes=size) for size in (2000, 1 << 20))
    for number in range(40):
        new = f"x{chr(97 + number % 26)}, {number}"
        text = f" the cat, {new} doesn't été 漢😀 {number % 3} ".encode()
        bounds = np.array([0]), np.array([len(text)])
        assert_same_tokens(forgetful(text, *bounds), full(text, *bounds))
        assert len(forgetful._memory) < 35
    assert len(full._memory) > 60


def assert_same_tokens(one, other):
    for name in ("ids", "sentence_offsets", "flagged"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.unknown == other.unknown


def test_a_sentence_has_the_same_ids_alone_and_in_any_company():
    sentences = ["Hello world.", "世界か", "a\0b", "", "[MASK] e\u0301", "x" * 101, "Hello world."]
    tokenizer = batch_tokenizer(True)
    together = ids_of(tokenizer, sentences)
    assert ids_of(tokenizer, sentences[::-1]) == together[::-1]
    assert [ids_of(batch_tokenizer(True), [sentence])[0] for sentence in sentences] == together


@pytest.mark.parametrize("part_bytes", [1, 3, 7, 4 << 20])
def test_where_words_go_on_is_told_in_tokens(part_bytes):
    text = "un 世界\0 waffle, 世"  # bytes: un 0, 世 3, 界 6, control 9, waffle 11, comma 17, 世 19
    tokenizer = batch_tokenizer(True, part_bytes=part_bytes)

    def continued(*places):
        bounds = np.array([0, 17]), np.array([17, 22])
        tokens = tokenizer(text.encode(), *bounds, np.array(places, np.int64))
        assert tokens.sentence_offsets.tolist() == [0, 9, 11]
        return tokens.flagged.tolist()

    assert continued(*range(30)) == [0, 1, 2, 3, 9, 10]
    assert continued(6, 19, 22) == [2, 10]
    assert continued(1, 7, 9, 10, 12) == []
    assert continued() == []
