"""One document is told from two by little reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders import enough_documents
from pipelines.folders.enough_documents import is_single_document
from pipelines.folders.inputs import find_inputs
from tests.conftest import Run


def is_single(folder: Path, look_bytes: int = 64 << 20, **read: str) -> bool:
    options = ReadOptions(**read)  # type: ignore[arg-type]
    files = find_inputs([str(folder)], options).files
    return is_single_document(plan_splits(files, options), options, look_bytes)


def test_by_every_rule_of_what_a_document_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("One line here.\nAnother line there.\n")
    assert is_single(tmp_path)
    assert is_single(tmp_path, documents="file")
    assert not is_single(tmp_path, documents="line")
    path.write_text("One document.\n\nThe other one.\n")
    assert not is_single(tmp_path)
    assert is_single(tmp_path, documents="file")
    (tmp_path / "b.txt").write_text("A file of its own.\n")
    assert not is_single(tmp_path, documents="file")


@pytest.mark.slow
def test_no_more_is_read_than_up_to_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    real = enough_documents.files.open_input

    def counted(path: str) -> object:
        stream = real(path)
        read.append(stream)
        return stream

    for number in range(8):
        text = "A sentence as any other. " * 50_000
        (tmp_path / f"{number:02}.txt").write_text(f"{text}\n\n{text}")
    monkeypatch.setattr(enough_documents.files, "open_input", counted)
    assert not is_single(tmp_path)
    assert len(read) < 11  # 8 of them looked at only


@pytest.mark.slow
def test_a_large_document_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A sentence as any other. " * 100_000)
    assert is_single(tmp_path)
    assert not is_single(tmp_path, look_bytes=1 << 20)
    assert is_single(tmp_path, look_bytes=1 << 20, documents="file")


@pytest.mark.slow
def test_a_run_is_refused_before_any_work(
    cli_in_process: Run, vocab_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.runner import beam_run

    path, started = tmp_path / "a.txt", []
    path.write_text("One document. It has some sentences. " * 50)
    monkeypatch.setattr(beam_run, "start_workers", lambda *_: started.append(1))
    done = cli_in_process("shard", path, "--vocab", vocab_dir, "--output", tmp_path / "out")
    assert done.returncode == 1
    assert "the inputs hold one document only, and --task nsp draws" in done.stderr
    assert started == [] and not (tmp_path / "out").exists()
