"""Two sets of shards, figure by figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import InputError
from pipelines.inspect.compare import as_json, describe, differences_of
from tests.made_folders import options, write_folder


def test_what_is_the_same_and_what_is_not(tmp_path: Path) -> None:
    a = str(write_folder(tmp_path / "a", options(), [20, 20]))
    b = str(write_folder(tmp_path / "b", options(seed=7), [20, 30]))
    found = {each.name: each for each in differences_of(a, b)}
    assert found["documents"].is_same
    assert (found["seed"].first, found["seed"].second) == ("12345", "7")
    assert "task" not in found  # an option that is the same
    assert found["rows"].second.endswith("other bytes")
    lines = describe(a, b).splitlines()
    assert any(line.split()[:2] == ["seed", "*"] for line in lines)
    assert as_json(a, b)["figures"]["seed"] == {"first": "12345", "second": "7", "same": False}


def test_the_same_shards_are_the_same(tmp_path: Path) -> None:
    a = str(write_folder(tmp_path / "a", options(), [20]))
    b = str(write_folder(tmp_path / "b", options(), [20]))
    assert all(each.is_same for each in differences_of(a, b))
    assert describe(a, b).endswith("0 (*) not")


def test_what_holds_no_shards_is_told(tmp_path: Path) -> None:
    a = str(write_folder(tmp_path / "a", options(), [20]))
    with pytest.raises(InputError, match="holds no manifest"):
        describe(a, str(tmp_path))
