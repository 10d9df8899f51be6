"""``bertprep vocab`` from end to end, run as a user runs it."""

import codecs
import json
import re

import pytest
from tokenizers import Tokenizer

from bertprep.corpus.files import InputFile
from bertprep.corpus.sizes import ReadSizes
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.steps.sizes import RunSizes
from tests.finished import contents

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
FILES = ["manifest.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"]
# Ours, about a mill; short enough to count by eye: 风 8, 车 6, 水 5 times.
CHINESE = """\
村子北边有一座风车。风大的时候，风车转得很快；没有风的时候，它就停下来。

老人说：“水车比风车好。水总是流着，风却不总是吹。”孩子们不信，他们喜欢风车！

后来河水干了，水车也停了。村里的人又回到山上，听风的声音，看水从哪里来。
"""


def tokens_of(folder):
    content = (folder / "vocab.txt").read_text("utf-8")
    assert content.endswith("\n")
    return content.removesuffix("\n").split("\n")


def learn(bertprep, *args, **how):
    done = bertprep("vocab", *args, **how)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def chinese(bertprep, tmp_path_factory):
    """The command's result, and its folder, for the Chinese text."""
    folder = tmp_path_factory.mktemp("chinese")
    (folder / "mill.txt").write_text(CHINESE, "utf-8")
    done = learn(bertprep, folder / "mill.txt", "--output", folder / "v", "--min-frequency", 1)
    return done, folder / "v"


@pytest.fixture(scope="module")
def cased(bertprep, prose_jsonl, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cased") / "v"
    options = ("--cased", "--unused-tokens", 100, "--max-token-length", 4, "--vocab-size", 1500)
    learn(bertprep, prose_jsonl, "--output", folder, *options)
    return folder


def test_the_folder_is_a_tokenizer_of_just_the_size_asked_for(vocab_dir):
    assert sorted(contents(vocab_dir)) == FILES
    tokens = tokens_of(vocab_dir)
    assert len(tokens) == len(set(tokens)) == 3000
    assert tokens[:5] == SPECIAL
    assert "the" in tokens and "##ing" in tokens
    assert not any(re.search("[A-Z]", token) for token in tokens[5:])
    tokenizer = Tokenizer.from_file(str(vocab_dir / "tokenizer.json"))
    assert tokenizer.get_vocab() == {token: i for i, token in enumerate(tokens)}


def test_the_words_of_the_corpus_need_no_unknown_token(vocab_dir, prose):
    tokenizer = Tokenizer.from_file(str(vocab_dir / "tokenizer.json"))
    encoded = tokenizer.encode_batch(prose, add_special_tokens=False)
    ids = [i for encoding in encoded for i in encoding.ids]
    assert tokenizer.token_to_id("[UNK]") not in ids
    words = sum(len(set(encoding.word_ids)) for encoding in encoded)
    assert 1 < len(ids) / words < 1.05  # nearly all of the 3,356 words are in it
    assert json.loads((vocab_dir / "manifest.json").read_text())["words"] == words


def test_the_same_bytes_for_any_number_of_workers_and_order_of_inputs(bertprep, prose, tmp_path):
    # Enough for more than one piece of work, with words of one file only and words of two.
    documents = [re.sub(r"\n\s*\n", "\n", document) for document in prose[:15]]
    text, turned = "\n\n".join(documents), "\n\n".join(documents[::-1])
    texts = {"a": text, "b": codecs.encode(text, "rot13"), "c": text[::-1], "d": turned}
    for name, content in texts.items():
        (tmp_path / name).write_text(content, "utf-8")
    inputs = [tmp_path / name for name in texts]
    files = [InputFile(str(path), path.name, path.stat().st_size) for path in inputs]
    sizes = RunSizes(read=ReadSizes(least_split=40_000))
    assert len(plan_splits(files, ReadOptions(), sizes.read)) > 1
    one, two = tmp_path / "one", tmp_path / "two"
    learning = ("--vocab-size", 2000, "--workers")
    learn(bertprep, *inputs, "--output", one, *learning, 1, sizes=sizes)
    learn(bertprep, *inputs[::-1], "--output", two, *learning, 2, sizes=sizes)
    assert contents(one) == contents(two)
    assert sorted(contents(one)) == FILES
    assert json.loads((one / "manifest.json").read_text())["documents"] == 4 * len(documents)


def test_cased_tokens_keep_their_letters(cased):
    tokens = tokens_of(cased)
    assert {"The", "the"} <= set(tokens)
    assert json.loads((cased / "tokenizer_config.json").read_text())["do_lower_case"] is False
    tokenizer = Tokenizer.from_file(str(cased / "tokenizer.json"))
    assert tokenizer.encode("The the", add_special_tokens=False).tokens == ["The", "the"]


def test_unused_tokens_count_and_put_the_special_ones_at_the_official_ids(cased):
    tokens = tokens_of(cased)
    assert len(tokens) == 1500
    assert tokens[0] == "[PAD]"
    assert tokens[1:100] == [f"[unused{i}]" for i in range(99)]
    assert tokens[100:105] == [*SPECIAL[1:], "[unused99]"]
    assert not any(token.startswith("[unused") for token in tokens[105:])


def test_no_token_is_longer_than_allowed(cased):
    assert max(len(token.removeprefix("##")) for token in tokens_of(cased)[105:]) == 4


def test_what_the_user_is_told(bertprep, tmp_path):
    (tmp_path / "in.txt").write_text("One two.\nTwo three.\n\nThree two one.\n")
    done = learn(bertprep, tmp_path / "in.txt", "--output", tmp_path / "v", "--vocab-size", 20)
    assert "1 file of plain text, documents separated by blank lines" in done.stderr
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert told["documents"] == "2"
    assert told["words"] == "10, 4 distinct"  # one two three and the full stop
    assert told["vocabulary"] == "20 tokens, uncased"
    assert told["output"].startswith(str(tmp_path / "v"))
    assert "warning" not in done.stdout + done.stderr


def test_a_small_corpus_gives_fewer_tokens_and_says_so(chinese):
    done, folder = chinese
    size = len(tokens_of(folder))
    assert size < 100
    warning = re.search("warning: .*", done.stdout + done.stderr)[0]
    assert f" {size} tokens " in warning and " 30,522 " in warning
    assert "--vocab-size" in warning and "--min-frequency" in warning
    assert json.loads((folder / "manifest.json").read_text())["vocabulary"]["size"] == size


def test_chinese_characters_stand_alone(chinese):
    tokens = tokens_of(chinese[1])
    characters = set(CHINESE) - {"\n"}
    assert set(tokens[5:]) == characters
    ideographs = [token for token in tokens[5:] if token >= "一" and token <= "鿿"]
    assert ideographs[0] == "风"  # the most frequent first
    tokenizer = Tokenizer.from_file(str(chinese[1] / "tokenizer.json"))
    assert tokenizer.encode("风车，转。", add_special_tokens=False).tokens == list("风车，转。")


def test_rare_characters_are_left_out_where_there_is_no_room(bertprep, chinese, tmp_path):
    (tmp_path / "mill.txt").write_text(CHINESE, "utf-8")
    learn(bertprep, tmp_path / "mill.txt", "--output", tmp_path / "v", "--vocab-size", 20)
    ideographs = {token for token in tokens_of(tmp_path / "v")[5:] if "一" <= token <= "鿿"}
    rarest = min(CHINESE.count(c) for c in ideographs)
    more = {c for c in CHINESE if "一" <= c <= "鿿" and CHINESE.count(c) > rarest}
    assert more <= ideographs and {"风", "车", "水"} <= ideographs
    assert "村" not in ideographs
