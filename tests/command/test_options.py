"""Options that are fields of the option classes."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click
import pytest

from bertprep.options import CleanOptions, PrepareOptions, ReadOptions, ShardOptions, VocabOptions
from pipelines.cli import cli

# What depends on other options is settled once these are known.
SETTLED_LATER = {
    "output_format", "num_shards", "limit_alphabet", "min_frequency",
    "max_predictions_per_seq", "clean",
}  # fmt: skip


@pytest.mark.parametrize(
    ("command", "classes"),
    [
        ("vocab", [VocabOptions, ReadOptions, CleanOptions]),
        ("clean", [CleanOptions, ReadOptions]),
        ("prepare", [PrepareOptions, ReadOptions, CleanOptions]),
        ("shard", [ShardOptions, ReadOptions, CleanOptions]),
    ],
)
def test_defaults_are_those_of_the_option_classes(command: str, classes: list[Any]) -> None:
    defaults = {p.name: p.get_default(click.Context(cli)) for p in cli.commands[command].params}
    for kind in classes:
        for field in fields(kind):
            if field.name in defaults and field.name not in SETTLED_LATER:
                assert defaults[field.name] == field.default, field.name
