"""What differs between two runs, told by the innermost name."""

from __future__ import annotations

from pipelines.folders.already_complete import differences


def test_what_is_on_one_side_only_differs_from_nothing() -> None:
    before = {"shard": {"seed": 1, "pack": False}, "inputs": {"a": 5}}
    now = {"shard": {"seed": 2, "pack": False}, "inputs": {"a": 5, "b": 7}}
    assert list(differences(before, now)) == ["b (was null, is 7)", "seed (was 1, is 2)"]
    assert list(differences(now, now)) == []


def test_long_values_are_cut() -> None:
    (line,) = differences({"texts": "x" * 99}, {"texts": ["y"]})
    assert line == f'texts (was "{"x" * 56}..., is ["y"])'
