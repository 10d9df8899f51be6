"""Which files of a folder are the corpus."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.errors import InputError
from bertprep.options import ReadOptions
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS
from pipelines.folders.inputs import find_inputs
from pipelines.folders.selection import Selection

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


@pytest.mark.slow
def test_one_odd_file_among_many_of_its_name_is_read_as_they_are(tmp_path: Path) -> None:
    found = find_inputs([str(folder_of(tmp_path, 120, "odd.txt"))], ReadOptions())
    assert len(found.files) == 121 and {file.format for file in found.files} == {"text"}
    (note,) = found.notes
    assert note.startswith(
        "1 file of 121 look like no prose or odd prose, and are read as the others"
    )
    assert "odd.txt (numbers)" in note


@pytest.mark.slow
def test_one_odd_file_of_another_name_or_among_few_is_not_read(tmp_path: Path) -> None:
    found = find_inputs([str(folder_of(tmp_path, 120, "odd.csv"))], ReadOptions())
    assert len(found.files) == 120
    assert "left out 1 file beside 120 files of text: odd.csv" in found.notes[0]
    for n in range(60, 120):
        (tmp_path / f"{n}.txt").unlink()
    (tmp_path / "odd.csv").rename(tmp_path / "odd.txt")
    assert len(find_inputs([str(tmp_path)], ReadOptions()).files) == 60


def parquet(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"text": [PROSE]}), path)


def test_what_engines_write_beside_partitions_is_no_corpus(tmp_path: Path) -> None:
    for year in (2020, 2021):
        parquet(tmp_path / f"year={year}/part-0.parquet")
    schema = pq.read_schema(tmp_path / "year=2020/part-0.parquet")
    for name in ("_metadata", "_common_metadata"):
        pq.write_metadata(schema, tmp_path / name)
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "_committed_12").write_text('{"added": []}')
    found = find_inputs([str(tmp_path)], ReadOptions())
    assert [f.name for f in found.files] == [f"year={y}/part-0.parquet" for y in (2020, 2021)]
    assert "_SUCCESS, _committed_12, _common_metadata, _metadata" in found.notes[0]


def test_a_cache_of_the_hub_holds_each_file_once(tmp_path: Path) -> None:
    repository = tmp_path / "datasets--panda--texts"
    parquet(repository / "blobs" / ("a" * 64))
    for revision in ("b" * 40, "c" * 40):
        folder = repository / "snapshots" / revision / "data"
        folder.mkdir(parents=True)
        (folder / "train-00000-of-00001.parquet").symlink_to("../../../blobs/" + "a" * 64)
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text("c" * 40)
    found = find_inputs([str(tmp_path)], ReadOptions())
    assert [f.path.rpartition("/")[2] for f in found.files] == ["train-00000-of-00001.parquet"]
    assert any("read once" in note for note in found.notes)
    assert any("left out 1 file" in note and "refs/main" in note for note in found.notes)


def test_what_datasets_writes_beside_is_left_out_of_what_is_chosen(tmp_path: Path) -> None:
    folder = tmp_path / "train"
    folder.mkdir()
    with pa.ipc.new_file(folder / "data-00000-of-00001.arrow", pa.schema([("text", "str")])):
        pass
    for name in ("state.json", "dataset_info.json"):
        (folder / name).write_text('{\n  "a": 1\n}')
    found = find_inputs([str(tmp_path)], ReadOptions(), Selection(include=("train/*",)))
    assert [file.name for file in found.files] == ["train/data-00000-of-00001.arrow"]
    assert "train/dataset_info.json, train/state.json" in found.notes[0]
