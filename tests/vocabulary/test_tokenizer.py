"""The tokenizers of a vocabulary give the ids of all who read it."""

import pytest
import tokenizers

from bertprep.vocabulary.reserved_tokens import special_and_unused
from bertprep.vocabulary.tokenizer import tokenizer_files
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary
from tests.vocabulary.tokens import PIECES

TRICKY = [
    "Hello WORLD, unaffable naïve ÉCOLE e\u0301te\u0301 Straße.",
    "[MASK] [mask] [CLS]a[SEP]b [UNK][PAD]",
    "[unused0] [ MASK ] [MASK][MASK]. ##ing",
    "世界か 。，€ \U0002b820",
    "a\0b\u200bc\x0bd\u2028e\u3000f\tg\r\nh\x85i",
    "x" * 100 + " " + "x" * 101,
    "",
    " \n ",
]


def google_load_vocab(path):
    """The vocabulary as google-research/bert's tokenization.load_vocab reads it."""
    vocabulary = {}
    with open(path, "rb") as reader:
        for index, line in enumerate(iter(reader.readline, b"")):
            vocabulary[line.decode("utf-8", "ignore").strip()] = index
    return vocabulary


def google_tokens(text, vocabulary):
    """Its WordpieceTokenizer: the longest piece that matches, from left to right."""
    found = []
    for word in text.split():
        pieces, start = [], 0
        while start < len(word) and len(word) <= 200:
            prefix = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if prefix + word[start:end] in vocabulary), None)
            if end is None:
                break
            pieces.append(prefix + word[start:end])
            start = end
        found += pieces if start == len(word) else ["[UNK]"]
    return found


def write_folder(folder, vocabulary):
    for name, content in tokenizer_files(vocabulary).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.torch
@pytest.mark.parametrize("lowercase", [True, False], ids=["uncased", "cased"])
@pytest.mark.parametrize("unused", [0, 100])
def test_all_readers_give_the_same_ids(tmp_path, monkeypatch, lowercase, unused):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    transformers = pytest.importorskip("transformers")
    tokens = (*special_and_unused(unused), *dict.fromkeys(PIECES))
    folder = write_folder(tmp_path, Vocabulary(tokens, lowercase))

    ours = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    auto = transformers.AutoTokenizer.from_pretrained(folder)
    bert = transformers.BertTokenizerFast.from_pretrained(folder)
    google = google_load_vocab(folder / "vocab.txt")
    assert google == ours.get_vocab() == auto.get_vocab() == bert.get_vocab()
    for text in TRICKY:
        ids = ours.encode(text).ids
        assert (ids[0], ids[-1]) == (google["[CLS]"], google["[SEP]"])
        assert auto(text)["input_ids"] == bert(text)["input_ids"] == ids, text
        assert [google[token] for token in auto.tokenize(text)] == ids[1:-1]
    for text in TRICKY[:1] + TRICKY[3:5]:  # without special tokens, which Google's never sees
        words = ours.pre_tokenizer.pre_tokenize_str(ours.normalizer.normalize_str(text))
        plain = google_tokens(" ".join(word for word, _ in words), google)
        assert [google[token] for token in plain] == ours.encode(text).ids[1:-1]


def test_tokenizer_json_frames_pairs_and_decodes(tmp_path):
    vocabulary = Vocabulary((*SPECIAL_TOKENS, *dict.fromkeys(PIECES)), True)
    folder = write_folder(tmp_path, vocabulary)
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    pair = tokenizer.encode("Hello", "world unaffable")
    assert pair.tokens == [*("[CLS]", "hello", "[SEP]", "wor", "##ld", "un", "##affable", "[SEP]")]
    assert pair.type_ids == [0, 0, 0, 1, 1, 1, 1, 1]
    assert tokenizer.decode(pair.ids) == "hello world unaffable"


@pytest.mark.torch
def test_transformers_knows_the_special_tokens(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    transformers = pytest.importorskip("transformers")
    folder = write_folder(tmp_path, Vocabulary((*SPECIAL_TOKENS, *dict.fromkeys(PIECES)), True))
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    assert (tokenizer.pad_token_id, tokenizer.unk_token_id, tokenizer.mask_token_id) == (0, 1, 4)
    assert (tokenizer.cls_token, tokenizer.sep_token) == ("[CLS]", "[SEP]")
    assert tokenizer.model_max_length == 512
    # [MASK] in the text is the token; in lower case, or with blanks, it is text.
    assert tokenizer.tokenize("a [MASK] b") == ["a", "[MASK]", "b"]
    assert tokenizer.tokenize("[mask]") == ["[", "mask", "]"]
    pair = tokenizer("Hello", "world")
    assert tokenizer.convert_ids_to_tokens(pair["input_ids"]) == [
        *("[CLS]", "hello", "[SEP]", "wor", "##ld", "[SEP]")
    ]
    assert pair["token_type_ids"] == [0, 0, 0, 1, 1, 1]
    assert tokenizer.decode(pair["input_ids"], skip_special_tokens=True) == "hello world"
