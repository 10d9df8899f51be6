"""Copies and near copies go."""

from __future__ import annotations

import json
from pathlib import Path

from tests.beam.cleaned import (
    ARTICLES,
    DOCUMENTS,
    NEAR,
    NOTICE,
    texts,
)


def test_copies_near_copies_and_notices_go(cleaned: Path) -> None:
    kept = texts(cleaned / "out")
    assert len(kept) == len(ARTICLES)
    assert not any(NOTICE in text for text in kept)
    manifest = json.loads((cleaned / "out" / "manifest.json").read_text())
    # Every fourth of the articles has no notice, and is there twice.
    assert manifest["drops"]["copy"] == len(ARTICLES[::4])
    assert manifest["drops"]["near_copy"] == len(NEAR)
    notices = sum(NOTICE in text for text in DOCUMENTS)
    assert manifest["drops"]["repeated_part"] >= notices - len(NEAR)
    dropped = [
        json.loads(line) for line in (cleaned / "out" / "dropped.jsonl").read_text().splitlines()
    ]
    assert sorted({record["reason"] for record in dropped}) == [
        "copy",
        "near_copy",
        "repeated_part",
    ]
    assert len(dropped) == sum(manifest["drops"].values())
    assert manifest["documents"] == len(DOCUMENTS)
