"""What holds for every layout: rows are as its schema says, and come back."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pyarrow as pa
import pytest

from bertprep.errors import UsageError
from bertprep.examples.examples import Examples
from bertprep.layouts.registry import NAMES, layout_of, schema_of
from bertprep.layouts.spec import LayoutSpec, WrongRowsError, require
from bertprep.options import Layout, Masking, ShardOptions, Task
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary
from tests.laid_out import PAIR_MASKS, PAIRS, SINGLE, lay_out, unmasked_examples

OPTIONS = ShardOptions()


def test_rows_that_are_wrong_are_named() -> None:
    good = np.array([[True, True], [True, False], [False, True]])
    require(np.ones(3, bool), lambda row, column: "not asked for")
    with pytest.raises(WrongRowsError, match=r"^row 1, column 1$") as found:
        require(good, lambda row, column: f"row {row}, column {column}")
    assert found.value.good is good


@pytest.mark.parametrize("is_masked", [True, False])
@pytest.mark.parametrize("layout", [*map(layout_of, NAMES)], ids=lambda layout: layout.name)
def test_a_token_takes_some_bytes(layout: LayoutSpec, is_masked: bool) -> None:
    assert 1 < layout.parquet_bytes_per_token(is_masked) < 20


@pytest.mark.parametrize("masking", get_args(Masking))
@pytest.mark.parametrize("task", get_args(Task))
@pytest.mark.parametrize("layout", [*map(layout_of, NAMES)], ids=lambda layout: layout.name)
def test_what_is_laid_out_is_what_the_schema_says(
    layout: LayoutSpec, task: Task, masking: Masking
) -> None:
    """Names, order, types and widths; for each task and masking that the layout has rows for."""
    length, most = PAIRS.input_ids.shape[1], PAIR_MASKS.positions.shape[1]
    made = replace(OPTIONS, max_seq_length=length, max_predictions_per_seq=most)
    try:
        container = "mds" if layout.name == "mds" else made.output_format
        made = replace(
            made, layout=layout.name, output_format=container, task=task, masking=masking
        )
    except UsageError:
        assert layout.name in ("lddl", "bert4keras")
        return
    masks = None if masking == "none" else PAIR_MASKS
    vocabulary = Vocabulary((*SPECIAL_TOKENS, *(f"w{i}" for i in range(95))), lowercase=True)
    columns = layout.lay_out(PAIRS, masks, task, vocabulary)
    expected = schema_of(made).arrow()
    assert [*columns] == expected.names
    for name, values in columns.items():
        if isinstance(values, pa.Array):
            assert values.type == expected.field(name).type, name
        else:
            kind = pa.from_numpy_dtype(values.dtype)
            stored = kind if values.ndim == 1 else pa.list_(kind, values.shape[1])
            assert stored == expected.field(name).type, name


@pytest.mark.parametrize("layout", ["huggingface", "google", "modelgarden"])
@pytest.mark.parametrize(("examples", "task"), [(PAIRS, "nsp"), (PAIRS, "sop"), (SINGLE, "none")])
def test_unmasked_rows_come_back(examples: Examples, task: Task, layout: Layout) -> None:
    columns = lay_out(examples, None, layout, task)
    back = unmasked_examples(columns, examples.keys, layout)
    for name in ("keys", "input_ids", "lengths", "second_starts", "labels"):
        assert np.array_equal(getattr(back, name), getattr(examples, name)), name
    assert {values.dtype.name for values in (back.input_ids, back.labels)} == {"int32", "int8"}
    again = lay_out(back, None, layout, task)
    assert all(np.array_equal(again[name], columns[name]) for name in columns)
