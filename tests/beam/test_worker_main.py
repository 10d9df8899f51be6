"""Workers end with the command."""

from __future__ import annotations

from pathlib import Path

from tests.beam.broken_runs import (
    needs_proc,
    running,
    wait_until,
    workers_of,
)


@needs_proc
def test_worker_processes_do_not_outlive_a_killed_command(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    with running(long_text, letters_vocab, tmp_path / "out", 2) as command:
        command.kill()
        wait_until(lambda: not workers_of(command))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".bertprep-work"]
