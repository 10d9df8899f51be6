"""The mds layout: its container, and its columns as mosaicml-streaming names them."""

import pytest

from bertprep.errors import UsageError
from bertprep.layouts.mds import encoding_of
from bertprep.layouts.registry import schema_of
from bertprep.options import ShardOptions


def test_columns_are_arrays_that_know_their_lengths() -> None:
    options = ShardOptions(layout="mds", output_format="mds", masking="none")
    found = {column.name: encoding_of(column) for column in schema_of(options).columns}
    assert found == {
        "input_ids": "ndarray:int32",
        "token_type_ids": "ndarray:int8",
        "word_starts": "ndarray:int8",
        "next_sentence_label": "ndarray:int64:1",
    }


def test_container_and_layout_go_together() -> None:
    with pytest.raises(UsageError, match="--layout mds is for --output-format mds"):
        ShardOptions(layout="mds")
    with pytest.raises(UsageError, match=r"--layout google is for .* parquet or tfrecord; got mds"):
        ShardOptions(layout="google", output_format="mds")
    assert ShardOptions(output_format="mds").column_layout == "mds"
    with pytest.raises(UsageError, match="--pack needs --layout"):
        ShardOptions(output_format="mds", pack=True)
