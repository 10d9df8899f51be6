"""The way out of a finding, as a line to copy."""

from __future__ import annotations

from bertprep.corpus.shapes.finding import Finding

FOUND = Finding("tables", "is a table", "make lines of it", "cut -f2", ".txt", "--documents line")


def test_without_a_command_there_is_the_advice_alone() -> None:
    assert Finding("tables", "is a table", "leave it out").way_out("a b") == "leave it out"


def test_the_command_reads_the_file_by_its_name_whatever_that_is() -> None:
    assert FOUND.way_out("my file") == (
        "make lines of it: `cut -f2 < 'my file' > 'my file.txt'`, to be read with --documents line"
    )
    assert "`xz -dc f | cut -f2 > f.txt`" in FOUND.way_out("f", "xz -dc")


def test_an_object_of_a_store_is_fetched_first() -> None:
    assert FOUND.way_out("s3://b/f") == (
        "make lines of it: get a copy of it here, and pass it through `cut -f2`"
    )
