"""The versions that a manifest tells, and those that tell that tokens may differ."""

from __future__ import annotations

from importlib.metadata import version

from bertprep import __version__
from bertprep.shards.versions import other_versions, versions


def test_other_versions_are_those_that_could_change_a_token() -> None:
    assert other_versions(versions()) == {}
    changed = {name: "0.0" for name in versions()}
    now = versions()
    assert other_versions(changed) == {
        name: ("0.0", now[name]) for name in ("bertprep", "regex", "tokenizers")
    }
    assert other_versions({**now, "rjieba": version("rjieba")}) == {}
    assert set(other_versions({**now, "rjieba": "0.0"})) == {"rjieba"}


def test_the_segmenter_has_a_version_where_it_is_used() -> None:
    assert "rjieba" not in versions()
    assert versions("jieba")["rjieba"] == version("rjieba")


def test_versions_are_of_bertprep_and_of_what_could_change_its_bytes() -> None:
    found = versions()
    assert found["bertprep"] == __version__
    assert found["tokenizers"] == version("tokenizers")
    assert {"numpy", "pyarrow", "regex"} <= set(found)
