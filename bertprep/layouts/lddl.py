"""LDDL's rows: the tokens of A and of B as text, for NVIDIA's Language Datasets and Data Loaders.

Its loaders put [CLS] A [SEP] B [SEP] together when they read a row: they split A and B at white
space and look up the id of each token.  A row with masks holds what the model sees; positions count
from [CLS].  A row without masks is masked by the loader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index, offsets_of
from bertprep.errors import UsageError
from bertprep.examples.assemble import Examples
from bertprep.examples.mask import Masks
from bertprep.vocabulary.vocabulary import Vocabulary

NUM_SAMPLES_NAME = ".num_samples.json"
NPY_HEADER_BYTES = 128
_PAIR = [
    ("A", pa.string()),
    ("B", pa.string()),
    ("is_random_next", pa.bool_()),
    ("num_tokens", pa.uint16()),
]
_PREDICTIONS = [("masked_lm_positions", pa.binary()), ("masked_lm_labels", pa.string())]


def lddl_schema(is_masked: bool) -> pa.Schema:
    """A, B: tokens, one space between two; is_random_next; num_tokens: of the whole row.

    With masks also masked_lm_positions: a .npy file of uint16 [k]; masked_lm_labels: k tokens.
    """
    return pa.schema(_PAIR + _PREDICTIONS if is_masked else _PAIR)


def lay_out_pairs(
    examples: Examples, masks: Masks | None, vocabulary: Vocabulary
) -> dict[str, pa.Array]:
    """The columns of ``lddl_schema`` by name, for examples that all have a B."""
    shown = (examples if masks is None else masks).input_ids
    begins = np.arange(len(examples)) * shown.shape[1]
    sides = (
        (begins + 1, examples.second_starts - 2),
        (begins + examples.second_starts, examples.lengths - examples.second_starts - 1),
    )
    tokens = vocabulary.token_array
    columns: list[Any] = [
        _joined(tokens, shown.ravel()[gather_index(starts, lengths)], lengths)
        for starts, lengths in sides
    ]
    columns += [examples.labels != 0, examples.lengths.astype(np.uint16)]
    if masks is not None:
        is_used = np.arange(masks.labels.shape[1]) < masks.counts[:, None]
        columns.append(_npy_files(masks.positions, masks.counts))
        columns.append(_joined(tokens, masks.labels[is_used], masks.counts))
    batch = pa.record_batch([pa.array(c) for c in columns], lddl_schema(masks is not None))
    return dict(zip(batch.schema.names, batch.columns, strict=True))


def _joined(tokens: pa.Array, ids: NDArray[np.int32], lengths: NDArray[np.int64]) -> pa.Array:
    words = tokens.take(pa.array(ids))
    offsets = pa.array(offsets_of(lengths).astype(np.int32))
    return pc.binary_join(pa.ListArray.from_arrays(offsets, words), " ")


@cache
def npy_header(count: int) -> bytes:
    """How a .npy file of uint16 [count] begins, as numpy.save writes it."""
    text = f"{{'descr': '<u2', 'fortran_order': False, 'shape': ({count},), }}"
    version_and_size = b"\x93NUMPY\x01\x00" + (NPY_HEADER_BYTES - 10).to_bytes(2, "little")
    return version_and_size + text.encode().ljust(NPY_HEADER_BYTES - 11) + b"\n"


def npy_headers(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """uint8[n, 128]: the header for each count."""
    distinct, which = np.unique(counts, return_inverse=True)
    headers = b"".join(map(npy_header, distinct.tolist()))
    table: NDArray[np.uint8] = np.frombuffer(headers, np.uint8).reshape(-1, NPY_HEADER_BYTES)
    return table[which]


def _npy_files(values: NDArray[np.int64], counts: NDArray[np.int64]) -> pa.Array:
    """Of each row [P] its first values, as a .npy file of uint16."""
    cells = np.hstack((npy_headers(counts), values.astype("<u2").view(np.uint8)))
    sizes = NPY_HEADER_BYTES + 2 * counts
    data = cells[np.arange(cells.shape[1]) < sizes[:, None]]
    offsets = offsets_of(sizes).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary(), len(counts), buffers)


def equal_shards(rows: Sequence[int], shards: int | None, usual: int) -> list[int]:
    """The same number of shards for each bin that has rows, as LDDL's ranks share out each bin.

    As many as asked for, else as usual; two at least, or its loader takes none (see
    ``num_samples_json``).

    Raises:
        UsageError: if a bin has fewer rows.
    """
    fewest = min(filter(None, rows))
    shards = shards or max(2, min(usual, fewest))
    if fewest < shards:
        where = " in each bin of lengths" if len(rows) > 1 else ""
        raise UsageError(
            f"--layout lddl needs {shards} rows or more{where}, one for each shard; got {fewest}: "
            "give more text, fewer --num-shards or a larger --bin-size"
        )
    return [shards if count else 0 for count in rows]


def num_samples_json(shards: Mapping[str, int]) -> bytes:
    """The bytes of .num_samples.json: the rows of each shard by its name, for LDDL's loaders.

    Newer ones insist on shards of two sizes in each bin (their names end alike), one row apart.  Of
    shards that are all equal, the last is said to have one row more; each row is read even so, as
    they read as many of each shard as the shortest has.
    """
    rows = dict(shards)
    for ending in {name.rpartition(".")[2] for name in rows}:
        names = [name for name in rows if name.endswith(f".{ending}")]
        if len({rows[name] for name in names}) == 1:
            rows[max(names)] += 1
    return (json.dumps(rows, indent=2) + "\n").encode()
