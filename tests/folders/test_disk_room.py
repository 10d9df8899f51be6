"""Whether disks have room; folders on one disk share it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import OutputError
from pipelines.folders.disk_room import bytes_in, check_room

TOO_MUCH = 1 << 60


def test_a_disk_with_too_little_is_named_with_both_figures(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"the disk of .* has .* free, and the run takes about"):
        check_room({str(tmp_path): TOO_MUCH})
    check_room({str(tmp_path): 1})


def test_of_folders_on_one_disk_the_last_counts(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    check_room({str(tmp_path): TOO_MUCH, str(tmp_path / "out"): 1})


def test_what_is_not_there_or_elsewhere_is_not_asked(tmp_path: Path) -> None:
    check_room({str(tmp_path / "none"): TOO_MUCH, "s3://bucket/out": TOO_MUCH})


def test_bytes_of_all_files_below(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "one").write_bytes(bytes(10))
    (tmp_path / "a" / "b" / "two").write_bytes(bytes(7))
    assert bytes_in(str(tmp_path)) == 17
    assert bytes_in("s3://bucket/out") == 0
