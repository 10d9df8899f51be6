"""A tokenizer's folder: read as transformers reads it, to the id, or refused."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bertprep.errors import VocabularyError
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, vocab_txt
from tests.examples_count import of_a_hundred
from tests.vocabulary.folders import (
    BERT,
    LETTERS,
    TOKENS,
    added,
    decoder,
    folder,
    ids_of,
    json_of,
    read,
    whole,
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
@settings(max_examples=of_a_hundred(100), deadline=None, suppress_health_check=list(HealthCheck))
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
