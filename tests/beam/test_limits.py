"""What the system does not allow is told in a line, before any work."""

from __future__ import annotations

import gzip
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bertprep.corpus import records
from bertprep.errors import BertprepError
from pipelines.runner import limits
from tests.conftest import Run


def limited_run(what: int, most: int, *args: object) -> subprocess.CompletedProcess[str]:
    """A run with a limit of the system's lowered, as by ulimit."""

    def lower() -> None:
        resource.setrlimit(what, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *map(str, args)],
        capture_output=True,
        text=True,
        preexec_fn=lower,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("what", "most", "said"),
    [
        (resource.RLIMIT_AS, 600 << 20, "may have 600 MiB of address space here, and a run needs"),
        (resource.RLIMIT_NOFILE, 20, "may have 20 files open here, and a run with 2 processes nee"),
    ],
)
def test_limits_are_told_in_one_line(
    vocab_dir: Path, prose_jsonl: Path, tmp_path: Path, what: int, most: int, said: str
) -> None:
    command = ("shard", prose_jsonl, "--vocab", vocab_dir, "--workers", 2)
    done = limited_run(what, most, *command, "--output", tmp_path / "out")
    assert done.returncode == 1
    (_, _, line) = done.stderr.splitlines()  # the others say what is read, and how words are
    assert said in line


def test_no_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError(101, "Network is unreachable")

    limits.check_limits(2)
    monkeypatch.setattr(socket, "create_connection", unreachable)
    limits.check_limits(1)
    with pytest.raises(BertprepError, match=r"127\.0\.0\.1: Network is unreachable.* --workers 1"):
        limits.check_limits(2)


@pytest.mark.parametrize("command", ["vocab", "shard"])
@pytest.mark.parametrize("rule", ["blank-line", "line", "file"])
def test_a_document_too_long_for_the_memory(
    cli_in_process: Run,
    vocab_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    rule: str,
) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 1 << 20)
    monkeypatch.setattr(records, "BLOCK_BYTES", 1 << 18)
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"A line.\n\nAnother.\n\n" + b"x" * (3 << 20)))
    more = ("--vocab", vocab_dir, "--task", "none") if command == "shard" else ("--vocab-size", 300)
    done = cli_in_process(
        command, path, *more, "--output", tmp_path / "out", "--documents", rule, "--workers", 1
    )
    assert done.returncode == 1
    assert "a.txt.gz holds a document of over " in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def test_a_document_as_long_as_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 1 << 20)
    path = tmp_path / "a.txt"
    text = b"A sentence. " * 80_000
    path.write_bytes(text + b"\n\n" + text)
    with path.open("rb") as stream:
        found = list(records.separated_records(stream, 0, path.stat().st_size, records.BLANK_LINE))
    assert [len(record.content) for record in found] == [len(text)] * 2
