"""``bertprep verify``, the command: one line for what it cannot read, and nothing but text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.beam.damaged import Run, first_shard, problems


def test_a_manifest_of_brackets(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("parquet")
    (damaged / "manifest.json").write_text("[" * 200_000)
    for command in "verify", "inspect":
        (line,) = cli_in_process(command, damaged).stderr.splitlines()
        assert "manifest.json is damaged (not JSON: maximum recursion depth" in line


def test_a_shard_whose_schema_holds_control_characters(
    cli_in_process: Run, copied: Callable[[str], Path]
) -> None:
    damaged = copied("parquet")
    path = first_shard(damaged)
    path.write_bytes(path.read_bytes().replace(b"token_type_ids", b"\x0e\x1b[2J_type_ids"))
    for command in "verify", "inspect":
        done = cli_in_process(command, damaged)
        assert done.returncode == 1
        assert "\\x0e\\x1b[2J_type_ids" in done.stdout + done.stderr
        assert not set(done.stdout + done.stderr) & {"\x0e", "\x1b"}


def test_what_is_shown_moves_no_cursor(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("parquet")
    (damaged / "rows/shard-\x1b[2J-of-00002").touch()
    (line,) = problems(cli_in_process, damaged, "1 problem in 1 file")
    assert line.startswith("rows/shard-\\x1b[2J-of-00002: no shard of this run")


def test_a_folder_without_a_manifest(cli_in_process: Run, tmp_path: Path, vocab_dir: Path) -> None:
    done = cli_in_process("verify", tmp_path)
    assert f"{tmp_path} holds no manifest.json" in done.stderr
    assert "holds a vocabulary and no shards" in cli_in_process("verify", vocab_dir).stderr
