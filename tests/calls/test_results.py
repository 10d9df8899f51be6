"""What the API's functions give back."""

from __future__ import annotations

from bertprep.calls.results import result_of, table
from bertprep.options import ShardOptions
from tests.manifests import parsed, shards_json


def test_a_table_has_a_row_for_each_line() -> None:
    shown = table("a & b", "documents    3\noutput       <x>")
    assert "<caption>a &amp; b</caption>" in shown
    assert shown.count("<tr>") == 2
    for name, text in (("documents", "3"), ("output", "&lt;x&gt;")):
        assert f">{name}</th>" in shown and f">{text}</td>" in shown


def test_warnings_of_a_table_are_folded() -> None:
    shown = table("a", "documents    3\nwarning: odd\nwarning: <odder>")
    assert "<details><summary>2</summary>odd<br>&lt;odder&gt;</details>" in shown
    assert "details" not in table("a", "documents    3")


def test_a_result_says_what_it_is_in_a_line() -> None:
    made = result_of("out", parsed(shards_json(ShardOptions())), "a summary")
    rows, shards = made.rows, len(made.manifest.shards)
    assert repr(made) == f"Shards('out': {rows:,} rows in {shards} shard{'s' * (shards != 1)})"
