"""Facts of a file that are known before it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bertprep.corpus.files import InputFile, distinct_names, is_cut_at_streams, may_be_entered

FILE = InputFile("/corpus/a", "a", 10)


def test_a_file_that_is_decoded_on_the_way_is_read_from_its_beginning() -> None:
    assert may_be_entered(FILE)
    assert not may_be_entered(replace(FILE, compression="gzip"))
    assert not may_be_entered(replace(FILE, encoding="utf-16"))


def test_streams_of_dumps_alone_are_read_apart() -> None:
    dump = replace(FILE, compression="bzip2", format="mediawiki")
    assert is_cut_at_streams(dump)
    assert not is_cut_at_streams(replace(dump, compression="gzip"))
    assert not is_cut_at_streams(replace(dump, format="text"))
    assert not is_cut_at_streams(replace(dump, encoding="latin-1"))


@pytest.mark.parametrize(
    ("names", "paths", "expected"),
    [
        (["a", "b"], ["/x/a", "/x/b"], ["a", "b"]),
        (["w", "w", "b"], ["/x/w", "/y/w", "/y/b"], ["x/w", "y/w", "b"]),
        (["w", "w"], ["/p/x/w", "/q/x/w"], ["p/x/w", "q/x/w"]),
        (["w", "w"], ["C:\\x\\w", "C:\\y\\w"], ["x/w", "y/w"]),
        # The same file twice stays so, and ends the search.
        (["w", "w"], ["/x/w", "/x/w"], ["x/w", "x/w"]),
    ],
)
def test_names_are_as_long_as_they_must_be_to_differ(
    names: list[str], paths: list[str], expected: list[str]
) -> None:
    assert distinct_names(names, paths) == expected
