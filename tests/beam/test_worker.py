"""Workers end with the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.broken_runs import (
    needs_proc,
    running,
    wait_until,
    workers_of,
)


@pytest.fixture(scope="module")
def long_text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough to keep two processes busy for some seconds."""
    path = tmp_path_factory.mktemp("long") / "long.txt"
    path.write_text("\n\n".join(prose * 4), encoding="utf-8")
    return path


@needs_proc
def test_worker_processes_do_not_outlive_a_killed_command(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    with running(long_text, letters_vocab, tmp_path / "out", 2) as command:
        command.kill()
        wait_until(lambda: not workers_of(command))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".bertprep-work"]
