"""Which files are taken, and by which of their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import InputError
from pipelines.folders.chosen_files import choose_files
from pipelines.folders.selection import Selection


def names(patterns: list[Path], selection: Selection | None = None) -> list[tuple[str, bool]]:
    chosen, wrong, _ = choose_files(list(map(str, patterns)), selection or Selection(), [])
    assert wrong == []
    return [(file.found.relative, file.is_named) for file in chosen]


def test_a_file_that_an_input_names_itself_goes_by_that_name(tmp_path: Path) -> None:
    path = tmp_path / "below" / "a.txt"
    path.parent.mkdir()
    path.write_text("Text.")
    for order in ([tmp_path, path], [path, tmp_path]):
        assert names(order) == [("a.txt", True)]
    assert names([tmp_path]) == [("below/a.txt", False)]


def test_of_two_links_the_one_that_is_no_hash_is_kept(tmp_path: Path) -> None:
    blob = tmp_path / ("0" * 40)
    blob.write_text("Text.")
    (tmp_path / "readable-and-longer-than-the-hash-that-it-leads-to.txt").symlink_to(blob)
    chosen, _, notes = choose_files([str(tmp_path)], Selection(), [])
    assert [file.found.relative for file in chosen] == [
        "readable-and-longer-than-the-hash-that-it-leads-to.txt"
    ]
    assert notes == [
        f"1 file reached by another path as well, read once: {'0' * 40} is "
        "readable-and-longer-than-the-hash-that-it-leads-to.txt"
    ]


def test_a_choice_that_leaves_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    with pytest.raises(InputError, match=r"--exclude leave none of 1 file in .*, such as a.txt"):
        names([tmp_path], Selection(exclude=("*.txt",)))
    assert names([tmp_path / "a.txt"], Selection(exclude=("*.txt",))) == [("a.txt", True)]
