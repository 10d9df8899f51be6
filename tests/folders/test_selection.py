"""Which files of a folder are the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import InputError
from bertprep.options import ReadOptions
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS
from pipelines.folders.inputs import find_inputs

PROSE = "The panda eats bamboo all day. It sleeps under a tree.\n\n" * 9


def test_settings_of_a_model_beside_text_are_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text(PROSE)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}\n')
    found = find_inputs([str(tmp_path)], ReadOptions())
    assert [file.name for file in found.files] == ["train.txt"]
    assert "left out 1 file beside 1 file of text: config.json" in found.notes[0]


TOKENIZER = {
    "config.json": '{"model_type": "bert"}',
    "generation_config.json": '{"a": 1}',
    "tokenizer.json": '{"version": "1.0", "model": {}}',
    "tokenizer_config.json": '{"do_lower_case": true}',
    "special_tokens_map.json": "{}",
    "added_tokens.json": '{"<x>": 9}',
    "vocab.txt": "".join(f"{piece}\n" for piece in SPECIAL_TOKENS)
    + "panda\n##s\n##es\nit\nthe\n##ing\n",
    "merges.txt": "#version: 0.2\nt h\nth e\ni n\na n\nan d\nin g\n",
    ".gitattributes": "*.parquet filter=lfs diff=lfs merge=lfs -text\n",
}


def test_a_tokenizer_beside_one_file_of_text_is_no_corpus(tmp_path: Path) -> None:
    """As in the cache of a hub, where it is more files than the data."""
    (tmp_path / "train.txt").write_text(PROSE)
    for name, content in TOKENIZER.items():
        (tmp_path / name).write_text(content)
    found = find_inputs([str(tmp_path)], ReadOptions())
    assert [file.name for file in found.files] == ["train.txt"]
    assert "left out 8 files beside 1 file of text: added_tokens.json" in found.notes[0]


def test_a_folder_of_a_tokenizer_alone_is_no_corpus(tmp_path: Path) -> None:
    for name, content in TOKENIZER.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=r"vocab.txt \(a vocabulary\)"):
        find_inputs([str(tmp_path)], ReadOptions())
