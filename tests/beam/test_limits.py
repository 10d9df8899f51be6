"""What the system does not allow is told in a line, before any work."""

from __future__ import annotations

import gzip
import resource
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import ByteRange, InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.records import BLANK_LINE, separated_records
from bertprep.corpus.sizes import ReadSizes
from bertprep.errors import BertprepError, InputError
from bertprep.options import ReadOptions
from pipelines.folders.files import open_input
from pipelines.runner import limits
from tests.commands import SECONDS


def limited_run(what: int, most: int, *args: object) -> subprocess.CompletedProcess[str]:
    """A run with a limit of the system's lowered, as by ulimit."""

    def lower() -> None:
        resource.setrlimit(what, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *map(str, args)],
        capture_output=True,
        text=True,
        preexec_fn=lower,
        timeout=SECONDS,
    )


@pytest.mark.parametrize(
    ("what", "most", "said"),
    [
        # Of less, where Arrow's allocator finds no room to reserve a GiB, it may say so itself.
        (resource.RLIMIT_AS, 1900 << 20, "may have 1,900 MiB of address space here, and a run "),
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


@pytest.mark.parametrize("rule", ["blank-line", "line", "file"])
def test_a_document_too_long_for_the_memory(tmp_path: Path, rule: Any) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"A line.\n\nAnother.\n\n" + b"x" * (3 << 20)))
    file = InputFile(str(path), path.name, path.stat().st_size, "gzip")
    sizes = ReadSizes(record=1 << 20, block=1 << 18)
    split = (ByteRange(file, 0, file.size),)
    batches = read_split(split, open_input, ReadOptions(documents=rule), Drops(), sizes)
    with pytest.raises(InputError, match=r"a\.txt\.gz holds a document of over 1 MiB, from about"):
        list(batches)


def test_a_document_as_long_as_may_be(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = b"A sentence. " * 80_000
    path.write_bytes(text + b"\n\n" + text)
    with path.open("rb") as stream:
        size, sizes = path.stat().st_size, ReadSizes(record=1 << 20)
        found = list(separated_records(stream, 0, size, BLANK_LINE, sizes=sizes))
    assert [len(record.content) for record in found] == [len(text)] * 2
