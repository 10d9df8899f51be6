"""What is said of files that are a document each, and hold what looks like many texts."""

from __future__ import annotations

from pathlib import Path

from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs
from pipelines.folders.whole_files import describe_whole_files

SENTENCES = "The ferry left before the rain began. Nobody on the quay had seen it go. "


def said(folder: Path, documents: str = "file") -> str:
    read = ReadOptions(documents=documents)  # type: ignore[arg-type]
    return describe_whole_files(find_inputs([str(folder)], read).files, read)


def test_what_blank_lines_or_line_breaks_part_is_told_and_how_to_have_it(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("\n\n".join([SENTENCES * 3] * 200))
    line = said(tmp_path)
    assert line.startswith("2 files of plain text, each one document as --documents file says")
    assert "though blank lines part one into about 20" in line
    assert line.endswith("say --documents blank-line")
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("\n".join([SENTENCES * 3] * 200))
    assert said(tmp_path).endswith("say --documents line")


def test_nothing_of_short_texts_of_verse_or_where_another_rule_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n\n".join([SENTENCES * 3] * 12))
    (tmp_path / "b.txt").write_text("\n".join(["The ferry left", "before the rain began"] * 200))
    assert said(tmp_path) == ""
    (tmp_path / "a.txt").write_text("\n\n".join([SENTENCES * 3] * 200))
    assert said(tmp_path, "blank-line") == ""
