"""Options from a file, and who comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from bertprep.errors import UsageError
from pipelines import cli
from pipelines.command.config import read_config
from pipelines.command.split_arguments import BEAM_ARGS, JobCommand

COMMANDS = {n: c for n, c in cli.cli.commands.items() if isinstance(c, JobCommand)}


def parsed(command: str, *args: object) -> click.Context:
    with click.Context(cli.cli, info_name="bertprep") as parent:
        return COMMANDS[command].make_context(command, list(map(str, args)), parent=parent)


@pytest.fixture
def config(tmp_path: Path) -> Any:
    path = tmp_path / "run.toml"

    def write(text: str) -> Path:
        path.write_text(text)
        return path

    return write


def test_options_are_taken_from_the_file_and_the_command_line_comes_first(config: Any) -> None:
    path = config(
        """
        # what all commands have
        input = "corpus"
        include = ["*.txt", "*.gz"]
        cased = true
        vocab-size = 50_000     # of vocab alone
        [shard]
        output = "shards"
        vocab = "vocab"
        max_seq_length = 512
        num-shards = 4
        pack = true
        [vocab]
        output = "vocab"
        """
    )
    found = parsed("shard", "--config", path, "--max-seq-length", 256).params
    assert found["inputs"] == ("corpus",)
    assert found["include"] == ("*.txt", "*.gz")
    assert found["lowercase"] is False
    assert (found["output"], found["vocabulary"]) == ("shards", "vocab")
    assert (found["max_seq_length"], found["num_shards"], found["pack"]) == (256, 4, True)
    learned = parsed("vocab", "other", f"--config={path}", "--uncased").params
    assert learned["inputs"] == ("other",)
    assert (learned["vocab_size"], learned["output"]) == (50_000, "vocab")
    assert learned["lowercase"] is True


def test_options_of_beam_have_their_table(config: Any) -> None:
    path = config(
        'input = "a"\noutput = "b"\n[beam]\nstreaming = true\nflink_master = "host:1"\nno = false\n'
    )
    found = read_config(str(path), COMMANDS["vocab"], COMMANDS)
    assert found.beam_args == ["--streaming", "--flink_master=host:1"]


def test_without_a_file_nothing_is_set() -> None:
    context = parsed("vocab", "a", "-o", "b", "-j", 2)
    assert (context.params["output"], context.params["workers"]) == ("b", 2)
    assert context.meta[BEAM_ARGS] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max-seq-len = 5", "max-seq-len is no option of bertprep; did you mean max-seq-length"),
        ("[shard]\nvocab-sise = 5", "shard.vocab-sise is no option of bertprep; did you mean"),
        ("[shards]\nx = 5", r"\[shards\] is no option of bertprep; did you mean \[shard\]"),
        ("pack = 1", "pack in the configuration is true or false; got 1"),
        ("pack", "is no TOML: .*; a line is like max-seq-length = 512"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(config: Any, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_config(str(config(text)), COMMANDS["shard"], COMMANDS)


def test_a_value_of_the_wrong_kind_and_a_file_that_is_not_there(config: Any) -> None:
    path = config('input = "a"\noutput = "b"\nvocab-size = "many"')
    with pytest.raises(click.BadParameter, match="many"):
        parsed("vocab", "--config", path)
    with pytest.raises(UsageError, match=r"none\.toml cannot be read"):
        parsed("vocab", "--config", "none.toml")
