"""Folders are made and held for one run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bertprep.errors import OutputError
from pipelines.folders.take_folders import remove_empty, take_folder


def test_folders_that_had_to_be_made_are_known(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    taken = take_folder(str(folder), "writes to it", "--output")
    assert folder.is_dir()
    assert taken.new == [str(folder), str(folder.parent)]
    assert taken.lock is not None
    with pytest.raises(OutputError, match=r"another run writes to it; wait .* another --output"):
        take_folder(str(folder), "writes to it", "--output", 0)
    os.close(taken.lock)
    again = take_folder(str(folder), "writes to it", "--output", 0)
    assert again.new == []
    assert again.lock is not None
    os.close(again.lock)


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file/below cannot be written to"):
        take_folder(str(tmp_path / "file" / "below"), "writes to it", "--output", 0)


def test_only_what_is_empty_is_removed(tmp_path: Path) -> None:
    for name in ("a/b", "c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "c" / "file").write_text("")
    remove_empty([str(tmp_path / name) for name in ("a", "a/b", "c", "none")])
    assert [path.name for path in tmp_path.iterdir()] == ["c"]
