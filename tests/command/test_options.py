"""Options that are fields of the option classes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

import click
import pytest

from bertprep.options import CleanOptions, PrepareOptions, ReadOptions, ShardOptions, VocabOptions
from pipelines.cli import cli
from pipelines.command.options.fields import of_field


@dataclass(frozen=True)
class Sample:
    how_many: int | None = None
    share: float = 0.5
    kind: Literal["a", "b"] = "b"
    loud: bool = False


@click.command()
@of_field(Sample, "how_many")
@of_field(Sample, "share")
@of_field(Sample, "kind")
@of_field(Sample, "loud")
def sample(**values: Any) -> Any:
    return values


def test_an_option_is_what_its_field_is() -> None:
    assert sample.main([], standalone_mode=False) == vars(Sample())
    arguments = ["--how-many", "3", "--share", "0.25", "--kind", "a", "--loud"]
    assert sample.main(arguments, standalone_mode=False) == vars(Sample(3, 0.25, "a", True))
    for wrong in (["--how-many", "x"], ["--kind", "c"]):
        with pytest.raises(click.BadParameter):
            sample.main(wrong, standalone_mode=False)


# What depends on other options is settled once these are known.
SETTLED_LATER = {
    "output_format", "num_shards", "limit_alphabet", "max_predictions_per_seq", "clean",
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
