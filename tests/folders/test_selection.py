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
    assert found.notes == [
        "left out 9 files beside 1 file of text: .gitattributes, added_tokens.json, config.json, "
        "generation_config.json, merges.txt and 4 more (name such a file itself to read it)"
    ]


def test_a_folder_of_a_tokenizer_alone_is_no_corpus(tmp_path: Path) -> None:
    for name, content in TOKENIZER.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=r"vocab.txt \(a vocabulary\)"):
        find_inputs([str(tmp_path)], ReadOptions())


def test_what_begins_with_a_dot_is_left_out_by_name(tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.txt", ".DS_Store", "b/.notes", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PROSE)
    found = find_inputs([str(tmp_path)], ReadOptions())
    assert [file.name for file in found.files] == ["a.txt", "b/c.txt"]
    (note,) = found.notes
    assert "left out 3 files beside 2 files of text: .DS_Store, .git/, b/.notes (" in note


ODD = "".join(f"{n},{n * 7},{n * 9}\n" for n in range(30))


def folder_of(tmp_path: Path, count: int, odd: str) -> Path:
    for n in range(count):
        (tmp_path / f"{n}.txt").write_text(f"Panda {n}.\n{PROSE}")
    (tmp_path / odd).write_text(ODD)
    return tmp_path


def test_one_odd_file_among_many_of_its_name_is_read_as_they_are(tmp_path: Path) -> None:
    found = find_inputs([str(folder_of(tmp_path, 120, "odd.txt"))], ReadOptions())
    assert len(found.files) == 121 and {file.format for file in found.files} == {"text"}
    (note,) = found.notes
    assert note.startswith(
        "1 file of 121 look like no prose or odd prose, and are read as the others"
    )
    assert "odd.txt (numbers)" in note


def test_one_odd_file_of_another_name_or_among_few_is_not_read(tmp_path: Path) -> None:
    found = find_inputs([str(folder_of(tmp_path, 120, "odd.csv"))], ReadOptions())
    assert len(found.files) == 120
    assert "left out 1 file beside 120 files of text: odd.csv" in found.notes[0]
    for n in range(60, 120):
        (tmp_path / f"{n}.txt").unlink()
    (tmp_path / "odd.csv").rename(tmp_path / "odd.txt")
    assert len(find_inputs([str(tmp_path)], ReadOptions()).files) == 60
