"""A run once more."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bertprep.errors import InputError
from pipelines.jobs import replay
from tests.beam.recorded import Run


def test_a_replay_gives_the_same_bytes(
    cli_in_process: Run, shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    done = cli_in_process("replay", shards / "manifest.json", "--output", "b")
    assert done.returncode == 0, done.stderr
    assert "the same bytes as before: 3 files" in done.stderr
    again = tmp_path / "elsewhere" / "b"
    for path in shards.rglob("*.*"):
        if path.name != "run.json":
            assert path.read_bytes() == (again / path.relative_to(shards)).read_bytes()


def test_a_replay_that_gives_others_is_told(
    cli_in_process: Run, shards: Path, tmp_path: Path
) -> None:
    with open(tmp_path / "text.txt", "a") as stream:
        stream.write("\n\n\nOne more document. It is short.\n")
    done = cli_in_process("replay", shards, "-o", tmp_path / "b")
    assert done.returncode == 1
    assert "warning: the inputs had" in done.stderr
    assert "files are others than before, such as rows/shard-" in done.stderr


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["a", "--output", "x", "--overwrite"], ["a"]),
        (["--output=x", "-o", "x", "-ox", "a", "-q", "--seed", "1"], ["a", "--seed", "1"]),
        (["--", "--output", "-o"], ["--", "--output", "-o"]),
    ],
)
def test_what_only_the_first_run_had_is_left_out(words: list[str], kept: list[str]) -> None:
    assert replay._without(words) == kept


def test_what_cannot_be_replayed_is_told(shards: Path, tmp_path: Path) -> None:
    record = json.loads((shards / "run.json").read_text())
    for command, message in (
        (["bertprep", "shard", "--", "/x/.bertprep-texts-1/texts"], "texts that a program gave"),
        (None, "is damaged"),
    ):
        (shards / "run.json").write_text(json.dumps({**record, "command": command}))
        with pytest.raises(InputError, match=message):
            replay.arguments_of(str(shards), "b", ())
    os.remove(shards / "run.json")
    with pytest.raises(InputError, match=r"has no run\.json, which holds the command"):
        replay.arguments_of(str(shards), "b", ())
