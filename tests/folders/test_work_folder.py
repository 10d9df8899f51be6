"""The work of a run is put back and cleared away."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import OutputError
from pipelines.folders import files, lease
from pipelines.folders.move_files import move_all
from pipelines.folders.work_folder import WorkFolder


@pytest.fixture
def work(tmp_path: Path) -> WorkFolder:
    (tmp_path / "work" / "done").mkdir(parents=True)
    (tmp_path / "work" / "done" / "write-000000").write_text("a step")
    (tmp_path / "work" / "final").mkdir()
    (tmp_path / "work" / "final" / "a").write_text("rows")
    (tmp_path / "out").mkdir()
    return WorkFolder(str(tmp_path / "work"), str(tmp_path / "out"))


def moved(tmp_path: Path, work: WorkFolder) -> None:
    source, target = tmp_path / "work" / "final" / "a", tmp_path / "out" / "rows" / "a"
    move_all([(str(source), str(target))], work.journal)


def test_what_was_moved_is_put_back(tmp_path: Path, work: WorkFolder) -> None:
    assert not work.is_done()
    work.put_back()  # of nothing
    moved(tmp_path, work)
    assert work.is_done()
    work.put_back()
    assert (tmp_path / "work" / "final" / "a").read_text() == "rows"
    assert list((tmp_path / "out").iterdir()) == []  # an empty folder would be taken for a file
    moved(tmp_path, work)
    work.put_back(finished=False)
    assert (tmp_path / "out" / "rows" / "a").read_text() == "rows"
    assert not work.is_done()  # the journal is gone


def test_steps_are_forgotten_of_whatever_run(tmp_path: Path, work: WorkFolder) -> None:
    run = tmp_path / "work" / lease.new_run()
    (run / "done").mkdir(parents=True)
    (run / "done" / "write-000000").write_text("a step")
    work.forget_steps()
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["final"]


def test_a_folder_is_removed_steps_first(
    tmp_path: Path, work: WorkFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []
    remove = files.remove

    def removing(path: str) -> None:
        removed.append(Path(path).name)
        remove(path)

    monkeypatch.setattr(files, "remove", removing)
    work.discard()
    assert removed == ["done", "moves.json", "run.json", "work"]
    assert not (tmp_path / "work").exists()


def test_no_run_may_go_on(tmp_path: Path, work: WorkFolder) -> None:
    run = str(tmp_path / "work" / lease.new_run())
    token = lease.grant(run)
    lease.check(run, token)
    work.revoke_all()
    with pytest.raises(OutputError):
        lease.check(run, token)
