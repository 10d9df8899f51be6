"""A tokenizer's folder: read as transformers reads it, to the id, or refused."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

from bertprep.errors import VocabularyError
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masker
from bertprep.options import MaskingOptions
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.configuration import read_tokenizer
from bertprep.vocabulary.settings import settings_from_json
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary, vocab_txt

LETTERS = "abcdefghijklmnopqrstuvwxyzABEHOTUXéüßийкか가"
TOKENS = tuple(
    dict.fromkeys(
        [
            *SPECIAL_TOKENS,
            *("[EOT]", "hello", "Hello", "##llo", "new", "york", "foo", "##foo", "eot", "EOT"),
            *LETTERS,
            *(f"##{letter}" for letter in LETTERS),
            *"[].,!<>|_-世界漢",
            "##界",
        ]
    )
)
CONTENTS = [
    "[EOT]",
    "[URL]",
    "<|x|>",
    "foo",
    "New York",
    "Hello",
    "ü",
    "ello",
    "[EOT]a",
    "##a",
    "世界",
]
TEXTS = [
    "[EOT]",
    "[URL]",
    "<|x|>",
    "foo",
    "new york",
    "New York",
    "HELLO",
    "hello",
    "xfoox",
    "Ü",
    "ü",
]
TEXTS += [
    "u\u0308",
    " ",
    "\n",
    "\u3000",
    "世界",
    "漢",
    "é",
    "й",
    "か\u3099",
    "가",
    "\x00",
    "\u200b",
    "_",
    "a",
]

text = st.lists(
    st.sampled_from(TEXTS) | st.text(LETTERS + " [].,!世\u0301", max_size=6), max_size=9
)
flags = st.fixed_dictionaries(
    {},
    optional={n: st.booleans() for n in ("lstrip", "rstrip", "single_word", "normalized")},
)


def added(content, options, **more):
    return {"content": content, "lstrip": False, "rstrip": False, "single_word": False} | {
        "normalized": False,
        "special": True,
        **options,
        **more,
    }


@st.composite
def configurations(draw):
    """The files of a folder that transformers reads."""
    config = {"tokenizer_class": draw(st.sampled_from(["BertTokenizer", "BertTokenizerFast"]))}
    config["do_lower_case"] = draw(st.booleans())
    config |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "strip_accents": st.sampled_from([None, True, False]),
                "tokenize_chinese_chars": st.booleans(),
                "model_max_length": st.just(512),
                "never_split": st.none(),
                "do_basic_tokenize": st.just(True),
            },
        )
    )
    files = {"tokenizer_config.json": config, "vocab.txt": vocab_txt(TOKENS).decode()}
    chosen = draw(st.lists(st.sampled_from(CONTENTS), max_size=4, unique=True))
    way = draw(st.sampled_from(["additional", "extra", "map", "added", "decoder", "json"]))
    if way == "additional":
        config["additional_special_tokens"] = chosen
    elif way == "extra":
        config["extra_special_tokens"] = chosen
        config |= draw(
            st.sampled_from([{}, {"bos_token": "[BOS]"}, {"split_special_tokens": True}])
        )
    elif way == "map":
        files["special_tokens_map.json"] = {
            "additional_special_tokens": chosen,
            "eos_token": "[EOT]",
        }
    elif way == "added":
        new = [content for content in chosen if content not in TOKENS]
        files["added_tokens.json"] = {c: len(TOKENS) + i for i, c in enumerate(new)}
    elif way == "decoder":
        config["added_tokens_decoder"] = decoder(draw, chosen)
    else:
        files["tokenizer.json"] = whole(draw, chosen)
        if draw(st.booleans()):
            del files["vocab.txt"]
        if draw(st.booleans()):
            config["tokenizer_class"] = "PreTrainedTokenizerFast"
        if draw(st.booleans()):
            del files["tokenizer_config.json"]
            files.pop("vocab.txt", None)
    return {
        name: content if isinstance(content, str) else json.dumps(content)
        for name, content in files.items()
    }


def decoder(draw, chosen):
    entries = {i: added(token, {}) for i, token in enumerate(SPECIAL_TOKENS)}
    new = len(TOKENS)
    for content in chosen:
        options = draw(flags) | {"special": draw(st.booleans())}
        if content in TOKENS:
            entries[TOKENS.index(content)] = added(content, options)
        else:
            entries[new] = added(content, options)
            new += 1
    return entries


def whole(draw, chosen):
    tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(TOKENS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(
        lowercase=draw(st.booleans()),
        strip_accents=draw(st.sampled_from([None, True, False])),
        clean_text=draw(st.booleans()),
        handle_chinese_chars=draw(st.booleans()),
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    for content in chosen:
        tokenizer.add_tokens([AddedToken(content, **draw(flags), special=draw(st.booleans()))])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer.to_str()


def read(files, **options):
    contents = {name: content.encode() for name, content in files.items()}
    return read_tokenizer(contents, "tok", **options)


def ids_of(vocabulary, sentences, **options):
    data, starts, ends = b"", [], []
    for sentence in sentences:
        starts.append(len(data))
        data += sentence.encode()
        ends.append(len(data))
    tokens = BatchTokenizer(vocabulary, **options)(data, np.array(starts), np.array(ends))
    return [part.tolist() for part in np.split(tokens.ids, tokens.sentence_offsets[1:-1])]


@pytest.fixture(scope="module")
def auto(tmp_path_factory):
    transformers = pytest.importorskip("transformers")
    folders = (tmp_path_factory.mktemp("t") for _ in iter(int, 1))

    def load(files):
        folder = next(folders)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HF_HUB_OFFLINE", "1")
            return transformers.AutoTokenizer.from_pretrained(folder)

    return load


@pytest.mark.torch
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(configurations(), st.lists(text.map("".join), min_size=1, max_size=4))
def test_ids_are_those_of_transformers(auto, files, sentences):
    theirs = auto(files)
    vocabulary = read(files).vocabulary
    assert len(vocabulary) == len(theirs)
    assert {t: i for i, t in enumerate(vocabulary.tokens)} == theirs.get_vocab()
    expected = [theirs(s, add_special_tokens=False)["input_ids"] for s in sentences]
    assert ids_of(vocabulary, sentences) == expected
    special = set(vocabulary.special_ids.tolist())
    assert set(theirs.all_special_ids) <= special
    assert not special & set(vocabulary.drawable_ids.tolist())


BERT = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}


def folder(config=None, tokens=TOKENS, **more):
    files = {"vocab.txt": vocab_txt(tokens).decode()} if tokens else {}
    if config is not None:
        files["tokenizer_config.json"] = json.dumps(config)
    return files | {name.replace("_json", ".json"): json.dumps(more[name]) for name in more}


def json_of(**parts):
    vocab = {token: i for i, token in enumerate(TOKENS)}
    model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##"}
    model |= {"max_input_chars_per_word": 100, "vocab": vocab}
    normalizer = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
    normalizer |= {"strip_accents": None, "lowercase": False}
    whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": []}
    whole |= {"normalizer": normalizer, "pre_tokenizer": {"type": "BertPreTokenizer"}}
    whole |= {"post_processor": None, "decoder": None, "model": model}
    for name, part in parts.items():
        whole[name] = {**whole[name], **part} if isinstance(part, dict) else part
    return whole


REFUSED = {
    "another class": (folder({"tokenizer_class": "RobertaTokenizer"}), "is RobertaTokenizer"),
    "a class that is no name": (folder({"tokenizer_class": 7}), "tokenizer_class is 7"),
    "words left whole": (folder({**BERT, "never_split": ["a"]}), "says never_split"),
    "no basic tokens": (folder({**BERT, "do_basic_tokenize": False}), "do_basic_tokenize: false"),
    "control characters": (folder({**BERT, "clean_text": False}), "clean_text: false"),
    "another prefix": (folder({**BERT, "wordpieces_prefix": "@"}), "wordpieces_prefix: '@'"),
    "code": (folder({**BERT, "auto_map": {"AutoTokenizer": ["x", None]}}), "auto_map"),
    "a casing that is none": (folder({**BERT, "do_lower_case": "no"}), "do_lower_case is 'no'"),
    "no JSON": ({**folder(), "tokenizer_config.json": "{"}, "tokenizer_config.json is not JSON"),
    "no object": (folder([1]), "holds no JSON object but [1]"),
    "a model of another kind": (
        folder(BERT, None, tokenizer_json=json_of(model={"type": "BPE", "merges": []})),
        "is of the model kind BPE, but transformers' BertTokenizer is a WordPiece",
    ),
    "no model": (folder(None, None, tokenizer_json={"a": 1}), "has no model"),
    "files that differ": (
        folder(BERT, [*TOKENS[:-1], "zebra"], tokenizer_json=json_of()),
        "vocab.txt and tokenizer.json beside it differ",
    ),
    "an id that would be another": (
        folder({**BERT, "added_tokens_decoder": {len(TOKENS) + 5: added("[X]", {})}}),
        "gives the added token '[X]' the id",
    ),
    "white space at an edge": (
        folder({**BERT, "additional_special_tokens": [" x"]}),
        "begins or ends with white space",
    ),
    "a role without a token": (
        folder({**BERT, "mask_token": "<mask>"}),
        "the vocabulary has no <mask> among its",
    ),
    "no casing, cased tokens": (
        folder({"tokenizer_class": "BertTokenizer"}, [*SPECIAL_TOKENS, "The", "the", "Ox"]),
        "does not say do_lower_case, so that transformers lower-cases, but 67% of its tokens",
    ),
    "a token that is none": (folder({**BERT, "extra_special_tokens": [7]}), "has a token 7"),
    "added tokens without ids": (
        folder({**BERT, "added_tokens_decoder": ["x"]}),
        "has no added tokens by their ids",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_is_refused_in_a_line_that_names_it(name):
    files, message = REFUSED[name]
    with pytest.raises(VocabularyError) as caught:
        read(files)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("tok") or "tok " in str(caught.value)


def test_a_contradiction_is_settled_as_transformers_settles_it_and_told():
    found = read(folder(BERT, None, tokenizer_json=json_of()))
    assert found.vocabulary.lowercase
    (note,) = found.notes
    assert "tokenizer.json says lowercase false, but transformers goes by tokenizer_config" in note
    whole = read(folder({**BERT, "tokenizer_class": "TokenizersBackend"}, tokenizer_json=json_of()))
    assert not whole.vocabulary.lowercase
    assert "says do_lower_case true, but transformers goes by tokenizer.json" in whole.notes[0]
    agreed = json_of(normalizer={"lowercase": True})
    assert read(folder(BERT, tokenizer_json=agreed)).notes == []


def test_a_config_json_counts_where_it_is_a_models():
    cased = [*SPECIAL_TOKENS, "The", "the", "Ox"]
    assert not read(folder(None, cased, config_json={"name": "my app"})).vocabulary.lowercase
    with pytest.raises(VocabularyError, match=r"config.json does not say do_lower_case"):
        read(folder(None, cased, config_json={"model_type": "bert"}))
    assert (
        read(folder(None, ["a", *SPECIAL_TOKENS], config_json={"model_type": "bert"})).stated
        is False
    )


def test_the_users_word_counts_most():
    found = read(folder(BERT), lowercase=False)
    assert not found.vocabulary.lowercase
    assert found.notes == [
        "tokenizer_config.json says uncased, and the options say cased: the text is read as cased"
    ]
    kept = read(folder(BERT), lowercase=True, strip_accents=False)
    assert kept.vocabulary.keeps_accents
    assert kept.casing == "uncased, accents kept, as the options say"
    configured = read(folder({**BERT, "strip_accents": False}), lowercase=True)
    assert configured.vocabulary.keeps_accents


def test_roles_may_have_other_names():
    names = {"[PAD]": "<pad>", "[UNK]": "<unk>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<m>"}
    tokens = [names.get(token, token) for token in TOKENS]
    roles = {"pad": "<pad>", "unk": "<unk>", "cls": "<s>", "sep": "</s>", "mask": "<m>"}
    config = BERT | {f"{role}_token": token for role, token in roles.items()}
    vocabulary = read(folder(config, tokens)).vocabulary
    assert (vocabulary.cls_id, vocabulary.mask_id, vocabulary.unk_id) == (2, 4, 1)
    assert vocabulary.shown_tokens[:6] == (*SPECIAL_TOKENS, "[EOT]")
    assert ids_of(vocabulary, ["\u0416"]) == [[1]]


def test_what_has_a_role_is_text_where_it_stands_in_text():
    """[SEP] of a text must not end its sentence; here we differ from transformers on purpose."""
    vocabulary = read(folder(BERT)).vocabulary
    tokens = [vocabulary.tokens[i] for i in ids_of(vocabulary, ["[SEP]"])[0]]
    assert tokens == ["[", "s", "##e", "##p", "]"]


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


def test_added_tokens_are_whole_wherever_a_text_is_cut_into_parts():
    vocabulary = read(folder(BERT | {"additional_special_tokens": ["<|x|>"]})).vocabulary
    expected = ids_of(vocabulary, ["a <|x|>,<|x|><|x|>b <|x|>"])
    for size in range(1, 12):
        assert ids_of(vocabulary, ["a <|x|>,<|x|><|x|>b <|x|>"], part_bytes=size) == expected
    assert expected[0].count(len(TOKENS)) == 4


def test_special_added_tokens_are_never_masked_nor_drawn():
    config = BERT | {"additional_special_tokens": ["[EOT]", "foo"]}
    vocabulary = read(folder(config)).vocabulary
    special = {vocabulary.ids["[EOT]"], vocabulary.ids["foo"]}
    ids = np.array(
        [[2, *special, vocabulary.ids["new"], vocabulary.ids["york"], 3]] * 200, np.int32
    )
    n, lengths = np.arange(200), np.full(200, 6)
    rows = Examples(n.astype(np.uint64), ids, lengths, lengths, n.astype(np.int8), ids < 0)
    masks = Masker(vocabulary, MaskingOptions(masked_lm_prob=0.5, random_replace_prob=0.2))(rows)
    assert np.array_equal(masks.input_ids[:, 1:3], ids[:, 1:3])
    assert set(masks.labels.ravel().tolist()) <= {0, vocabulary.ids["new"], vocabulary.ids["york"]}
    assert not special & set(masks.input_ids[:, 3:5].ravel().tolist())


JUNK = st.sampled_from(
    [None, True, 0, -1, 2**70, 1.5, "", "x", [], [1], [{}], {}, {"x": []}, "false"]
)


def places_of(value, path=()):
    yield path
    if not isinstance(value, dict | list):
        return
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if len(path) < 3 and key != "vocab":
            yield from places_of(child, (*path, key))


def with_junk(value, path, junk):
    if not path:
        return junk
    copy = value.copy()
    copy[path[0]] = with_junk(value[path[0]], path[1:], junk)
    return copy


FULL = {
    "tokenizer_config.json": BERT
    | {"added_tokens_decoder": {"5": added("[EOT]", {})}, "cls_token": "[CLS]", "padding": "x"}
    | {"extra_special_tokens": ["[X]"], "strip_accents": None, "never_split": None},
    "special_tokens_map.json": {"extra_special_tokens": ["[X]"], "sep_token": added("[SEP]", {})},
    "added_tokens.json": {"[Y]": len(TOKENS)},
    "config.json": {"model_type": "bert", "tokenizer_class": None},
    "tokenizer.json": json_of() | {"added_tokens": [added("[EOT]", {}, id=5)], "padding": {"a": 1}},
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_files_of_any_shape_are_read_or_refused_in_a_line(data):
    chosen = data.draw(st.sets(st.sampled_from(sorted(FULL)), min_size=1))
    files = {name: FULL[name] for name in chosen}
    name = data.draw(st.sampled_from(sorted(chosen)))
    places = sorted(places_of(files[name]), key=str)
    files[name] = with_junk(files[name], data.draw(st.sampled_from(places)), data.draw(JUNK))
    contents = folder(None, TOKENS if data.draw(st.booleans()) else None)
    if "tokenizer.json" not in chosen:
        contents = folder(None, TOKENS)
    contents |= {name: json.dumps(content) for name, content in files.items()}
    try:
        read(contents)
    except VocabularyError as error:
        assert "\n" not in str(error)
