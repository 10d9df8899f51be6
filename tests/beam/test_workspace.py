"""The output folder: checked before a run, whole after it, as it was after a failure."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bertprep.errors import InputError, OutputError
from bertprep.shards.names import ROWS_FOLDER
from pipelines.folders import files
from pipelines.folders.finished_folder import read_manifest
from pipelines.folders.work_names import WORK_FOLDER
from pipelines.folders.workspace import Workspace
from tests.beam.wrong_calls import tree


def manifest(*shards: str) -> bytes:
    listed = {"shards": [{"file": name} for name in shards]} if shards else {}
    return json.dumps({"format": 1, "versions": {"bertprep": "0.1.0"}, **listed}).encode()


def finished(workspace: Workspace, name: str, content: bytes) -> str:
    path = files.join(workspace.work_dir, "shards", os.path.basename(name))
    files.write_bytes(path, content)
    return path


def run(output: Path, shards: dict[str, bytes], overwrite: bool = False) -> None:
    """A run that ends well."""
    with Workspace(str(output), overwrite) as workspace:
        paths = [finished(workspace, name, content) for name, content in shards.items()]
        contents = {"manifest.json": manifest(*shards), "vocab.txt": b"words\n"}
        workspace.commit(paths, contents, ROWS_FOLDER)


def is_move(source: str, target: str) -> bool:
    """Not so where a new file gets its name in place."""
    return os.path.dirname(source) != os.path.dirname(target)


def shard_name(number: int, count: int) -> str:
    return f"rows/shard-{number:05}-of-{count:05}.parquet"


SHARD_NAMES = (shard_name(0, 1), "rows/shard-00000-of-00001-bin-064.tfrecord")


def test_a_run_leaves_its_result_and_nothing_else(tmp_path: Path) -> None:
    run(tmp_path / "out", {shard_name(0, 1): b"rows"})
    assert tree(tmp_path / "out") == {
        "rows": None,
        shard_name(0, 1): b"rows",
        "vocab.txt": b"words\n",
        "manifest.json": manifest(shard_name(0, 1)),
    }


def test_the_work_folder_may_be_elsewhere(tmp_path: Path) -> None:
    output, work_dir = tmp_path / "new" / "out", tmp_path / "work"
    with Workspace(str(output), overwrite=False, work_dir=str(work_dir)) as workspace:
        path = finished(workspace, shard_name(0, 1), b"rows")
        assert path.startswith(str(work_dir / WORK_FOLDER))
        assert output.is_dir()  # so that its disk is known, and whether it can be written to
        workspace.commit([path], {"manifest.json": b"{}"}, ROWS_FOLDER)
    assert set(tree(tmp_path)) == {
        "new",
        "new/out",
        "new/out/rows",
        f"new/out/{shard_name(0, 1)}",
        "new/out/manifest.json",
    }


def test_the_work_folder_is_there_meanwhile_and_the_result_is_not(tmp_path: Path) -> None:
    with Workspace(str(tmp_path / "out"), overwrite=False) as workspace:
        finished(workspace, shard_name(0, 1), b"rows")
        assert os.listdir(tmp_path / "out") == [WORK_FOLDER]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), SystemExit(143)])
def test_after_a_failure_the_new_folders_are_gone(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), Workspace(str(tmp_path / "a/b/c"), overwrite=False) as work:
        finished(work, shard_name(0, 1), b"rows")
        raise error
    assert tree(tmp_path) == {}


def test_after_a_failure_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(ValueError), Workspace(str(tmp_path / "a" / "b"), overwrite=False):
        raise ValueError
    assert tree(tmp_path) == {"a": None}


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"not empty \(it holds notes.txt\).* a new folder"):
        Workspace(str(tmp_path), overwrite=False).__enter__()


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="out is a file; --output names a folder"):
            Workspace(str(tmp_path / "out"), overwrite).__enter__()


def test_what_cannot_be_written_to_is_said_and_left(tmp_path: Path) -> None:
    # A folder below a file cannot be made, whoever runs the test.
    (tmp_path / "file").write_text("mine")
    with (
        pytest.raises(OutputError, match="out cannot be written to: Not a directory"),
        Workspace(str(tmp_path / "file" / "out"), overwrite=False),
    ):
        pytest.fail("a workspace was made below a file")
    assert tree(tmp_path) == {"file": b"mine"}


def test_folders_made_before_writing_failed_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str, data: bytes) -> None:
        os.makedirs(os.path.dirname(path))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_bytes", full)
    with (
        pytest.raises(OutputError, match="No space left on device"),
        Workspace(str(tmp_path / "a" / "out"), overwrite=False),
    ):
        pytest.fail("a workspace was made on a full disk")
    assert tree(tmp_path) == {}


def test_work_files_of_another_run_are_only_cleared_when_told(tmp_path: Path) -> None:
    (tmp_path / WORK_FOLDER / "prepared").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"did not end; the same command with --resume goes on"):
        Workspace(str(tmp_path), overwrite=False).__enter__()
    run(tmp_path, {shard_name(0, 1): b"rows"}, overwrite=True)
    assert set(tree(tmp_path)) == {"rows", shard_name(0, 1), "vocab.txt", "manifest.json"}


def test_overwriting_leaves_no_shard_of_the_run_before(tmp_path: Path) -> None:
    run(tmp_path, {shard_name(n, 3): b"old" for n in range(3)})
    run(tmp_path, {shard_name(0, 1): b"new"}, overwrite=True)
    assert set(tree(tmp_path)) == {"rows", shard_name(0, 1), "vocab.txt", "manifest.json"}
    assert (tmp_path / shard_name(0, 1)).read_bytes() == b"new"


def test_overwriting_replaces_bertpreps_files_alone(tmp_path: Path) -> None:
    run(tmp_path, {shard_name(0, 2): b"old", shard_name(1, 2): b"old"})
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "vocab.txt").write_text("mine")
    run(tmp_path, {shard_name(0, 2): b"new", shard_name(1, 2): b"new"}, overwrite=True)
    found = tree(tmp_path)
    assert found["notes.txt"] == found["model/vocab.txt"] == b"mine"
    assert found[shard_name(1, 2)] == b"new"


@pytest.mark.parametrize("name", ["vocab.txt", "tokenizer.json", "manifest.json", *SHARD_NAMES])
def test_overwriting_never_takes_a_file_that_no_manifest_of_bertprep_claims(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text('{"a model": "of someone else"}')
    before = tree(tmp_path)
    with pytest.raises(
        OutputError, match=f"it holds {name.partition('/')[0]}.*bertprep wrote nothing"
    ):
        Workspace(str(tmp_path), overwrite=True).__enter__()
    assert tree(tmp_path) == before


def test_the_counts_for_lddl_go_with_its_shards_alone(tmp_path: Path) -> None:
    counts = tmp_path / "rows/.num_samples.json"
    run(tmp_path, {shard_name(0, 1): b"old"})
    counts.write_text("mine")
    with pytest.raises(OutputError, match=r"\.num_samples\.json is not of a finished bertprep run"):
        Workspace(str(tmp_path), overwrite=True).__enter__()
    content = json.loads((tmp_path / "manifest.json").read_bytes())
    content["config"] = {"shard": {"layout": "lddl"}}
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    run(tmp_path, {shard_name(0, 1): b"new"}, overwrite=True)
    assert not counts.exists()


def test_a_tokenizer_beside_shards_is_the_users(tmp_path: Path) -> None:
    run(tmp_path, {shard_name(0, 1): b"old"})
    (tmp_path / "tokenizer.json").write_text("mine")
    with pytest.raises(OutputError, match=r"tokenizer\.json is not of a finished bertprep run"):
        Workspace(str(tmp_path), overwrite=True).__enter__()


def test_what_was_left_out_goes_with_its_run_alone(tmp_path: Path) -> None:
    run(tmp_path, {shard_name(0, 1): b"old"})
    dropped = tmp_path / "dropped.jsonl"
    dropped.write_text("mine")
    with pytest.raises(OutputError, match=r"dropped\.jsonl is not of a finished bertprep run"):
        Workspace(str(tmp_path), overwrite=True).__enter__()
    content = json.loads((tmp_path / "manifest.json").read_bytes())
    content["dropped"] = [{"file": "dropped.jsonl"}]
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    run(tmp_path, {shard_name(0, 1): b"new"}, overwrite=True)
    assert not dropped.exists()


def test_an_overwriting_run_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    run(tmp_path, {shard_name(0, 2): b"old", shard_name(1, 2): b"old"})
    before = tree(tmp_path)
    with pytest.raises(ValueError), Workspace(str(tmp_path), overwrite=True) as workspace:
        finished(workspace, shard_name(0, 1), b"new")
        raise ValueError
    assert tree(tmp_path) == before


@pytest.mark.parametrize("moves_before_failure", range(7))
def test_a_commit_that_fails_midway_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves_before_failure: int
) -> None:
    # Four old files move away, then three new ones move in; any of the moves may be the one.
    run(tmp_path, {shard_name(0, 2): b"old", shard_name(1, 2): b"old"})
    before = tree(tmp_path)
    rename, moved = files.rename, []

    def failing(source: str, target: str) -> None:
        if is_move(source, target):
            moved.append(target)
            if len(moved) == moves_before_failure + 1:
                raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(files, "rename", failing)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, {shard_name(0, 1): b"new"}, overwrite=True)
    assert tree(tmp_path) == before


def test_the_manifest_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, moved = files.rename, []

    def noting(source: str, target: str) -> None:
        if is_move(source, target):
            moved.append(os.path.relpath(target, tmp_path / "out"))
        rename(source, target)

    monkeypatch.setattr(files, "rename", noting)
    run(tmp_path / "out", {shard_name(0, 1): b"rows"})
    assert moved == [shard_name(0, 1), "vocab.txt", "manifest.json"]


def test_overwriting_moves_shards_from_where_they_were_once(tmp_path: Path) -> None:
    """The first folders had their shards beside the manifest."""
    with Workspace(str(tmp_path), overwrite=False) as workspace:
        path = finished(workspace, "shard-00000-of-00001.parquet", b"old")
        contents = {"manifest.json": manifest(os.path.basename(path)), "vocab.txt": b"words\n"}
        workspace.commit([path], contents)
    assert (tmp_path / "shard-00000-of-00001.parquet").read_bytes() == b"old"
    run(tmp_path, {shard_name(0, 1): b"new"}, overwrite=True)
    assert set(tree(tmp_path)) == {"rows", shard_name(0, 1), "vocab.txt", "manifest.json"}
    with Workspace(str(tmp_path), overwrite=True) as workspace:
        workspace.commit([], {"manifest.json": manifest()})
    assert set(tree(tmp_path)) == {"manifest.json"}


# Manifests


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"format": 1, "versions"', r"is damaged \(not JSON: .*; expected the --output of"),
        (b"\xff\xfe", r"is damaged \(not JSON: "),
        (b"[1, 2]", "was not written by bertprep"),
        (b'{"name": "a web app", "icons": []}', "was not written by bertprep"),
        (b'{"format": 2, "versions": {"bertprep": "9.0"}}', "has format 2, .* by bertprep 9.0"),
    ],
)
def test_a_manifest_that_is_not_one_is_an_error(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_manifest(str(tmp_path))


def test_a_folder_without_a_manifest_is_told_from_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no manifest.json; expected the --output of"):
        read_manifest(str(tmp_path))
    with pytest.raises(InputError, match="nowhere does not exist; expected the --output of"):
        read_manifest(str(tmp_path / "nowhere"))
