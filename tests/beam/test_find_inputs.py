"""The files that the INPUTs name: which they are, and that they stay as they were."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import InputFile
from bertprep.corpus.read import DocumentBatch, read_split
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.inputs import check_apart, find_inputs, read_unchanged

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def found(*patterns: object) -> list[InputFile]:
    return find_inputs([str(pattern) for pattern in patterns], ReadOptions()).files


def test_an_input_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    monkeypatch.chdir(tmp_path)
    assert len(found("a.txt", tmp_path / "a.txt", tmp_path, "*.txt")) == 1


def test_inputs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "wiki_00").write_text("Text.")
    both = found(tmp_path / "one" / "wiki_00", tmp_path / "two" / "wiki_00")
    assert [file.name for file in both] == ["one/wiki_00", "two/wiki_00"]


def test_empty_files_are_fine_beside_others_but_not_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "full").write_text("Text.")
    assert [file.size for file in found(tmp_path)] == [0, 5]
    with pytest.raises(InputError, match=r"the input is empty: 1 file in .*empty, 0 bytes"):
        found(tmp_path / "empty")


def test_an_output_among_the_inputs_is_not_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    corpus = [InputFile(str(tmp_path / "data" / "a.txt"), "a.txt", 1)]
    check_apart(corpus, [str(tmp_path / "data" / "a.txt")], str(tmp_path / "data" / "out"))
    check_apart(corpus, [str(tmp_path / "data")], str(tmp_path / "dat"))
    with pytest.raises(InputError, match=r"a.txt is an INPUT and lies in the --output folder"):
        check_apart(corpus, [], str(tmp_path / "data"))
    with pytest.raises(InputError, match=r"data/out lies in the INPUT .*data, and the next run"):
        check_apart(corpus, [str(tmp_path / "data")], str(tmp_path / "data" / "out"))


# What changes while it is read

TEXT = "One sentence here. Another follows it.\n\nA second document. It is short.\n"


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
    now = SimpleNamespace(size_in_bytes=7, last_updated_in_seconds=5.5)
    system = SimpleNamespace(metadata=lambda path: now)
    monkeypatch.setattr(files, "_beam", lambda: SimpleNamespace(get_filesystem=lambda _: system))
    monkeypatch.setattr("pipelines.folders.inputs.read_split", lambda *_: iter([]))

    def read(size: int, modified: float) -> None:
        (split,) = plan_splits([InputFile("gs://b/a", "a", size, modified=modified)], ReadOptions())
        assert list(read_unchanged(split, ReadOptions(), Drops())) == []

    read(7, 5.5)
    read(7, 0.0)  # nobody said
    for size, modified in ((8, 5.5), (7, 4.5)):
        with pytest.raises(InputError, match="gs://b/a changed while it was read"):
            read(size, modified)


@pytest.mark.parametrize("command", ["vocab", "prepare", "shard"])
def test_a_run_whose_input_changes_fails_and_leaves_nothing(
    cli_in_process: Run,
    tmp_path: Path,
    letters_vocab: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)

    def changing(*args: object) -> Iterator[DocumentBatch]:
        yield from read_split(*args)
        append(path)

    monkeypatch.setattr("pipelines.folders.inputs.read_split", changing)
    vocab = () if command == "vocab" else ("--vocab", letters_vocab)
    done = cli_in_process(command, path, *vocab, "--output", tmp_path / "out", "--workers", 1)
    assert done.returncode == 1
    assert f"a.txt changed while it was read (was {len(TEXT)} bytes" in done.stderr
    assert not (tmp_path / "out").exists()
