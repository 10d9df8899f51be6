"""Files for training and for testing that one run reads together are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs
from pipelines.folders.named_sets import describe_revisions, describe_sets, set_of
from pipelines.folders.selection import Selection

PROSE = "The panda eats bamboo all day. It sleeps under a tree.\n\n" * 9
LAYOUTS = {
    "the Hub": (
        ["data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"],
        "train*",
    ),
    "save_to_disk": (
        ["train/data-00000-of-00001.arrow", "test/data-00000-of-00001.arrow"],
        "train/*",
    ),
    "a folder of a configuration": (["en/train/0.parquet", "en/validation/0.parquet"], "*/train/*"),
    "WikiText": (["wiki.train.tokens", "wiki.valid.tokens"], "*train*"),
    "20newsgroups": (["20news-bydate-train/a/1", "20news-bydate-test/a/2"], "*train*/*"),
    "both": (["train.txt", "train/a.txt", "test.txt"], ""),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_sets_of_a_layout_are_told_and_how_to_read_one(name: str) -> None:
    relatives, glob = LAYOUTS[name]
    told = describe_sets(relatives)
    assert told.startswith("read together: train (")
    assert told.endswith(f"; --include '{glob}' reads train alone" if glob else "(1 file)")


@pytest.mark.parametrize(
    "relatives",
    [
        ["train.txt"],
        ["test.txt", "dev.txt"],
        ["training/a.txt", "trains/b.txt", "testament.txt", "latest.txt", "contest/c.txt"],
        ["train/a.txt", "extra/b.txt"],
        ["train/test/a.txt", "train/b.txt"],
    ],
)
def test_nothing_is_said_of_others(relatives: list[str]) -> None:
    assert describe_sets(relatives) == ""


def test_a_word_names_a_set_alone() -> None:
    names = [
        "a/train00001.txt",
        "Dev.tsv",
        "eval_1.txt",
        "validation/x",
        "retrain.txt",
        "x-val.txt",
    ]
    assert list(map(set_of, names)) == [
        "train",
        "validation",
        "test",
        "validation",
        "",
        "validation",
    ]


def test_it_is_a_note_of_the_inputs_and_its_advice_works(tmp_path: Path) -> None:
    for name in ("train-00000.txt", "train-00001.txt", "test-00000.txt"):
        (tmp_path / name).write_text(PROSE)
    found = find_inputs([str(tmp_path)], ReadOptions())
    assert found.notes == [
        "read together: train (2 files), test (1 file); --include 'train*' reads train alone"
    ]
    again = find_inputs([str(tmp_path)], ReadOptions(), Selection(include=("train*",)))
    assert [file.name for file in again.files] == ["train-00000.txt", "train-00001.txt"]
    assert again.notes == []


def test_revisions_of_one_data_set_are_told() -> None:
    files = [f"datasets--a--b/snapshots/{c * 40}/train.txt" for c in "ab"]
    told = describe_revisions(files)
    assert told.startswith("2 revisions of one data set are read together, from datasets--a--b/")
    assert describe_revisions(files[:1]) == ""
    assert describe_revisions([files[0], files[1].replace("a--b", "c--d")]) == ""
