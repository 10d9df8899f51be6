"""The files that the INPUTs name: which they are, and that they stay as they were."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.inputs import Inputs, find_inputs
from pipelines.folders.selection import Selection

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def found(*patterns: object) -> list[InputFile]:
    return find_inputs([str(pattern) for pattern in patterns], ReadOptions()).files


def test_an_input_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    monkeypatch.chdir(tmp_path)
    assert len(found("a.txt", tmp_path / "a.txt", tmp_path, "*.txt")) == 1


def test_inputs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "wiki_00").write_text("Text.")
    both = found(tmp_path / "one" / "wiki_00", tmp_path / "two" / "wiki_00")
    assert [file.name for file in both] == ["one/wiki_00", "two/wiki_00"]


def test_empty_files_are_fine_beside_others_but_not_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "full").write_text("Text.")
    assert [file.size for file in found(tmp_path)] == [0, 5]
    with pytest.raises(InputError, match=r"the input is empty: 1 file in .*empty, 0 bytes"):
        found(tmp_path / "empty")


# What changes while it is read

TEXT = "One sentence here. Another follows it.\n\nA second document. It is short.\n"


def append(path: Path) -> None:
    with path.open("a") as stream:
        stream.write("More.")


@pytest.mark.parametrize("command", ["vocab", "prepare", "shard"])
def test_a_run_whose_input_changes_fails_and_leaves_nothing(
    cli_in_process: Run,
    tmp_path: Path,
    letters_vocab: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)

    def changing(*args: object) -> Iterator[DocumentBatch]:
        yield from read_split(*args)
        append(path)

    monkeypatch.setattr("pipelines.folders.changed_inputs.read_split", changing)
    vocab = () if command == "vocab" else ("--vocab", letters_vocab)
    done = cli_in_process(command, path, *vocab, "--output", tmp_path / "out", "--workers", 1)
    assert done.returncode == 1
    assert f"a.txt changed while it was read (was {len(TEXT)} bytes" in done.stderr
    assert not (tmp_path / "out").exists()


# Which files, and which of them not

PROSE = "The panda eats bamboo all day. It sleeps under a tree.\n\nThen it rains. Nobody minds.\n"
TABLE = "id,title,body\n" + "".join(f"{n},Panda {n},It eats number {n}.\n" for n in range(9))


def look(*patterns: object, **globs: tuple[str, ...]) -> Inputs:
    return find_inputs([str(pattern) for pattern in patterns], ReadOptions(), Selection(**globs))


def names(inputs: Inputs) -> list[str]:
    return sorted(file.name for file in inputs.files)


def corpus(folder: Path, **contents: str) -> Path:
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def test_a_file_that_links_lead_to_is_read_once_and_that_is_said(tmp_path: Path) -> None:
    digest = "0f" * 32
    corpus(tmp_path, **{f"blobs__{digest}": PROSE})
    snapshot = tmp_path / "snapshots" / "main"
    snapshot.mkdir(parents=True)
    (snapshot / "train.txt").symlink_to(tmp_path / "blobs" / digest)
    os.link(tmp_path / "blobs" / digest, snapshot / "again.txt")
    inputs = look(tmp_path)
    assert names(inputs) == ["snapshots/main/again.txt"]
    (note,) = inputs.notes
    assert "2 files reached by another path as well, read once" in note
    assert f"blobs/{digest} is snapshots/main/again.txt" in note


def test_globs_choose_among_the_files_of_a_folder(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt=PROSE, b_txt=PROSE + "A.", sub__c_txt=PROSE + "C.", sub__d_md=PROSE)
    assert names(look(tmp_path, include=("*.txt",))) == ["a.txt", "b.txt", "sub/c.txt"]
    assert names(look(tmp_path, include=("*.txt", "*.md"), exclude=("sub/*",))) == [
        "a.txt",
        "b.txt",
    ]
    assert look(tmp_path, exclude=("*.xml",)).notes == ["--exclude *.xml fits no file"]
    with pytest.raises(InputError, match="leave none of 4 files"):
        look(tmp_path, include=("*.xml",))
    # A file named itself is meant.
    assert names(look(tmp_path / "a.txt", exclude=("*.txt",))) == ["a.txt"]


def test_all_that_cannot_be_read_is_named_at_once_and_can_be_left_out(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt=PROSE, b_txt=PROSE + "B.", t_csv=TABLE, u_csv=TABLE, x__odd=TABLE)
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError) as caught:
        look(tmp_path)
    message = str(caught.value)
    assert "4 of 6 files are not read" in message
    for name in ("t.csv (a table)", "u.csv (a table)", "odd (a table)", "broken (cannot be read)"):
        assert name in message
    globs = tuple(re.findall(r"--exclude '([^']+)'", message))
    assert names(look(tmp_path, exclude=globs)) == ["a.txt", "b.txt"]


def test_one_that_cannot_be_read_is_told_as_ever(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt=PROSE, t_csv=TABLE)
    with pytest.raises(InputError, match=r"t\.csv is a table, not prose"):
        look(tmp_path)


def test_what_lies_beside_a_corpus_is_left_out_and_said(tmp_path: Path) -> None:
    urls = "".join(f"http://example.org/{n}\n" for n in range(9))
    corpus(tmp_path, **{f"pos__{n}_txt": f"{PROSE} {n}." for n in range(9)})
    corpus(tmp_path, README=PROSE, LICENSE_txt=PROSE, list__of=urls)
    inputs = look(tmp_path)
    assert names(inputs) == [f"pos/{n}.txt" for n in range(9)]
    (note,) = inputs.notes
    assert note.startswith("left out 3 files beside 9 files of text: LICENSE.txt, README, list/of")
    assert names(look(tmp_path / "README")) == ["README"]


def test_a_corpus_of_readme_files_is_one(tmp_path: Path) -> None:
    corpus(tmp_path, **{f"{n}__README_md": f"{PROSE} {n}." for n in range(9)})
    assert len(look(tmp_path).files) == 9


def test_the_choice_is_in_the_first_lines_and_in_the_manifest(
    cli_in_process: Run, tmp_path: Path
) -> None:
    folder = corpus(tmp_path / "in", a_txt=PROSE, b_txt=PROSE + "B.", README=PROSE, t_csv=TABLE)
    given = ("vocab", folder, "--output", tmp_path / "out", "--vocab-size", 40)
    done = cli_in_process(*given, "--exclude", "*.csv")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("left out 1 file beside 2 files of text: README")
    assert "2 files of plain text, documents" in done.stderr
    assert ": it looks like prose wherever it was looked at" in done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["recognised"] == [
        {
            "format": "text",
            "files": 2,
            "evidence": "it looks like prose wherever it was looked at",
        }
    ]
    done = cli_in_process(*given)
    assert done.returncode == 1
    assert "t.csv is a table" in done.stderr


TEXTS = [f"The panda number {n} eats bamboo. It sleeps in a tree." for n in range(300)]


@pytest.mark.torch  # datasets loads it
@pytest.mark.parametrize("shards", [1, 3])
def test_a_folder_of_datasets_is_read(tmp_path: Path, shards: int) -> None:
    import datasets

    data = datasets.Dataset.from_dict({"id": range(300), "text": TEXTS})
    folder = datasets.DatasetDict(train=data)
    folder.save_to_disk(tmp_path / "saved", num_shards={"train": shards})
    (tmp_path / "hub" / "data").mkdir(parents=True)
    (tmp_path / "hub" / "README.md").write_text("---\nlicense: mit\n---\n")
    (tmp_path / "hub" / "dataset_infos.json").write_text('{"default": {\n"a": 1}}\n')
    for i in range(shards + 1):  # as many as the files beside them
        part = data.shard(shards + 1, i, contiguous=True)
        part.to_parquet(tmp_path / "hub" / "data" / f"train-{i:05}-of-{shards + 1:05}.parquet")
    for folder_name, known, count in (("saved", "arrow", shards), ("hub", "parquet", shards + 1)):
        inputs = find_inputs([str(tmp_path / folder_name)], ReadOptions())
        assert [file.format for file in inputs.files] == [known] * count
        assert "left out" in inputs.notes[0]
        read = [
            batch.text[start:end].decode()
            for split in plan_splits(inputs.files, ReadOptions())
            for batch in read_split(split, files.open_input, ReadOptions(), Drops())
            for start, end in zip(batch.starts, batch.ends, strict=True)
        ]
        assert read == TEXTS
    with pytest.raises(InputError, match=r'has no column "body"; name one of its columns of text'):
        find_inputs([str(tmp_path / "saved")], ReadOptions(text_field="body"))


def test_a_file_in_several_inputs_of_a_mixture_is_told(tmp_path: Path) -> None:
    for name in ("a/1.txt", "b/2.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("The panda eats bamboo. It sleeps.\n")
    given = [str(tmp_path / "a"), str(tmp_path), str(tmp_path / "b")]
    notes = find_inputs(given, ReadOptions(), Selection(names=("a", "all", "b"))).notes
    assert notes == [f"2 files in several inputs of the mixture, such as {tmp_path}/a/1.txt"]
    assert find_inputs(given[::2], ReadOptions(), Selection(names=("a", "b"))).notes == []
