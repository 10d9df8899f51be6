"""Which files of a folder are the corpus."""

from __future__ import annotations

from pathlib import Path

from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs

PROSE = "The panda eats bamboo all day. It sleeps under a tree.\n\n" * 9


def test_settings_of_a_model_beside_text_are_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text(PROSE)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}\n')
    found = find_inputs([str(tmp_path)], ReadOptions())
    assert [file.name for file in found.files] == ["train.txt"]
    assert "left out 1 file beside 1 file of text: config.json" in found.notes[0]
