"""Layouts by their names."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import get_args

import pytest

from bertprep.errors import UsageError
from bertprep.layouts.registry import NAMES, file_names, layout_of, schema_of, usual_format
from bertprep.options import Layout, OutputFormat, ShardOptions


def test_each_layout_is_in_the_registry() -> None:
    """Under the name that it goes by in manifests and on the command line."""
    assert [layout_of(name).name for name in get_args(Layout)] == [*NAMES]


def test_an_unknown_layout_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"--layout must be one of huggingface, .*; got 'onnx'"):
        layout_of("onnx")  # type: ignore[arg-type]


def test_a_layout_has_a_usual_container() -> None:
    containers = {layout: usual_format(layout) for layout in (None, *get_args(Layout))}
    assert containers.pop("bert4keras") == "tfrecord"
    assert containers.pop("mds") == "mds"
    assert set(containers.values()) == {"parquet"}


def test_the_columns_of_a_run() -> None:
    google = schema_of(ShardOptions(output_format="tfrecord", max_predictions_per_seq=5))
    assert google.shape(google.columns[3]) == (5,)
    assert google.columns[3].name == "masked_lm_positions"
    packed = schema_of(ShardOptions(pack=True, max_seq_length=64))
    assert [column.name for column in packed.columns][-4:] == [
        "position_ids",
        "sequence_ids",
        "next_sentence_label",
        "cls_positions",
    ]
    assert {packed.shape(column) for column in packed.columns} == {(64,), (12,)}


@pytest.mark.parametrize("layout", NAMES)
@pytest.mark.parametrize("container", get_args(OutputFormat))
@pytest.mark.parametrize("bin_size", [None, 32])
def test_the_names_of_shards_are_matched(
    layout: Layout, container: OutputFormat, bin_size: int | None
) -> None:
    found = layout_of(layout)
    # Named by what its options are, whether or not it has rows for them all.
    options = SimpleNamespace(max_seq_length=128, bin_size=bin_size, output_format=container)
    name = found.shard_name(3, 16, options, 1, 1)
    assert re.fullmatch(found.shard_names, name)
    assert re.fullmatch(file_names(), name)
    for other in (f"x{name}", f"{name}~", name.replace("of", "in")):
        assert not re.fullmatch(file_names(), other)


def test_the_names_of_files_beside_shards_are_matched() -> None:
    for layout in map(layout_of, NAMES):
        assert all(re.fullmatch(file_names(), name) for name in layout.companions)
