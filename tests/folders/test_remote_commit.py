"""A commit by the graph: tried again, or twice, or by a run that is no more, it mixes nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bertprep.errors import OutputError
from bertprep.shards.names import ROWS_FOLDER
from pipelines.folders import files, lease
from pipelines.folders.remote_commit import CommitPlace, commit_forward, final_name, outcome_of
from pipelines.folders.workspace import Workspace
from tests.beam.test_workspace_kills import SHARDS, identity, result
from tests.beam.test_workspace_kills import run as run_here
from tests.finished import contents


class Stopped(BaseException):
    """Comes in place of the end of a worker."""


def begun(output: Path, seed: int, **kind: Any) -> tuple[Workspace, CommitPlace, list[str]]:
    """A run whose steps are done, on other machines."""
    workspace = Workspace(str(output), **{"overwrite": False, **kind}, outlived=True)
    workspace.__enter__()
    workspace.identify(identity(seed), changed=0.0)
    paths = [files.join(workspace.work_dir, "shards", Path(name).name) for name in SHARDS]
    for path in paths:
        files.write_bytes(path, b"%d" % seed)
    return workspace, replace(workspace.commit_place, at_once=1), paths


def left(workspace: Workspace) -> None:
    """The command is killed: nobody holds the folder any more, and nothing is cleared away."""
    workspace._leave()


def ended(workspace: Workspace) -> None:
    workspace.__exit__(None, None, None)


@pytest.mark.parametrize("before", [None, 1])
def test_the_result_is_whole_and_alone(tmp_path: Path, before: int | None) -> None:
    if before:
        run_here(tmp_path, before)
        (tmp_path / SHARDS[0]).write_bytes(b"spoiled")
    workspace, place, paths = begun(tmp_path, 2, overwrite=True)
    commit_forward(place, paths, result(2, shards=False), {"warnings": ["w"]}, ROWS_FOLDER)
    assert workspace.outcome() == {"run": place.run, "warnings": ["w"]}
    ended(workspace)
    assert contents(tmp_path) == result(2)


def test_the_same_bytes_again_mend_what_was_spoiled(tmp_path: Path) -> None:
    run_here(tmp_path, 2)
    (tmp_path / SHARDS[0]).write_bytes(b"spoiled")
    workspace, place, paths = begun(tmp_path, 2, overwrite=True)
    commit_forward(place, paths, result(2, shards=False), {}, ROWS_FOLDER)
    ended(workspace)
    assert contents(tmp_path) == result(2)


@pytest.mark.parametrize("at", range(1, 8))
@pytest.mark.parametrize("overwrites", [False, True])
def test_a_commit_that_stopped_is_ended_by_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, overwrites: bool
) -> None:
    if overwrites:
        run_here(tmp_path, 1)
    workspace, place, paths = begun(tmp_path, 2, overwrite=overwrites)
    with stopping(monkeypatch, at), pytest.raises(Stopped):
        commit_forward(place, paths, result(2, shards=False), {}, ROWS_FOLDER)
    commit_forward(place, paths, result(2, shards=False), {}, ROWS_FOLDER)
    ended(workspace)
    assert contents(tmp_path) == result(2)


def stopping(monkeypatch: pytest.MonkeyPatch, at: int) -> Any:
    """Within, whatever would be change number ``at`` of a file stops its process instead."""
    seen = 0

    def wrap(function: Any) -> Any:
        def wrapped(*args: Any, **more: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen >= at:
                raise Stopped
            return function(*args, **more)

        return wrapped

    context = monkeypatch.context()
    patch = context.__enter__()
    for name in ("publish", "write_bytes", "publish_new", "retire"):
        patch.setattr(files, name, wrap(getattr(files, name)))

    class Within:
        def __enter__(self) -> None: ...

        def __exit__(self, *error: object) -> None:
            context.__exit__(None, None, None)

    return Within()


@pytest.mark.parametrize("at", range(1, 8))
def test_half_a_commit_is_resumed_or_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    for seed, how in ((2, {"resume": True}), (3, {"overwrite": True})):
        output = tmp_path / str(seed)
        workspace, place, paths = begun(output, 2)
        with stopping(monkeypatch, at), pytest.raises(Stopped):
            commit_forward(place, paths, result(2, shards=False), {}, ROWS_FOLDER)
        left(workspace)
        run_here(output, seed, **how)  # here it is resumed, too
        assert contents(output) == result(seed)


@pytest.mark.parametrize("at", range(1, 9))
def test_a_run_that_was_replaced_changes_nothing_whenever_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Another run takes the output over between any two changes of the commit."""
    workspace, place, paths = begun(tmp_path, 2)
    left(workspace)
    seen = 0

    def wrap(function: Any) -> Any:
        def wrapped(*args: Any, **more: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == at:
                run_here(tmp_path, 3, overwrite=True)
            return function(*args, **more)

        return wrapped

    with monkeypatch.context() as patch:
        for name in ("write_bytes", "publish", "publish_new", "retire"):
            patch.setattr(files, name, wrap(getattr(files, name)))
        with suppress(OutputError, OSError):
            commit_forward(place, paths, result(2, shards=False), {}, ROWS_FOLDER)
    assert seen >= at
    assert contents(tmp_path) == result(3)


def test_a_run_that_was_resumed_commits_once(tmp_path: Path) -> None:
    workspace, before, paths = begun(tmp_path, 2)
    left(workspace)
    workspace, place, paths = begun(tmp_path, 2, resume=True)
    assert place.work_dir == before.work_dir
    with pytest.raises(OutputError, match="this job ends here"):
        commit_forward(before, paths, result(2, shards=False), {}, ROWS_FOLDER)
    commit_forward(place, paths, result(2, shards=False), {}, ROWS_FOLDER)
    ended(workspace)
    assert contents(tmp_path) == result(2)


def test_runs_of_another_identity_share_no_work(tmp_path: Path) -> None:
    workspace, before, _ = begun(tmp_path, 2)
    left(workspace)
    workspace, place, _ = begun(tmp_path, 3, overwrite=True)
    assert place.work_dir != before.work_dir
    with pytest.raises(OutputError):
        lease.check(before.work_dir)


def test_after_its_driver_died_a_committed_run_leaves_no_trouble(tmp_path: Path) -> None:
    workspace, place, paths = begun(tmp_path, 2)
    left(workspace)
    commit_forward(place, paths, result(2, shards=False), {}, ROWS_FOLDER)
    files.remove(place.work_dir)
    assert outcome_of(place.root, place.run) is not None
    run_here(tmp_path, 3, overwrite=True)
    assert contents(tmp_path) == result(3)


def test_a_run_begun_here_goes_on_elsewhere_under_a_name_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(Stopped), Workspace(str(tmp_path), overwrite=False) as here:
        here.identify(identity(2), changed=0.0)
        files.write_bytes(files.join(here.work_dir, "done", "write-000000"), b"step")
        raise Stopped("stopped")
    workspace, place, _ = begun(tmp_path, 2, resume=True)
    assert lease.is_run_name(place.run)
    assert (Path(place.work_dir) / "done" / "write-000000").read_bytes() == b"step"
    ended(workspace)


def test_origins_go_to_a_folder_of_their_own() -> None:
    assert final_name("work/shards/shard-0.parquet", "rows") == "rows/shard-0.parquet"
    assert final_name("work/origins/shard-0.arrow", "rows") == "origins/shard-0.arrow"
    assert final_name("work/x.arrow", "") == "x.arrow"
