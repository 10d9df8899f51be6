"""Corpora in their published shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bertprep.common.drops import Drops
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs

ONE = "The panda eats bamboo. It sleeps in a tall tree near the water, all day."
TWO = "A ship sails over the sea. Nobody knows where it will go, or why it left."


def read(path: Path, **options: Any) -> tuple[list[str], Drops, set[str]]:
    read_options, drops = ReadOptions(**options), Drops()
    texts, formats = [], set()
    found = find_inputs([str(path)], read_options).files
    for split in plan_splits(found, read_options):
        for batch in read_unchanged(split, read_options, drops):
            formats.add(batch.format)
            bounds = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
            texts += [batch.text[start:end].decode() for start, end in bounds]
    return texts, drops, formats
