"""A tokenizer's folder: read as transformers reads it, to the id, or refused."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.configuration import read_tokenizer
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, vocab_txt

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


def ids_of(vocabulary, sentences):
    data, starts, ends = b"", [], []
    for sentence in sentences:
        starts.append(len(data))
        data += sentence.encode()
        ends.append(len(data))
    tokens = BatchTokenizer(vocabulary)(data, np.array(starts), np.array(ends))
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


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
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
