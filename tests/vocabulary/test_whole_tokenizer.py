"""Vocabularies of any fast tokenizer: ids as transformers gives them, roles, words, spelling."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bertprep.vocabulary.whole_tokenizer import parse_stored
from tests.examples_count import of_a_hundred
from tests.made_tokenizers import BERT, FAIRSEQ, byte_level, metaspace, unigram, word_pieces
from tests.vocabulary.other_kinds import (
    ROBERTA,
    WORDS,
    files_of,
    ids_of,
    read,
    sentences,
)

WORDS += ["мой", "世界", "漢", "😀", "42", "2024", "...", "foo_bar", "[X]", "<|x|>", "▁", "Ġ"]
WORDS += ["\u00a0", "\u3000", "\u200b", "¨", "ﬁ", "\u0301", "\ufffd", "\u0600", "हिन्दी", "x", "``"]


ADDED = [
    {"content": "[X]", "special": True, "normalized": False},
    {"content": "<|x|>", "special": False, "normalized": False, "lstrip": True},
    {"content": "  ", "special": False, "normalized": True},
    {"content": "été", "special": False, "normalized": True, "single_word": True},
]


def with_added(whole, added):
    """The contents with added tokens that they have no id for yet."""
    vocab = whole["model"]["vocab"]
    first, present = len(vocab), {t["content"] for t in whole["added_tokens"]}
    flags = {"single_word": False, "lstrip": False, "rstrip": False}
    added = [token for token in added if token["content"] not in present]
    new = [{**flags, **token, "id": first + i} for i, token in enumerate(added)]
    return {**whole, "added_tokens": [*whole["added_tokens"], *new]}


TO_MARK = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
NORMALIZERS = [None, {"type": "NFC"}, {"type": "NFKC"}, {"type": "Lowercase"}]
NORMALIZERS += [
    {"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "StripAccents"}]},
    {"type": "Strip", "strip_left": True, "strip_right": True},
    {"type": "Prepend", "prepend": "▁"},
    TO_MARK,
    {"type": "Replace", "pattern": {"Regex": r"\s{2,}|[\n\r\t]"}, "content": " "},
    {"type": "Replace", "pattern": {"String": "``"}, "content": '"'},
    {"type": "Replace", "pattern": {"String": "x"}, "content": ""},
    {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
    | {"strip_accents": None, "lowercase": True},
    {"type": "BertNormalizer", "clean_text": False, "handle_chinese_chars": False}
    | {"strip_accents": True, "lowercase": False},
    {"type": "NFD"},
    {"type": "Nmt"},
    {"type": "StripAccents"},
    {"type": "ByteLevel"},
    {"type": "Sequence", "normalizers": []},
    {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, {"type": "Lowercase"}]},
    {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "NFD"}]},
    {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, TO_MARK]},
    {"type": "Replace", "pattern": {"Regex": r"\p{Nd}"}, "content": "0"},
    {"type": "Replace", "pattern": {"Regex": r" {2,}"}, "content": " "},
    {"type": "Replace", "pattern": {"String": "x"}, "content": "a b"},
    {"type": "Replace", "pattern": {"String": "the cat"}, "content": "cat"},
    {"type": "Strip", "strip_left": False, "strip_right": True},
    {"type": "Strip", "strip_left": True, "strip_right": False},
]
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
REGEX = {"type": "Split", "pattern": {"Regex": r" ?\p{L}+|\s+|[^\s\p{L}]+"}}
MODERN = r"(?i:'s|'t|'re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def sequence(*parts):
    return {"type": "Sequence", "pretokenizers": list(parts)}


SPLITS = [
    None,
    BYTES,
    {**BYTES, "add_prefix_space": True},
    {**BYTES, "use_regex": False},
    metaspace(),
    metaspace("first"),
    metaspace("never"),
    metaspace("always", words=False),
    metaspace("first", words=False),
    metaspace("never", words=False),
    {"type": "Whitespace"},
    {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, BYTES]},
    {
        "type": "Sequence",
        "pretokenizers": [
            {"type": "Punctuation", "behavior": "Isolated"},
            metaspace("always", words=False),
        ],
    },
    {
        "type": "Sequence",
        "pretokenizers": [
            {**REGEX, "behavior": "Isolated", "invert": False},
            {**BYTES, "use_regex": False},
        ],
    },
    {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, BYTES]},
    {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": False}, BYTES]},
    {**BYTES, "trim_offsets": False},
    {"type": "BertPreTokenizer"},
    {"type": "WhitespaceSplit"},
    {"type": "UnicodeScripts"},
    {"type": "CharDelimiterSplit", "delimiter": " "},
    {"type": "Punctuation", "behavior": "Contiguous"},
    {"type": "Split", "pattern": {"String": " "}, "behavior": "Removed", "invert": False},
    {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithNext", "invert": False},
    sequence({"type": "WhitespaceSplit"}, {**BYTES, "add_prefix_space": True}),
    sequence({"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Isolated"}),
    sequence({"type": "Whitespace"}, {"type": "Digits", "individual_digits": True}),
    sequence({"type": "UnicodeScripts"}, metaspace()),
    sequence(metaspace(words=False), {"type": "Punctuation", "behavior": "MergedWithPrevious"}),
    sequence(metaspace(words=False), {"type": "Digits", "individual_digits": True}),
    sequence(
        {"type": "Punctuation", "behavior": "MergedWithPrevious"},
        {"type": "Digits", "individual_digits": True},
        BYTES,
    ),
    sequence(
        {"type": "Split", "pattern": {"Regex": MODERN}, "behavior": "Isolated", "invert": False},
        {**BYTES, "use_regex": False},
    ),
]


def word_level():
    """A list of whole words."""
    whole = word_pieces()
    vocab = {token: number for number, token in enumerate([*BERT, "the", "cat", "▁the", ",", "42"])}
    model = {"type": "WordLevel", "vocab": vocab, "unk_token": BERT[1]}
    return {**whole, "model": model}


def spelled_in_bytes():
    """BPE of characters, as Llama's and Gemma's: bytes for those it does not have."""
    whole = unigram()
    pieces = [piece for piece, _ in whole["model"]["vocab"]]
    vocab = dict.fromkeys([*pieces, "t", "h", "e", "th", "the", "▁t", "▁th"])
    vocab = {
        piece: number
        for number, piece in enumerate([*vocab, *(f"<0x{i:02X}>" for i in range(256))])
    }
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": "<unk>",
        "continuing_subword_prefix": None,
    }
    model |= {"end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True}
    model |= {"ignore_merges": False, "vocab": vocab}
    return {**whole, "model": {**model, "merges": ["t h", "th e", "▁ t", "▁t h", "▁th e"]}}


def split_less():
    """Byte-level BPE that takes a known piece as it is, before any merge."""
    whole = byte_level()
    return {**whole, "model": {**whole["model"], "ignore_merges": True}}


MODELS = [byte_level, unigram, word_pieces, word_level, spelled_in_bytes, split_less]


@st.composite
def wholes(draw):
    """tokenizer.json of any parts, read as it is."""
    whole = draw(st.sampled_from(MODELS))()
    whole |= {"normalizer": draw(st.sampled_from(NORMALIZERS))}
    whole |= {"pre_tokenizer": draw(st.sampled_from(SPLITS))}
    whole = with_added(whole, draw(st.lists(st.sampled_from(ADDED), max_size=2, unique_by=str)))
    config = {"tokenizer_class": "PreTrainedTokenizerFast"}
    config |= draw(st.sampled_from([{}, {"split_special_tokens": True}]))
    roles = FAIRSEQ if FAIRSEQ[0] in {t["content"] for t in whole["added_tokens"]} else BERT
    names = ("pad", "unk", "cls", "sep", "mask")
    order = (1, 3, 0, 2, 4) if roles is FAIRSEQ else (0, 1, 2, 3, 4)
    config |= {f"{name}_token": roles[i] for name, i in zip(names, order, strict=True)}
    return files_of(whole, config)


@pytest.mark.torch
@settings(
    max_examples=of_a_hundred(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wholes(), sentences)
def test_the_ids_are_those_of_transformers_whatever_the_parts(auto, files, texts):
    vocabulary = read(files).vocabulary
    try:
        expected = auto(files)(texts, add_special_tokens=False)["input_ids"]
    except BaseException as error:  # tokenizers' own, where added tokens overlap
        assume("AddedVocabulary bad split" not in str(error))
        raise
    assert ids_of(vocabulary, texts) == expected


def test_no_special_token_nor_a_blank_is_drawn():
    vocabulary = read(ROBERTA).vocabulary
    drawn = {vocabulary.tokens[i] for i in vocabulary.drawable_ids.tolist()}
    assert not drawn & {*FAIRSEQ, "Ġ", "Ċ"}
    assert {"Ġthe", "Ã©"} <= drawn


def test_a_stored_vocabulary_is_the_same_again():
    for files in (ROBERTA, files_of(with_added(unigram(), ADDED))):
        before = read(files).vocabulary
        assert before.file_name == "tokenizer.json"
        after = parse_stored(
            before.file_bytes, lowercase=False, settings=before.settings, path="tokenizer.json"
        )
        assert (after.tokens, after.digest) == (before.tokens, before.digest)
        assert ids_of(after, ["the cat [X]  sat"]) == ids_of(before, ["the cat [X]  sat"])


@pytest.mark.slow
def test_ids_beyond_two_bytes():
    pieces = [[f"▁w{i}", -0.5] for i in range(70_000)]
    whole = unigram(pre_tokenizer=metaspace())
    whole["model"]["vocab"] += pieces
    vocabulary = read(files_of(whole, {"tokenizer_class": "XLMRobertaTokenizer"})).vocabulary
    first = vocabulary.ids["▁w0"]
    assert ids_of(vocabulary, ["w0 w9999 w69999"]) == [[first, first + 9_999, first + 69_999]]
