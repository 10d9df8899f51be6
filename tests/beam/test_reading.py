"""Documents are cleaned as they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.cleaned import (
    ARTICLES,
    DOCUMENTS,
    OPTIONS,
    bertprep,
    write,
)


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    write(folder / "corpus", DOCUMENTS, 3)
    bertprep("clean", folder / "corpus", "--output", folder / "out", "--write-drops", *OPTIONS)
    return folder


@pytest.fixture(scope="module")
def vocabulary(cleaned: Path) -> Path:
    result = bertprep("vocab", cleaned / "out", "--output", cleaned / "v", "--vocab-size", 200)
    assert f"documents    {len(ARTICLES):,}" in result
    return cleaned / "v"


def test_a_vocabulary_of_what_is_cleaned_as_it_is_read(cleaned: Path, vocabulary: Path) -> None:
    bertprep("vocab", cleaned / "corpus", "-o", cleaned / "v2", "--vocab-size", 200, *OPTIONS)
    ours, theirs = ((f / "vocab.txt").read_bytes() for f in (cleaned / "v2", vocabulary))
    assert ours == theirs
