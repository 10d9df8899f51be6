"""A folder's files by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bertprep.errors import InputError, UsageError
from bertprep.stores.folder import Folder


def test_files_are_read_by_name_and_by_uri(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    for path in (tmp_path, f"file://{tmp_path}", f"{tmp_path}/"):
        folder = Folder(path)
        assert folder.read("a") == b"abc"
        assert folder.sizes(["a", "none"]) == [3, None]
        assert folder.name("a").endswith(f"{tmp_path.name}/a")


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none cannot be read: No such file"):
        Folder(tmp_path).read("none")
    os.mkfifo(tmp_path / "pipe")  # which may never give a byte
    with pytest.raises(InputError, match="pipe cannot be read: not a regular file"):
        Folder(tmp_path).read("pipe")


def test_a_uri_of_nothing_says_which_there_are() -> None:
    with pytest.raises(UsageError, match=r"nowhere://a cannot be opened .*gs://, s3://"):
        Folder("nowhere://a")
