"""What cannot be cleaned, bounds, and test texts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.beam.cleaned import (
    ARTICLES,
    DOCUMENTS,
    bertprep,
)


def test_contamination_bounds_and_what_cannot_be_cleaned(cleaned: Path, tmp_path: Path) -> None:
    test_set = tmp_path / "test.txt"
    test_set.write_text("So it is. " + ARTICLES[3].replace("\n", " ")[:400])
    bertprep(
        "clean", cleaned / "corpus", "--output", tmp_path / "out", "--decontaminate", test_set,
        "--duplicates", "none", "--max-words", 100_000, "--script", "Latin",
    )  # fmt: skip
    drops = json.loads((tmp_path / "out" / "manifest.json").read_text())["drops"]
    assert drops == {"contaminated": sum(text.startswith(ARTICLES[3][:200]) for text in DOCUMENTS)}
    result = bertprep(
        "clean", cleaned / "corpus", "--output", tmp_path / "none", "--min-words", 999, code=1
    )
    assert "no document is left of 55 (too_short 55); ask for less" in result
    assert not (tmp_path / "none").exists()
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("A panda eats.\tIt sleeps.\n" * 3)
    result = bertprep(
        "clean", pairs, "--input-format", "sentence-pairs", "--output", tmp_path / "no", code=1
    )
    assert "clean would lose that" in result
