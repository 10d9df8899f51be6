"""What holds of every container: rows go in, and the same rows come out, by each way."""

from __future__ import annotations

import io
from contextlib import closing

import pyarrow as pa
import pytest

from bertprep.common.digests import DigestingStream
from bertprep.layouts.columns import record_dtype
from bertprep.layouts.registry import layout_of, schema_of
from bertprep.options import OutputFormat, ShardOptions
from bertprep.shards.containers.container import RowCount
from bertprep.shards.containers.registry import NAMES, container_of
from bertprep.shards.findings import Findings
from bertprep.shards.sizes import Sizes
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary
from tests.laid_out import PAIR_MASKS, PAIRS

EACH = pytest.mark.parametrize("name", NAMES)
SMALL = Sizes(block_tokens=20, row_group_blocks=2)
TIMES = 3
VOCABULARY = Vocabulary((*SPECIAL_TOKENS, *(f"w{i}" for i in range(100))), lowercase=True)


def options_of(name: OutputFormat) -> ShardOptions:
    return ShardOptions(max_seq_length=10, max_predictions_per_seq=3, output_format=name)


def shard_of(name: OutputFormat) -> bytes:
    """The shard of two rows, three times."""
    options = options_of(name)
    columns = layout_of(options.column_layout).lay_out(PAIRS, PAIR_MASKS, "nsp", VOCABULARY)
    stream = io.BytesIO()
    writer = container_of(name).writer(DigestingStream(stream), schema_of(options), SMALL)
    with closing(writer):
        for _ in range(TIMES):
            writer.write(columns)
        writer.finish()
    return stream.getvalue()


def rows_in(columns: dict[str, object], options: ShardOptions) -> list[list[int]]:
    """The ids that are shown in each row, without padding."""
    name = schema_of(options).of_role("ids").name
    values = columns[name]
    lists = values.to_pylist() if isinstance(values, pa.Array) else values.tolist()
    return [[token for token in row if token] for row in lists]


SHOWN = [[token for token in row if token] for row in PAIR_MASKS.input_ids.tolist()]


@EACH
def test_all_rows_in_blocks(name: OutputFormat) -> None:
    options, findings, found, numbers = options_of(name), Findings(), [], []
    stream = io.BytesIO(shard_of(name))
    for rows, columns in container_of(name).blocks(stream, schema_of(options), findings, SMALL):
        found += rows_in(columns, options)
        numbers += rows.tolist()
    assert findings.count == 0
    assert found == SHOWN * TIMES
    assert numbers == list(range(2 * TIMES)) == list(range(findings.rows))


@EACH
@pytest.mark.parametrize("limit", [1, 4, 100])
def test_the_first_rows(name: OutputFormat, limit: int) -> None:
    columns = container_of(name).first(io.BytesIO(shard_of(name)), "x", limit)
    assert rows_in(columns, options_of(name)) == (SHOWN * TIMES)[:limit]


@EACH
@pytest.mark.parametrize("rows", [0, 1, 3, 6])
def test_a_sample_has_as_many_rows_as_are_wanted(name: OutputFormat, rows: int) -> None:
    options = options_of(name)
    blocks = container_of(name).sample(io.BytesIO(shard_of(name)), schema_of(options), rows)
    found = [row for columns in blocks for row in rows_in(columns, options)]
    assert len(found) == rows
    assert all(row in SHOWN for row in found)


@EACH
def test_a_damaged_shard_gives_no_sample(name: OutputFormat) -> None:
    schema = schema_of(options_of(name))
    with pytest.raises((ValueError, OSError, pa.ArrowException)):
        list(container_of(name).sample(io.BytesIO(shard_of(name)[:-7]), schema, 6))


@EACH
def test_what_is_expected_of_rows_of_their_own_sizes_grows_with_them(name: OutputFormat) -> None:
    options, container = options_of(name), container_of(name)
    one, two = (container.expected_bytes(RowCount(n, 100 * n), options) for n in (1, 2))
    if name == "tfrecord":  # all of one size
        assert one is two is None
    else:
        assert one is not None
        assert two == pytest.approx(2 * one)


@pytest.mark.parametrize("name", ["parquet", "tfrecord"])
def test_rows_for_a_loader_by_their_numbers(name: OutputFormat) -> None:
    schema = schema_of(options_of(name))
    reader = container_of(name).rows(schema, VOCABULARY, 4, SMALL)
    stream = pa.BufferReader(shard_of(name))
    records = reader.read(stream, 3, 2)
    assert records.dtype == record_dtype(schema, len(VOCABULARY))
    shown = {name: records[name] for name in records.dtype.names}
    assert rows_in(shown, options_of(name)) == (SHOWN * TIMES)[3:5]
    with pytest.raises(ValueError, match="expected"):
        reader.read(stream, 4, 3)
