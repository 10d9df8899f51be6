"""Moves: all of them or none, also for a run that was killed between two."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.folders.checked_json import write_sealed
from pipelines.folders.move_files import is_done, move_all, put_back


def laid_out(folder: Path) -> list[tuple[str, str]]:
    """Three files in ``work``, each to be moved to ``out``."""
    moves = []
    for name in ("a", "b", "c"):
        source = folder / "work" / name
        source.parent.mkdir(exist_ok=True)
        source.write_text(name)
        moves.append((str(source), str(folder / "out" / "rows" / name)))
    return moves


def found(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("[abc]") if p.is_file()}


def folders(folder: Path) -> list[str]:
    return [str(folder / "work"), str(folder / "out")]


def test_all_are_moved_and_the_journal_says_so(tmp_path: Path) -> None:
    journal = str(tmp_path / "journal")
    move_all(laid_out(tmp_path), journal)
    assert found(tmp_path) == {f"out/rows/{name}": name for name in "abc"}
    assert is_done(journal, folders(tmp_path))
    put_back(journal, folders(tmp_path), finished=False)  # what came to its end stays
    assert found(tmp_path) == {f"out/rows/{name}": name for name in "abc"}


def test_where_one_fails_all_are_where_they_were(tmp_path: Path) -> None:
    moves = laid_out(tmp_path)
    Path(moves[1][0]).unlink()
    with pytest.raises(OSError):
        move_all(moves, str(tmp_path / "journal"))
    assert found(tmp_path) == {"work/a": "a", "work/c": "c"}
    assert not (tmp_path / "journal").exists()


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_moves_that_were_cut_short_are_undone(tmp_path: Path, moved: int) -> None:
    moves, journal = laid_out(tmp_path), str(tmp_path / "journal")
    write_sealed(journal, moves)
    for source, target in moves[:moved]:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(source).rename(target)
    assert not is_done(journal, folders(tmp_path))
    put_back(journal, folders(tmp_path), finished=False)
    assert found(tmp_path) == {f"work/{name}": name for name in "abc"}
    assert not Path(journal).exists()


@pytest.mark.parametrize("place", ["/etc/a", "{out}/../b", "{out}x/a", 7])
def test_a_journal_that_leads_elsewhere_is_none(tmp_path: Path, place: object) -> None:
    (source, target), *_ = laid_out(tmp_path)
    if isinstance(place, str):
        place = place.replace("{out}", str(tmp_path / "out"))
    journal = str(tmp_path / "journal")
    write_sealed(journal, [(place, source), (source, target)])
    put_back(journal, folders(tmp_path))
    assert found(tmp_path) == {f"work/{name}": name for name in "abc"}
    assert not Path(journal).exists()
