"""A vocabulary that cannot be used is told before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.wrong_calls import SPECIAL, Run, check_error, lines, tree

pytestmark = pytest.mark.usefixtures("folder")


BAD_VOCABULARIES = {
    "missing": (None, ("VOCAB is no file or folder here",)),
    "empty": (b"", ("VOCAB: the vocabulary has no [PAD], [UNK], [CLS], [SEP], [MASK]",)),
    "no [CLS]": (lines("[PAD]", "[UNK]", "[SEP]", "[MASK]", "a"), ("has no [CLS] among its 5",)),
    "no [MASK]": (lines("[PAD]", "[UNK]", "[SEP]", "[CLS]", "a"), ("has no [MASK] among its 5",)),
    "a token twice": (lines(*SPECIAL, "a", "b", "a"), ("'a' twice, on lines 6 and 8",)),
    "not UTF-8": (lines(*SPECIAL) + b"\xff\n", ("VOCAB is not UTF-8 (byte 31); expected a vocab",)),
}


@pytest.mark.parametrize("name", BAD_VOCABULARIES)
def test_a_bad_vocabulary(cli_in_process: Run, folder: Path, name: str) -> None:
    content, parts = BAD_VOCABULARIES[name]
    if content is not None:
        (folder / "VOCAB").write_bytes(content)
    before = tree(folder)
    done = cli_in_process("shard", "good.txt", "--output", "out", "--vocab", "VOCAB")
    check_error(done, 1, *parts)
    assert tree(folder) == before


def test_a_folder_without_a_vocabulary(cli_in_process: Run, folder: Path) -> None:
    (folder / "model").mkdir()
    (folder / "model" / "config.json").write_text("{}")
    done = cli_in_process("shard", "good.txt", "--output", "out", "--vocab", "model")
    check_error(done, 1, "model holds no vocab.txt", "the output of `bertprep vocab`")


@pytest.mark.parametrize("content", ["{broken", "[1]"])
def test_a_broken_tokenizer_config(cli_in_process: Run, folder: Path, content: str) -> None:
    (folder / "model").mkdir()
    (folder / "vocab.txt").rename(folder / "model" / "vocab.txt")
    (folder / "model" / "tokenizer_config.json").write_text(content)
    options = ("--vocab", "model", "--output", "out", "--workers", "1")
    done = cli_in_process("shard", "good.txt", *options)
    what = "holds no JSON object but [1]" if content == "[1]" else "is not JSON"
    check_error(done, 1, f"model/tokenizer_config.json {what}")
