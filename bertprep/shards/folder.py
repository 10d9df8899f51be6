"""A finished folder of shards, opened for a trainer: its rows by chunks, whatever the container."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bertprep.common.digests import digest_of
from bertprep.common.ragged import offsets_of
from bertprep.errors import InputError
from bertprep.layouts.columns import Records, record_dtype
from bertprep.layouts.registry import layout_of, schema_of
from bertprep.shards.containers.registry import container_of
from bertprep.shards.manifest_parsing import parse_manifest
from bertprep.shards.manifest_types import ListedFile, ShardManifest, VocabularyEntry
from bertprep.shards.names import EXPECTED_FOLDER, MANIFEST_NAME
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.unreadable import UNREADABLE, brief
from bertprep.stores.folder import Folder
from bertprep.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:
    from bertprep.shards.containers.container import RowReader

Ints = NDArray[np.int64]


class Shards:
    """The rows of a folder that ``bertprep shard`` wrote, in chunks.

    A chunk is about as many rows of one shard as a Parquet row group holds.

    Attributes:
        options: what the rows were made by.
        vocabulary: what their ids mean.
        digest: SHA-256 of manifest.json, which holds the digests of all else.
        chunk_rows: int64[chunks], rows of each chunk; they are numbered through all shards.
        window_rows: rows of a whole chunk.
        chunk_bins: int64[chunks], the longest row there may be in each: its length bin.
        schema: the stored columns.
        dtype: of the records that are read.

    Raises:
        InputError: if the folder is not as a finished run left it, or holds what no loader reads.
    """

    def __init__(self, path: str | os.PathLike[str], sizes: Sizes = SIZES) -> None:
        self.sizes = sizes
        self.folder = Folder(path)
        data = self.folder.read_if_there(MANIFEST_NAME)
        if data is None:
            raise InputError(f"{self.folder.path} holds no {MANIFEST_NAME}; {EXPECTED_FOLDER}")
        self.digest = digest_of(data)
        manifest = self._manifest(data)
        self.options, self._shards = manifest.options, manifest.shards
        if layout_of(self.options.column_layout).batches_as is None:
            raise InputError(
                f"{self.folder.path} is in the {self.options.column_layout} layout, which only its "
                "own loader reads; make the shards with --layout huggingface"
            )
        self._check_sizes()
        self.vocabulary = self._vocabulary(manifest.vocabulary)
        self.schema = schema_of(self.options)
        self.dtype = record_dtype(self.schema, len(self.vocabulary))
        self._cut()
        self._readers: dict[int, RowReader] = {}

    def __len__(self) -> int:
        return int(self.chunk_rows.sum())

    def _manifest(self, data: bytes) -> ShardManifest:
        manifest = parse_manifest(data, self.folder.name(MANIFEST_NAME))
        if not isinstance(manifest, ShardManifest):
            raise InputError(
                f"{self.folder.path} holds no shards; expected the --output of a finished "
                "`bertprep shard`"
            )
        return manifest

    def _check_sizes(self) -> None:
        sizes = self.folder.sizes([shard.name for shard in self._shards])
        for shard, size in zip(self._shards, sizes, strict=True):
            self._check_size(shard, size)

    def _check_size(self, shard: ListedFile, size: int | None) -> None:
        if size != shard.size:
            found = "is missing" if size is None else f"has {size:,} bytes"
            raise InputError(
                f"{self.folder.name(shard.name)} {found}; expected {shard.size:,} bytes, as "
                f"{MANIFEST_NAME} says: copy the folder again, or make it again"
            )

    def _vocabulary(self, expected: VocabularyEntry) -> Vocabulary:
        data, path = self.folder.read(expected.file), self.folder.name(expected.file)
        vocabulary = expected.vocabulary(data, path)
        if vocabulary.digest != expected.sha256:
            raise InputError(
                f"{path} is not the vocabulary the shards were made with; expected the digest "
                f"{expected.sha256}, got {vocabulary.digest}"
            )
        return vocabulary

    def _cut(self) -> None:
        rows = np.array([shard.rows or 0 for shard in self._shards])
        self.window_rows = self.sizes.row_group_rows(self.options.max_seq_length)
        chunks = -(-rows // self.window_rows)
        self._chunk_shards = np.repeat(np.arange(len(rows)), chunks)
        within = np.arange(len(self._chunk_shards)) - offsets_of(chunks)[self._chunk_shards]
        self._chunk_starts = within * self.window_rows
        left = rows[self._chunk_shards] - self._chunk_starts
        self.chunk_rows: Ints = np.minimum(left, self.window_rows)
        bins = [shard.bin or self.options.max_seq_length for shard in self._shards]
        self.chunk_bins: Ints = np.array(bins)[self._chunk_shards]

    def read(self, chunk: int, start: int, stop: int) -> Records:
        """Some rows of a chunk.

        Args:
            chunk: its number through all shards.
            start: the first row, counted from 0 in the chunk.
            stop: the row after the last.

        Returns:
            A structured array [stop - start] of ``dtype``.

        Raises:
            InputError: if the shard is damaged.
        """
        number = int(self._chunk_shards[chunk])
        shard, first = self._shards[number], int(self._chunk_starts[chunk])
        end = container_of(self.options.output_format).end_bytes
        try:
            with self.folder.open(shard.name, shard.size, end) as stream:
                self._check_size(shard, stream.size())  # it may have been replaced since
                return self._rows(number).read(stream, first + start, stop - start)
        except FileNotFoundError:
            self._check_size(shard, None)
            raise
        except UNREADABLE as error:
            raise InputError(
                f"{self.folder.name(shard.name)} cannot be read ({brief(error)}); "
                "`bertprep verify` says more"
            ) from None

    def _rows(self, number: int) -> RowReader:
        if number not in self._readers:
            container = container_of(self.options.output_format)
            self._readers[number] = container.rows(
                self.schema, self.vocabulary, self.window_rows, self.sizes
            )
        return self._readers[number]
