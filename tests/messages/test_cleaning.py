"""What is said of cleaning."""

from __future__ import annotations

from bertprep.options import CleanOptions
from pipelines.messages.cleaning import describe_cleaning


def test_what_is_not_as_usual_is_said_as_it_is_typed() -> None:
    assert describe_cleaning(CleanOptions()) == "--duplicates documents"
    options = CleanOptions("lines", 0.8, 20, ("c4",), 5, decontaminate=("a.txt", "b.txt"))
    assert describe_cleaning(options) == (
        "--duplicates lines --near-duplicates 0.8 --repeated-lines 20 --rules c4 --min-words 5 "
        "--decontaminate a.txt --decontaminate b.txt"
    )
    assert describe_cleaning(CleanOptions("none", fix_mojibake=True)) == (
        "--duplicates none --fix-mojibake"
    )
