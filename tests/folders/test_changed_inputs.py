"""Inputs that change while they are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import InputFile
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from bertprep.stores import gcs
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs

TEXT = "One sentence here. Another follows it.\n\nA second document. It is short.\n"


def found(path: Path) -> list[InputFile]:
    return list(find_inputs([str(path)], ReadOptions()).files)


def append(path: Path) -> None:
    with path.open("a") as stream:
        stream.write("More.")


def rewrite(path: Path) -> None:
    before = path.stat()
    path.write_text(TEXT.swapcase())
    os.utime(path, (before.st_atime, before.st_mtime + 1))


CHANGES = [
    (append, rf"was {len(TEXT)} bytes, is {len(TEXT) + 5}"),
    (lambda path: os.truncate(path, 5), rf"was {len(TEXT)} bytes, is 5"),
    (rewrite, rf"still {len(TEXT)} bytes, but written to since"),
]


@pytest.mark.parametrize(("change", "what"), CHANGES)
def test_a_file_that_changes_while_it_is_read_is_an_error(
    tmp_path: Path, change: Callable[[Path], None], what: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    (split,) = plan_splits(found(path), ReadOptions())
    assert [len(batch.starts) for batch in read_unchanged(split, ReadOptions(), Drops())] == [2]
    change(path)
    with pytest.raises(InputError, match=rf"a.txt changed while it was read \({what}\); start"):
        list(read_unchanged(split, ReadOptions(), Drops()))


def test_that_it_changed_is_said_rather_than_what_came_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    (split,) = plan_splits(found(path), ReadOptions())
    path.write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"a\.txt changed while it was read"):
        list(read_unchanged(split, ReadOptions(), Drops()))
    path.unlink()
    with pytest.raises(InputError, match=r"a.txt was there and cannot be read now: No such file"):
        list(read_unchanged(split, ReadOptions(), Drops()))


def test_of_a_remote_file_what_its_file_system_tells_is_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gcs, "size_and_time", lambda path: (7, 5.5))
    monkeypatch.setattr("pipelines.folders.changed_inputs.read_split", lambda *_: iter([]))

    def read(size: int, modified: float) -> None:
        (split,) = plan_splits([InputFile("gs://b/a", "a", size, modified=modified)], ReadOptions())
        assert list(read_unchanged(split, ReadOptions(), Drops())) == []

    read(7, 5.5)
    read(7, 0.0)  # nobody said
    for size, modified in ((8, 5.5), (7, 4.5)):
        with pytest.raises(InputError, match="gs://b/a changed while it was read"):
            read(size, modified)
