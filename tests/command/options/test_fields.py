"""An option is what its field is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import click
import pytest

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
