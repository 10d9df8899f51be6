"""From the values of options to what a job takes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click
import pytest

from bertprep.errors import InputError
from bertprep.options import PrepareOptions
from pipelines.command.split_arguments import BEAM_ARGS, TYPED
from pipelines.command.values import (
    sizes_of,
    take,
    take_excluded,
    take_run,
    take_selection,
)
from pipelines.steps.sizes import RUN_SIZES, RunSizes


def context(**more: Any) -> click.Context:
    found = click.Context(click.Command("shard"), **more)
    found.meta.update({BEAM_ARGS: ["--runner", "X"], TYPED: ("in", "-o", "out")})
    return found


def test_an_option_class_takes_its_fields_and_leaves_the_rest() -> None:
    values: dict[str, Any] = {"seed": 3, "word_segmenter": "none", "output": "out"}
    assert take(PrepareOptions, values) == PrepareOptions("none", 3)
    assert values == {"output": "out"}


def test_a_run_knows_the_command_beams_options_and_its_sizes() -> None:
    values: dict[str, Any] = {"output": "out", "workers": 2, "seed": 3}
    run = take_run(context(), values)
    assert (run.output, run.workers, run.sizes) == ("out", 2, RUN_SIZES)
    assert run.command == ("shard", "in", "-o", "out")
    assert run.beam_args == ("--runner", "X")
    assert values == {"seed": 3}


def test_sizes_come_from_who_calls_the_command() -> None:
    small = RunSizes(pool_tokens=3)
    assert sizes_of(context(obj=small)) is small
    assert sizes_of(context(parent=context(obj=small))) is small
    assert sizes_of(context(obj="another")) is RUN_SIZES


def test_the_files_that_are_chosen() -> None:
    values: dict[str, Any] = {"include": ("*.txt",), "exclude": (), "names": ("a",)}
    found = take_selection(values)
    assert (found.include, found.exclude, found.names) == (("*.txt",), (), ("a",))
    assert values == {}


def test_excluded_documents_are_sorted_and_told_by_a_digest(tmp_path: Path) -> None:
    one, other = ("f" * 32, "0" * 32)
    (tmp_path / "list").write_text(f"{one}\n{other}\n{one}\n")
    values: dict[str, Any] = {"exclude_documents": str(tmp_path / "list")}
    data = take_excluded(values)
    assert data == f"{other}\n{one}\n".encode()
    assert values == {"excluded": hashlib.sha256(data).hexdigest()}
    assert take_excluded({"exclude_documents": None}) == b""
    (tmp_path / "list").write_text("no identity\n")
    with pytest.raises(InputError, match="expected the identity of a document"):
        take_excluded({"exclude_documents": str(tmp_path / "list")})
