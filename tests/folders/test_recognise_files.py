"""A file that was looked at: recognised, or why not."""

from __future__ import annotations

import gzip
from pathlib import Path

from bertprep.corpus.files import InputFile
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders.chosen_files import choose_files
from pipelines.folders.recognise_files import look_at, look_at_all
from pipelines.folders.selection import Selection

PROSE = b"The panda eats bamboo all day. It sleeps under a tree.\n" * 9


def test_files_are_told_by_their_content_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(PROSE)
    (tmp_path / "b").write_bytes(gzip.compress(PROSE))
    (tmp_path / "c").write_bytes(b'{"text": "Prose."}\n' * 99)
    (tmp_path / "d").write_bytes(b"\x00\x01" * 999)
    found, _, _ = choose_files([str(tmp_path)], Selection(), [])
    looked = look_at_all(found, ["one", "two", "three", "four"], ReadOptions())
    *known, refused = (file.result for file in looked)
    assert isinstance(refused, InputError)
    readable = [file for file in known if isinstance(file, InputFile)]
    assert [(file.name, file.format, file.compression) for file in readable] == [
        ("one", "text", "none"),
        ("two", "text", "gzip"),
        ("three", "jsonl", "none"),
    ]
    assert all(file.modified > 0 for file in readable)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(PROSE)
    ((_, file, _),), _, _ = choose_files([str(path)], Selection(), [])
    path.unlink()
    gone = look_at(file, "a", ReadOptions())
    assert isinstance(gone, InputError)
    assert str(gone) == f"{path} cannot be read: No such file or directory"
