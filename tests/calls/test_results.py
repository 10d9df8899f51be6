"""What the API's functions give back."""

from __future__ import annotations

from bertprep.calls.results import table


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
