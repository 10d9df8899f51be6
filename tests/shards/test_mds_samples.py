"""MDS shards: worked by hand, read by another reader of the format, and checked when damaged."""

from __future__ import annotations

import io
import json
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.layouts.mds import INDEX_NAME, MDS, shard_config
from bertprep.layouts.registry import schema_of
from bertprep.layouts.spec import Stored
from bertprep.options import ShardOptions
from bertprep.report.decode import decode_rows, read_rows, text_of
from bertprep.shards.findings import Findings
from bertprep.shards.mds_samples import MdsFile, encode_samples
from tests.laid_out import lay_out
from tests.layouts.test_ragged import EXAMPLES, MASKS, ROWS
from tests.made_folders import VOCABULARY, options

MASKED = options(layout="mds", output_format="mds", masking="whole-word", masked_lm_prob=0.1)


def shard_of(chosen: ShardOptions, masks: Any, times: int = 1) -> bytes:
    stream = io.BytesIO()
    container = MdsFile(stream, schema_of(chosen))
    for _ in range(times):
        container.write(lay_out(EXAMPLES, masks, "mds", "nsp", VOCABULARY))
    container.finish()
    container.close()
    return stream.getvalue()


def samples_of(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A reader of the format by its description alone, one sample at a time."""
    (count,) = struct.unpack_from("<I", data)
    places = struct.unpack_from(f"<{count + 1}I", data, 4)
    config = json.loads(data[4 * (count + 2) : places[0]])
    found = []
    for start, end in pairwise(places):
        sizes, at = [], start
        for size in config["column_sizes"]:
            if size is None:
                (size,) = struct.unpack_from("<I", data, at)
                at += 4
            sizes.append(size)
        sample = {}
        for name, encoding, size in zip(
            config["column_names"], config["column_encodings"], sizes, strict=True
        ):
            sample[name] = array_of(encoding, data[at : at + size])
            at += size
        assert at == end
        found.append(sample)
    assert places[-1] == len(data)
    return config, found


def array_of(encoding: str, data: bytes) -> list[int]:
    kind, dtype, *shape = encoding.split(":")
    assert kind == "ndarray"
    if shape:
        return np.frombuffer(data, dtype).reshape(int(shape[0])).tolist()
    axes, width = data[0] >> 2, 1 << (data[0] & 3)
    assert axes == 1
    length = int.from_bytes(data[1 : 1 + width], "little")
    values = np.frombuffer(data[1 + width :], dtype)
    assert len(values) == length
    return values.tolist()


def test_samples_are_the_rows() -> None:
    config, samples = samples_of(shard_of(MASKED, MASKS, times=2))
    assert (config["format"], config["version"]) == ("mds", 2)
    assert config["column_names"] == sorted(config["column_names"])
    expected = [
        {name: [row] if isinstance(row, int) else row for name, row in zip(ROWS, rows, strict=True)}
        for rows in zip(*ROWS.values(), strict=True)
    ]
    assert samples == expected * 2


@pytest.mark.parametrize("length", [1, 255, 256, 300])
def test_arrays_of_any_length(length: int) -> None:
    schema = [column for column in MDS.every if column.name == "input_ids"]
    rows = pa.array([list(range(length)), [7]], pa.list_(pa.int32()))
    data, sizes = encode_samples({"input_ids": rows}, schema)
    first = data[: sizes[0]].tobytes()
    assert struct.unpack_from("<I", first)[0] == len(first) - 4
    assert array_of("ndarray:int32", first[4:]) == list(range(length))
    assert array_of("ndarray:int32", data[sizes[0] + 4 :].tobytes()) == [7]


def test_the_index_lists_the_shards() -> None:
    data = shard_of(MASKED, MASKS)
    files = MDS.companion_files({"shard-0.mds": Stored(2, len(data))}, MASKED)
    index = json.loads(files[INDEX_NAME])
    (entry,) = index["shards"]
    assert index["version"] == 2
    assert entry["raw_data"] == {"basename": "shard-0.mds", "bytes": len(data), "hashes": {}}
    assert (entry["samples"], entry["zip_data"]) == (2, None)
    config = shard_config(schema_of(MASKED).columns)
    assert {key: entry[key] for key in config} == config == samples_of(data)[0]


def found_in(data: bytes) -> list[tuple[int | None, str]]:
    findings = Findings()
    verify_rows(io.BytesIO(data), Rules(MASKED, VOCABULARY), findings)
    return findings.problems


def test_rows_are_checked_and_shown(tmp_path: Path) -> None:
    data = shard_of(MASKED, MASKS)
    assert not found_in(data)
    columns = read_rows(io.BytesIO(data), "shard.mds", 1, "mds")
    (row,) = decode_rows(columns, MASKED, VOCABULARY)
    assert "[MASK](" in text_of(row.a)


def test_damage_is_found() -> None:
    data = shard_of(MASKED, MASKS)
    start = struct.unpack_from("<I", data, 4)[0]
    assert found_in(data[:-1])[0][1].endswith("it is truncated")
    assert "it ends within its head" in found_in(data[:6])[0][1]
    other = bytearray(data)
    other[start] += 1  # the size of the first array
    assert "cannot be read as MDS from row 0 on" in found_in(bytes(other))[0][1]
    names = data.replace(b"labels", b"lapels")
    assert "expected the columns" in found_in(names)[0][1]
