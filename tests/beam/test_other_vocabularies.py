"""Shards of vocabularies other than BERT's: through the commands, and masked by a loader."""

import json
import shutil

import pytest

from bertprep.errors import UsageError
from bertprep.loaders.collate import ColumnMaker
from bertprep.options import MaskingOptions
from bertprep.shards.folder import Shards
from tests.made_tokenizers import TEXT, byte_level, unigram

ROBERTA = {"tokenizer_class": "RobertaTokenizer"}
SPLIT = {"type": "Whitespace"}
ROWS = ("--max-seq-length", 48, "--dupe-factor", 1, "--workers", 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("others")
    documents = ["\n".join(f"{line} And so on, {i}." for line in TEXT) for i in range(12)]
    (folder / "corpus.txt").write_text("\n\n".join(documents) + "\n", encoding="utf-8")
    for name, whole, config in (("bpe", byte_level(), ROBERTA), ("list", unigram(), {})):
        (folder / name).mkdir()
        whole = {**whole, "pre_tokenizer": SPLIT} if name == "list" else whole
        (folder / name / "tokenizer.json").write_text(json.dumps(whole), encoding="utf-8")
        (folder / name / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def made(bertprep, *arguments):
    done = bertprep(*arguments)
    assert done.returncode == 0, done.stderr
    return done


def test_prepared_corpus_and_shards_hold_the_tokenizer_and_give_the_same_bytes(bertprep, folder):
    text, tokenizer, words = folder / "corpus.txt", folder / "bpe", ("--masking", "whole-word")
    done = made(
        bertprep, "shard", text, "--vocab", tokenizer, "--output", folder / "a", *ROWS, *words
    )
    assert "byte-level BPE, as RobertaTokenizer and tokenizer.json say" in done.stderr
    assert not (folder / "a" / "vocab.txt").exists()
    made(
        bertprep, "prepare", text, "--vocab", folder / "a", "--output", folder / "p", "--workers", 1
    )
    made(bertprep, "shard", folder / "p", "--output", folder / "b", *ROWS, *words)
    shards = Shards(folder / "a")
    assert shards.digest == Shards(folder / "b").digest
    assert shards.vocabulary.tokens[shards.vocabulary.cls_id] == "<s>"
    assert made(bertprep, "verify", folder / "a").stdout.strip().endswith("all as written")
    shown = made(bertprep, "inspect", folder / "a", "--examples", 3).stdout
    assert "[MASK](" in shown
    assert "Ġthe" not in shown
    shutil.copy(folder / "list" / "tokenizer.json", folder / "b")
    done = bertprep("verify", folder / "b")
    assert (done.returncode, "tokenizer.json: expected the digest" in done.stdout) == (1, True)


def test_words_that_no_token_shows_are_masked_in_the_shards_alone(bertprep, folder):
    run = ("shard", folder / "corpus.txt", "--vocab", folder / "list", *ROWS, "--output")
    made(bertprep, *run, folder / "words", "--masking", "whole-word")
    assert Shards(folder / "words").vocabulary.settings.word_mark == ""
    made(bertprep, *run, folder / "none", "--masking", "none")
    shards = Shards(folder / "none")
    ColumnMaker(shards, MaskingOptions(masking="token"))
    with pytest.raises(UsageError, match="no token of the vocabulary shows where a word begins"):
        ColumnMaker(shards, MaskingOptions(masking="whole-word"))
    assert made(bertprep, "verify", folder / "none").stdout.strip().endswith("all as written")
    done = bertprep(*run, folder / "zh", "--word-segmenter", "jieba", "--masking", "whole-word")
    assert (done.returncode, "is for vocabularies of BERT's kind" in done.stderr) == (2, True)
