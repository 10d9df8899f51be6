"""Vocabularies of any fast tokenizer: ids as transformers gives them, roles, words, spelling."""

import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bertprep.errors import VocabularyError
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.configuration import read_tokenizer
from bertprep.vocabulary.whole import parse_stored
from tests.made_tokenizers import BERT, FAIRSEQ, byte_level, metaspace, unigram, word_pieces

WORDS = ["the", "cat", "The", " ", "  ", "\t", "\n", "don't", "'s", "café", "cafe\u0301", "été"]
WORDS += ["мой", "世界", "漢", "😀", "42", "2024", "...", "foo_bar", "[X]", "<|x|>", "▁", "Ġ"]
WORDS += ["\u00a0", "\u3000", "\u200b", "¨", "ﬁ", "\u0301", "\ufffd", "\u0600", "हिन्दी", "x", "``"]
sentence = st.lists(
    st.sampled_from(WORDS) | st.just(" ") | st.text("ab 'T1.,é\u0301世[<|", max_size=4), max_size=9
).map("".join)
sentences = st.lists(sentence, min_size=1, max_size=5)


def files_of(whole, config=None, **more):
    files = {"tokenizer.json": json.dumps(whole), **more}
    if config is not None:
        files["tokenizer_config.json"] = json.dumps(config)
    return files


def read(files, **options):
    contents = {name: content.encode() for name, content in files.items()}
    return read_tokenizer(contents, "tok", **options)


def tokens_of(vocabulary, texts, **options):
    data, starts, ends = b"", [], []
    for text in texts:
        data += b"\n"
        starts.append(len(data))
        data += text.encode()
        ends.append(len(data))
    return BatchTokenizer(vocabulary)(data, np.array(starts), np.array(ends), **options)


def ids_of(vocabulary, texts, **options):
    tokens = tokens_of(vocabulary, texts, **options)
    return [part.tolist() for part in np.split(tokens.ids, tokens.sentence_offsets[1:-1])]


@pytest.fixture(scope="module")
def auto(tmp_path_factory):
    transformers = pytest.importorskip("transformers")
    folders = (tmp_path_factory.mktemp("t") for _ in iter(int, 1))
    known = {}

    def load(files):
        key = json.dumps(files)
        if key not in known:
            folder = next(folders)
            for name, content in files.items():
                (folder / name).write_text(content, encoding="utf-8")
            known[key] = transformers.AutoTokenizer.from_pretrained(folder)
        return known[key]

    return load


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


NORMALIZERS = [None, {"type": "NFC"}, {"type": "NFKC"}, {"type": "Lowercase"}]
NORMALIZERS += [
    {"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "StripAccents"}]},
    {"type": "Strip", "strip_left": True, "strip_right": True},
    {"type": "Prepend", "prepend": "▁"},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
    {"type": "Replace", "pattern": {"Regex": r"\s{2,}|[\n\r\t]"}, "content": " "},
    {"type": "Replace", "pattern": {"String": "``"}, "content": '"'},
    {"type": "Replace", "pattern": {"String": "x"}, "content": ""},
    {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
    | {"strip_accents": None, "lowercase": True},
]
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
REGEX = {"type": "Split", "pattern": {"Regex": r" ?\p{L}+|\s+|[^\s\p{L}]+"}}
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
]
MODELS = [byte_level, unigram, word_pieces]


@st.composite
def wholes(draw):
    """tokenizer.json of any parts, read as it is."""
    whole = draw(st.sampled_from(MODELS))()
    whole |= {"normalizer": draw(st.sampled_from(NORMALIZERS))}
    whole |= {"pre_tokenizer": draw(st.sampled_from(SPLITS))}
    whole = with_added(whole, draw(st.lists(st.sampled_from(ADDED), max_size=2, unique_by=str)))
    config = {"tokenizer_class": "PreTrainedTokenizerFast"}
    config |= draw(st.sampled_from([{}, {"split_special_tokens": True}]))
    roles = FAIRSEQ if whole["model"]["type"] != "WordPiece" else BERT
    names = ("pad", "unk", "cls", "sep", "mask")
    order = (1, 3, 0, 2, 4) if roles is FAIRSEQ else (0, 1, 2, 3, 4)
    config |= {f"{name}_token": roles[i] for name, i in zip(names, order, strict=True)}
    return files_of(whole, config)


@pytest.mark.torch
@settings(
    max_examples=150,
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
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


ROBERTA = files_of(byte_level(), {"tokenizer_class": "RobertaTokenizer"})


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


def test_ids_beyond_two_bytes():
    pieces = [[f"▁w{i}", -0.5] for i in range(250_000)]
    whole = unigram(pre_tokenizer=metaspace())
    whole["model"]["vocab"] += pieces
    vocabulary = read(files_of(whole, {"tokenizer_class": "XLMRobertaTokenizer"})).vocabulary
    first = vocabulary.ids["▁w0"]
    assert ids_of(vocabulary, ["w0 w99999 w249999"]) == [[first, first + 99_999, first + 249_999]]


REFUSED = {
    "no mask": (
        files_of(unigram(["<s>", "<pad>", "</s>", "<unk>"])),
        "nothing says which token is [MASK], and there is no [MASK] or <mask>",
    ),
    "no whole file": (
        {"vocab.txt": "a", "tokenizer_config.json": '{"tokenizer_class": "RobertaTokenizer"}'},
        "which needs a tokenizer.json beside it",
    ),
    "lots drawn": (
        files_of({**byte_level(), "model": {**byte_level()["model"], "dropout": 0.1}}),
        "has a BPE dropout of 0.1",
    ),
    "another kind of model": (
        files_of(unigram(), {"tokenizer_class": "RobertaTokenizer"}),
        "is of the model kind Unigram, but transformers' RobertaTokenizer is a BPE",
    ),
    "a class not known": (
        files_of(unigram(), {"tokenizer_class": "BigBirdTokenizer"}),
        "is BigBirdTokenizer, which is not supported; supported are",
    ),
}


@pytest.mark.parametrize(("files", "what"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_in_a_line(files, what):
    with pytest.raises(VocabularyError, match=re.escape(what)) as caught:
        read(files)
    assert "\n" not in str(caught.value)


def test_the_casing_is_the_file_s_own():
    with pytest.raises(VocabularyError, match="says itself how letters are treated"):
        read(ROBERTA, lowercase=True)


def test_a_tokenizer_that_looks_beyond_words_is_said_to_be_slow():
    found = read(files_of({**unigram(), "pre_tokenizer": None}))
    assert "slowly, sentence by sentence, as its lack of a pre-tokenizer" in found.casing
    assert "slowly" not in read(ROBERTA).casing


@pytest.mark.torch
@pytest.mark.parametrize("model_type", ["roberta", "xlm-roberta", "modernbert", "deberta-v2"])
def test_a_model_s_configuration_names_the_class(auto, model_type):
    whole = byte_level() if model_type in ("roberta", "modernbert") else unigram()
    whole |= {"pre_tokenizer": {"type": "WhitespaceSplit"}}
    files = files_of(whole, **{"config.json": json.dumps({"model_type": model_type})})
    texts = ["the cat  sat", "don't café"]
    expected = auto(files)(texts, add_special_tokens=False)["input_ids"]
    assert ids_of(read(files).vocabulary, texts) == expected
