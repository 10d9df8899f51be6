"""Documents are cleaned as they are read."""

from __future__ import annotations

from pathlib import Path

from tests.beam.cleaned import (
    OPTIONS,
    bertprep,
)


def test_a_vocabulary_of_what_is_cleaned_as_it_is_read(
    cleaned: Path, cleaned_vocabulary: Path
) -> None:
    bertprep("vocab", cleaned / "corpus", "-o", cleaned / "v2", "--vocab-size", 200, *OPTIONS)
    ours, theirs = ((f / "vocab.txt").read_bytes() for f in (cleaned / "v2", cleaned_vocabulary))
    assert ours == theirs
