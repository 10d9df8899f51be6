"""Containers by their names."""

from __future__ import annotations

from typing import get_args

from bertprep.options import OutputFormat
from bertprep.shards.containers.container import Container
from bertprep.shards.containers.registry import NAMES, container_of


def test_each_container_is_in_the_registry() -> None:
    assert get_args(OutputFormat) == NAMES
    assert all(isinstance(container_of(name), Container) for name in NAMES)
    assert [container_of(name).label for name in NAMES] == ["Parquet", "TFRecord", "MDS"]
