"""The mds layout: rows without padding for mosaicml-streaming, in its own container.

A shard is a number of samples, where each begins, what the columns are (JSON), and the samples;
index.json lists the shards.  ``bertprep.shards.mds_samples`` writes and reads the samples.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bertprep.layouts.columns import Column
from bertprep.layouts.ragged import Ragged
from bertprep.layouts.spec import Stored
from bertprep.options import ShardOptions

INDEX_NAME = "index.json"
# What mosaicml-streaming's writer notes of itself; its readers ask for the version.
_FORMAT: dict[str, Any] = {
    "compression": None,
    "format": "mds",
    "hashes": [],
    "size_limit": None,
    "version": 2,
}


def is_dynamic(column: Column) -> bool:
    """Whether the values of a row say themselves how many they are."""
    return column.is_ragged


def encoding_of(column: Column) -> str:
    """mosaicml-streaming's name for the encoding of a column."""
    return f"ndarray:{column.dtype.name}" + ("" if is_dynamic(column) else ":1")


def shard_config(columns: Iterable[Column]) -> dict[str, Any]:
    """The header of a shard of these columns, which is its entry in the index, too."""
    ordered = sorted(columns, key=lambda column: column.name)
    return {
        "column_encodings": [encoding_of(column) for column in ordered],
        "column_names": [column.name for column in ordered],
        "column_sizes": [None if is_dynamic(c) else c.dtype.itemsize for c in ordered],
        **_FORMAT,
    }


def config_bytes(columns: Iterable[Column]) -> bytes:
    """The same as it is stored in a shard."""
    return json.dumps(shard_config(columns), sort_keys=True).encode("utf-8")


class Mds(Ragged):
    """As ragged, each column an array that knows its length; a pair's label is an array of one.

    mosaicml-streaming's StreamingDataset reads it, and readers of local MDS like ModernBERT's.
    """

    name = "mds"
    containers = ("mds",)
    why_no_other = ", which is mosaicml-streaming's"
    usual_container = "mds"
    batches_as = None
    companions = (INDEX_NAME,)
    reader = "mosaicml-streaming"

    def companion_files(
        self, shards: Mapping[str, Stored], options: ShardOptions
    ) -> dict[str, bytes]:
        config = shard_config(self.columns(options.task, options.masking != "none"))
        entries = [
            {
                **config,
                "raw_data": {"basename": name, "bytes": stored.size, "hashes": {}},
                "samples": stored.rows,
                "zip_data": None,
            }
            for name, stored in shards.items()
        ]
        index = {"shards": entries, "version": _FORMAT["version"]}
        return {INDEX_NAME: json.dumps(index, sort_keys=True).encode("utf-8")}


MDS = Mds()
