"""What is Parquet's own: row groups that a sample is taken from, and columns that are no matrix."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.common.digests import DigestingStream
from bertprep.options import ShardOptions
from bertprep.shards.containers.container import RowCount
from bertprep.shards.containers.parquet import PARQUET, ArrowFile, _chosen_groups


@pytest.mark.parametrize(
    ("sizes", "rows", "chosen"),
    [
        ([20, 20, 5], 45, [(0, 20), (1, 20), (2, 5)]),
        ([20, 20, 5], 100, [(0, 20), (1, 20), (2, 5)]),
        ([10, 10, 10, 10], 5, [(0, 5)]),
        ([10, 10, 10, 10], 20, [(0, 10), (2, 10)]),
        ([10, 10, 10, 10], 13, [(0, 6), (2, 7)]),
        ([10, 10], 0, []),
    ],
)
def test_row_groups_are_chosen_from_all_over_the_file(
    sizes: list[int], rows: int, chosen: list[tuple[int, int]]
) -> None:
    assert list(_chosen_groups(sizes, rows)) == chosen


def test_text_is_written_in_row_groups_of_whole_blocks() -> None:
    stream = io.BytesIO()
    file = ArrowFile(DigestingStream(stream), 2)
    for number in range(5):
        file.write({"A": pa.array([f"a{number}", "b"])})
    file.finish()
    file.close()
    found = pq.ParquetFile(io.BytesIO(stream.getvalue()))
    assert [found.metadata.row_group(i).num_rows for i in range(found.num_row_groups)] == [4, 4, 2]
    assert found.read()["A"].to_pylist()[::2] == ["a0", "a1", "a2", "a3", "a4"]


def test_the_first_rows_of_a_file_without_any() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"A": pa.array([], pa.string())}), stream)
    assert PARQUET.first(stream, "x", 3) == {}


def test_the_layout_says_how_many_bytes_a_token_takes() -> None:
    lddl = ShardOptions(layout="lddl", num_shards=2)
    assert PARQUET.expected_bytes(RowCount(1, 100), lddl) == pytest.approx(240)
    assert PARQUET.expected_bytes(RowCount(1, 100), ShardOptions()) == pytest.approx(190)
