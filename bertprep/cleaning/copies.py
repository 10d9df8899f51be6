"""Which documents, and which parts of them, are copies of another: told from their hashes alone.

What stays depends on the texts and on nothing else, so that a corpus cut into files in another way
is cleaned to the same documents: of equal parts the one in the document with the smallest id stays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

WHOLE = -1  # the number of the part that is the whole document

PART_SCHEMA = pa.schema(
    [
        ("hash_high", pa.uint64()),
        ("hash_low", pa.uint64()),
        ("id_high", pa.uint64()),
        ("id_low", pa.uint64()),
        ("split", pa.uint32()),
        ("document", pa.uint32()),
        ("part", pa.int32()),
    ]
)
DROP_SCHEMA = pa.schema([("split", pa.uint32()), ("document", pa.uint32()), ("part", pa.int32())])
_ORDER = ("part", "document", "split", "id_low", "id_high", "hash_low", "hash_high")


def copies(table: pa.Table, most_documents: int | None = None) -> pa.Table:
    """The documents and parts to leave out, by DROP_SCHEMA, in order of split and place.

    Args:
        table: by PART_SCHEMA; all documents or parts of some hashes.
        most_documents: a part that more documents have is left out of all of them.
    """
    table = _with_equals(table)
    columns = {name: table[name].to_numpy() for name in PART_SCHEMA.names}
    order = np.lexsort([columns[name] for name in _ORDER])
    columns = {name: column[order] for name, column in columns.items()}
    if not len(order):
        return DROP_SCHEMA.empty_table()
    group = np.cumsum(_begins(columns, ("hash_high", "hash_low"))) - 1
    holder = _begins(columns, ("hash_high", "hash_low", "id_high", "id_low", "split", "document"))
    first = np.flatnonzero(np.append(True, np.diff(group) > 0))
    # The first holder of each keeps all it has of it.
    holders = np.cumsum(holder) - 1
    is_copy = holders != holders[first][group]
    if most_documents is not None:
        counts = np.bincount(group, weights=holder)
        is_copy |= (counts[group] > most_documents) & (columns["part"] != WHOLE)
    kept = np.flatnonzero(is_copy)
    kept = kept[np.lexsort([columns[name][kept] for name in ("part", "document", "split")])]
    return pa.table([columns[name][kept] for name in DROP_SCHEMA.names], schema=DROP_SCHEMA)


def _with_equals(table: pa.Table) -> pa.Table:
    """The rows of which one half of the hash is there more than once: few, as a rule."""
    hashes = table["hash_low"].to_numpy()
    order = np.argsort(hashes, kind="stable")
    again = np.diff(hashes[order]) == 0
    some = np.append(False, again) | np.append(again, False)
    return table.take(np.sort(order[some[: len(order)]]))


def _begins(columns: dict[str, NDArray[Any]], names: tuple[str, ...]) -> NDArray[np.bool_]:
    """bool[n]: whether a row differs from the one before it in one of the columns."""
    begins = np.zeros(len(columns[names[0]]), np.bool_)
    begins[:1] = True
    for name in names:
        begins[1:] |= columns[name][1:] != columns[name][:-1]
    return begins
