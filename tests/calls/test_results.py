"""What the API's functions give back."""

from __future__ import annotations

from bertprep.calls.results import table


def test_a_table_has_a_row_for_each_line() -> None:
    shown = table("a & b", "documents    3\noutput       <x>\nwarning: odd")
    assert "<caption>a &amp; b</caption>" in shown
    assert shown.count("<tr>") == 3
    for name, text in (("documents", "3"), ("output", "&lt;x&gt;"), ("warning", "odd")):
        assert f">{name}</th>" in shown and f">{text}</td>" in shown
