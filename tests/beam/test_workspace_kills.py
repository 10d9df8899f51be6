"""Runs that are killed anywhere, and what the next one makes of what they left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bertprep.common.digests import digest_of, vocabulary_digest
from bertprep.errors import InputError, OutputError, UsageError
from bertprep.options import ShardOptions
from bertprep.shards.manifest_writing import to_json
from bertprep.shards.names import ROWS_FOLDER
from pipelines.folders import files
from pipelines.folders.already_complete import Complete
from pipelines.folders.patience import Patience
from pipelines.folders.work_names import WORK_FOLDER
from pipelines.folders.workspace import Workspace
from pipelines.steps.checkpoint import remembered
from pipelines.steps.report import Report
from tests.finished import contents
from tests.manifests import parsed, shards_json

SHARDS = [f"rows/shard-0000{number}-of-00002.parquet" for number in range(2)]
ENOUGH = 100  # moves and removals, that is; no run here has so many


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


class Killed(BaseException):
    """Comes in place of a signal: from then on nothing can be changed."""


def run(output: Path, seed: int, fails: bool = False, **kind: Any) -> None:
    """A run of two steps, each of which writes a shard."""

    def write(path: str) -> Iterator[object]:
        files.write_bytes(path, b"%d" % seed)
        yield Report(files={path: digest_of(b"%d" % seed)})

    with Workspace(str(output), **{"overwrite": False, **kind}) as workspace:
        workspace.identify(identity(seed), changed=0.0)
        paths = [files.join(workspace.work_dir, "shards", Path(name).name) for name in SHARDS]
        for number, path in enumerate(paths):
            remembered(workspace.work_dir, "write", number, lambda path=path: write(path))
        if fails:
            raise UsageError("no")
        workspace.commit(paths, result(seed, shards=False), ROWS_FOLDER)


def result(seed: int, shards: bool = True) -> dict[str, bytes]:
    """What a run leaves: its shards, a vocabulary, and a manifest that lists them."""
    digest = digest_of(b"%d" % seed)
    listed = [{"file": name, "bytes": 1, "sha256": digest, "rows": 1} for name in SHARDS]
    tokens = b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nseed%d\n" % seed
    vocabulary = {"size": 6, "sha256": vocabulary_digest(tokens, lowercase=False)}
    made = shards_json(ShardOptions(seed=seed), shards=listed, vocabulary=vocabulary)
    described = {"vocab.txt": tokens, "manifest.json": to_json(parsed(made))}
    return {**{name: b"%d" % seed for name in SHARDS if shards}, **described}


def identity(seed: int) -> dict[str, Any]:
    """What decides the bytes of a run, as its manifest tells it."""
    made = shards_json(ShardOptions(seed=seed))
    inputs = {entry["name"]: [entry["bytes"], 0.0] for entry in made["inputs"]}
    return {**made["config"], "versions": made["versions"], "inputs": inputs}


def killed_run(at: int, output: Path, seed: int, where: str = "", **kind: Any) -> bool:
    """A run that is killed before its move or removal number ``at``; whether it came there.

    With ``where``, only moves between two folders count, or removals.
    """
    seen = 0

    def dying(function: Callable[..., None], what: str) -> Callable[..., None]:
        def wrapped(*args: Any, **more: Any) -> None:
            nonlocal seen
            moves = what == "move" and os.path.dirname(args[0]) != os.path.dirname(args[1])
            seen += seen >= at or not where or where == what or (where == "commit" and moves)
            if seen >= at:
                raise Killed
            function(*args, **more)

        return wrapped

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", dying(os.replace, "move"))
        patch.setattr(os, "unlink", dying(os.unlink, "removal"))
        patch.setattr(os, "remove", dying(os.remove, "removal"))
        try:
            run(output, seed, **kind)
        except Killed:
            return True
    return False


def kills(make: Callable[[int], bool]) -> Iterator[int]:
    """Every moment that a run may be killed at, until one is never reached."""
    for at in range(1, ENOUGH):
        if not make(at):
            return
        yield at
    pytest.fail("a run has no end")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_nothing_of_another_run_is_taken_over(tmp_path: Path, elsewhere: bool) -> None:
    def attempt(at: int) -> bool:
        kind = {"work_dir": str(tmp_path / f"work{at}")} if elsewhere else {}
        output = tmp_path / str(at)
        assert killed_run(1, output, seed=1, where="commit", **kind)
        return killed_run(at, output, seed=2, overwrite=True, **kind)

    for at in kills(attempt):
        kind = {"work_dir": str(tmp_path / f"work{at}")} if elsewhere else {}
        output = tmp_path / str(at)
        try:
            run(output, seed=2, resume=True, **kind)
        except UsageError as refused:
            assert "seed (was 1, is 2)" in str(refused)
            run(output, seed=2, overwrite=True, **kind)
        except Complete:
            pass
        assert contents(output) == result(2)


@pytest.mark.parametrize("anew", [False, True])
def test_a_run_killed_anywhere_leaves_one_whole_result_to_the_next(
    tmp_path: Path, anew: bool
) -> None:
    def attempt(at: int) -> bool:
        run(tmp_path / str(at), seed=1)
        return killed_run(at, tmp_path / str(at), seed=2, overwrite=True)

    for at in kills(attempt):
        output = tmp_path / str(at)
        if anew:
            with pytest.raises(UsageError):
                run(output, seed=3, overwrite=True, fails=True)
            assert contents(output) in (result(1), result(2))
            run(output, seed=3, overwrite=True)
            assert contents(output) == result(3)
        else:
            with suppress(Complete):
                run(output, seed=2, resume=True, overwrite=True)
            assert contents(output) == result(2)


@pytest.mark.parametrize("at", range(1, 5))
def test_killed_in_its_commit_a_run_can_be_started_anew(tmp_path: Path, at: int) -> None:
    assert killed_run(at, tmp_path, seed=1, where="commit")
    run(tmp_path, seed=2, overwrite=True)
    assert contents(tmp_path) == result(2)


def test_what_was_moved_in_a_killed_commit_is_not_made_again(tmp_path: Path) -> None:
    assert killed_run(2, tmp_path, seed=1, where="commit")
    written = (tmp_path / SHARDS[0]).stat().st_ino
    run(tmp_path, seed=1, resume=True)
    assert contents(tmp_path) == result(1)
    assert (tmp_path / SHARDS[0]).stat().st_ino == written


def test_a_finished_run_is_not_taken_apart_by_the_next(tmp_path: Path) -> None:
    assert killed_run(1, tmp_path, seed=1, where="removal")
    with pytest.raises(UsageError, match=r"seed \(was 1, is 2\)"):
        run(tmp_path, seed=2, resume=True)
    assert {name: (tmp_path / name).read_bytes() for name in result(1)} == result(1)


@pytest.mark.parametrize("spoil", [os.unlink, lambda path: path.write_bytes(b"")])
def test_steps_of_which_nobody_knows_the_run_are_done_again(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    assert killed_run(1, tmp_path, seed=1, where="commit")
    spoil(tmp_path / WORK_FOLDER / "run.json")
    run(tmp_path, seed=2, resume=True)
    assert contents(tmp_path) == result(2)


def test_what_a_lost_run_did_goes_where_its_output_is_not_to_be_replaced(tmp_path: Path) -> None:
    run(tmp_path, seed=1)
    assert killed_run(1, tmp_path, seed=2, where="commit", overwrite=True)
    (tmp_path / WORK_FOLDER / "run.json").unlink()
    with pytest.raises(OutputError, match=r"nothing to resume; .* or name a new folder$"):
        run(tmp_path, seed=2, resume=True)
    assert contents(tmp_path) == result(1)


def test_steps_that_cannot_be_removed_stop_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert killed_run(1, tmp_path, seed=1, where="commit")
    monkeypatch.setattr("shutil.rmtree", lambda path, ignore_errors: None)
    with pytest.raises(OutputError, match=r"done is of another run and cannot be removed"):
        run(tmp_path, seed=2, overwrite=True)


def test_work_files_elsewhere_are_of_one_output(tmp_path: Path) -> None:
    work_dir = str(tmp_path / "work")
    assert killed_run(2, tmp_path / "a", seed=1, where="commit", work_dir=work_dir)
    before = contents(tmp_path / "a")
    for kind in ({}, {"resume": True}, {"overwrite": True}):
        with pytest.raises(UsageError, match=r"of a run that writes to .*/a, not to .*/b; go on"):
            run(tmp_path / "b", seed=1, work_dir=work_dir, **kind)
    assert contents(tmp_path / "a") == before
    assert not (tmp_path / "b").exists()
    run(tmp_path / "a", seed=1, resume=True, work_dir=work_dir)
    assert contents(tmp_path / "a") == result(1)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_output_is_one_runs_wherever_the_work_files_are(tmp_path: Path) -> None:
    def workspace(output: str, work_dir: str | None) -> Workspace:
        work = str(tmp_path / work_dir) if work_dir else None
        path = str(tmp_path / output)
        return Workspace(path, overwrite=True, work_dir=work, patience=Patience(lock=0))

    (tmp_path / "link").symlink_to(tmp_path / "a")
    with workspace("a", "work"):
        for work_dir in ("other", None):
            with pytest.raises(OutputError, match=r"another run is writing to .*/a; .* folder$"):
                workspace("a", work_dir).__enter__()
        with pytest.raises(OutputError, match=r"has its work files in .*/work; .* --work-dir$"):
            workspace("b", "work").__enter__()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "link", "work"]
    with workspace("a", "link"):  # one folder by two names
        pass
    with workspace("a", "work"):
        pass


def test_what_cannot_hold_the_work_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match=r"file/work cannot be written to: Not a directory"):
        run(tmp_path / "out", seed=1, work_dir=str(tmp_path / "file" / "work"))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_output_that_is_only_to_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: "out" not in str(path))
    with pytest.raises(OutputError, match=r"out cannot be written to: Permission denied"):
        run(tmp_path / "out", seed=1, work_dir=str(tmp_path / "work"))
    assert list(tmp_path.iterdir()) == []


def test_with_a_finished_run_there_is_nothing_to_resume(tmp_path: Path) -> None:
    run(tmp_path, seed=1)
    with pytest.raises(Complete, match="nothing is left to do"):
        run(tmp_path, seed=1, resume=True)
    with pytest.raises(OutputError, match=r"nothing to resume; .* seed \(was 1, is 2\); replace"):
        run(tmp_path, seed=2, resume=True)
    (tmp_path / "manifest.json").write_bytes(b"{")
    with pytest.raises(InputError, match=r"manifest\.json is damaged"):
        run(tmp_path, seed=1, resume=True)
    (tmp_path / "manifest.json").write_bytes(result(1)["manifest.json"])
    assert contents(tmp_path) == result(1)
