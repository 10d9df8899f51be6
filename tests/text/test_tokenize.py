"""Token ids: those of ``tokenizers``, whatever the text, the batch and the memory."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from bertprep.text.pieces import character_lengths, code_points, cut_text, text_parts
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, parse_vocab_txt, vocab_txt

LETTERS = "abcdefghijklmnopqrstuvwxyzABMSK0123456789éßσςİıñ"
PIECES = [
    *SPECIAL_TOKENS,
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~。，「」…—¿",
    *"世界漢字㐀豈𠀀",  # of several of the ranges that stand alone
    *("😀", "##😀", "👍", "##🏽", "\u0301", "##\u0301", "か", "##な", "가", "##나", "ก", "##า"),
    *("hello", "wor", "##ld", "##llo", "mask", "##king", "sep", "MASK", "##ASK", "un", "##affable"),
]
SMALL = vocab_txt(dict.fromkeys(PIECES))
CASINGS = pytest.mark.parametrize("lowercase", [True, False], ids=["uncased", "cased"])


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


def batch_tokenizer(lowercase, tokens=None, **options):
    data = SMALL if tokens is None else vocab_txt(tokens)
    return BatchTokenizer(parse_vocab_txt(data, lowercase=lowercase), **options)


def ids_between(tokenizer, text, bounds, **options):
    """The ids of text[start:end] for each pair of character offsets."""
    byte_of = [0, *np.cumsum([len(character.encode()) for character in text]).tolist()]
    starts = np.array([byte_of[start] for start, _ in bounds], np.int64)
    ends = np.array([byte_of[end] for _, end in bounds], np.int64)
    ids, offsets = tokenizer(text.encode(), starts, ends, **options)[:2]
    assert ids.dtype == np.int32
    assert (offsets[0], offsets[-1], len(offsets)) == (0, len(ids), len(bounds) + 1)
    return [ids[start:end].tolist() for start, end in pairwise(offsets.tolist())]


def ids_of(tokenizer, sentences):
    """The ids of sentences that are one batch, with nothing between them."""
    edges = [0, *np.cumsum([len(sentence) for sentence in sentences]).tolist()]
    return ids_between(tokenizer, "".join(sentences), list(pairwise(edges)))


def pieces_of(lowercase, text):
    tokens = list(dict.fromkeys(PIECES))
    return [tokens[i] for i in ids_of(batch_tokenizer(lowercase), [text])[0]]


def cut(text, *edges):
    data = text.encode()
    starts, ends = cut_text(np.frombuffer(data, np.uint8), np.array(edges, np.int64))
    return [data[start:end].decode() for start, end in zip(starts, ends, strict=True)]


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


any_text = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.text(
            "aAbé e\u0301\u0327 ,.世界か가😀🏽\u200d\u00ad\0\t\n\u3000\ufeff#[]İς", max_size=12
        ),
        st.sampled_from([*PIECES, "Hello", "masking", "\r\n", "##"]),
        st.integers(98, 102).map(lambda length: "ab" * (length // 2) + "c" * (length % 2)),
    ),
    max_size=12,
).map("".join)


@st.composite
def bounded_text(draw):
    text = draw(any_text)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return text, list(zip(edges[::2], edges[1::2], strict=False))


@CASINGS
@settings(max_examples=300)
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
        assert len(forgetful._rows) <= cache_bytes // 150 + 13
        assert len(forgetful._offsets) == len(forgetful._rows) + 1
    assert len(full._rows) > 60


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


@CASINGS
@settings(max_examples=200)
@given(bounded=bounded_text(), part_bytes=st.integers(1, 12), marked=st.booleans())
@example(bounded=("a <unk>b", [(0, 8)]), part_bytes=4, marked=True)
@example(bounded=("世界世界", [(0, 2), (2, 4)]), part_bytes=6, marked=False)
def test_parts_of_a_text_change_nothing(lowercase, bounded, part_bytes, marked):
    text, bounds = bounded
    whole = ids_between(batch_tokenizer(lowercase), text, bounds, marked=marked)
    in_parts = batch_tokenizer(lowercase, part_bytes=part_bytes)
    assert ids_between(in_parts, text, bounds, marked=marked) == whole


def test_parts_end_where_pieces_do():
    def parts(text, *edges):
        data = np.frombuffer(text.encode(), np.uint8)
        parts = text_parts(data, np.array(edges, np.int64), part_bytes=4)
        return [bytes(data[part]).decode() for part in parts]

    assert parts("ab cd, efghijkl <unk>x") == ["ab ", "cd, ", "efghijkl ", "<unk>x"]
    assert parts("ab cd ef", 8) == ["ab ", "cd ", "ef"]
    assert parts("世界世界", 3, 9) == ["世", "界世", "界"]
    assert parts("abcdefghijklm") == ["abcdefghijklm"]
    assert parts("") == []


def test_text_is_cut_where_no_context_crosses():
    # All the speed is in this: what stands alone here is looked up, not tokenized again.
    assert cut("Hi,  you\u3000two: 世界é𠀀\t") == [
        "Hi",
        ",",
        "you",
        "two",
        ":",
        "世",
        "界",
        "é",
        "𠀀",
    ]
    assert cut("don't") == ["don", "'", "t"]
    assert cut("unaffable", 2, 9) == ["un", "affable"]
    assert cut("か가\0ς") == ["か가\0ς"]
    for space in " \t\n\r\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000":
        assert cut(f"é{space}b") == ["é", "b"], ascii(space)
    assert cut(" \n") == cut("") == []


def test_code_points_of_all_characters_beyond_ascii():
    expected = [i for i in range(0x80, 0x110000) if not 0xD800 <= i < 0xE000]
    text = np.frombuffer("".join(map(chr, expected)).encode(), np.uint8)
    leads = np.flatnonzero((text & 0xC0) != 0x80)
    assert code_points(text, leads).tolist() == expected
    assert character_lengths(text[leads]).tolist() == np.diff([*leads, len(text)]).tolist()
