"""How much work is one step's, and how much of it is held at once."""

from __future__ import annotations

from dataclasses import dataclass

from bertprep.corpus.sizes import READ_SIZES, ReadSizes


@dataclass(frozen=True)
class RunSizes:
    """In tokens, rows, files or bytes; tests choose small ones.

    No byte of the output goes by them but by ``pool_tokens`` and ``pool_documents``.

    Attributes:
        read: how the inputs are cut and read.
        spilled_tokens: that wait in memory before they are spilled.
        pool_tokens: of a pool.  What one step makes examples of, and with the documents around it
            holds in memory.
        pool_documents: the fewest different ones of a pool.
        bucket_tokens: of a prepared bucket, a megabyte of text; the rest is joined from these.
        bucket_rows: examples of a bucket.
        shard_rows: of a shard, so many are read and sorted at once.
        packet_bytes: the most that are sent, or received, together: engines hold several of these.
        merged_files: files of words that are merged at once.
        partition_splits: splits whose words a partition takes without outgrowing a worker.
        checked_bytes: of shards, for which another process that checks them is worth its start.
    """

    read: ReadSizes = READ_SIZES
    spilled_tokens: int = 8_000_000
    pool_tokens: int = 2_400_000
    pool_documents: int = 256
    bucket_tokens: int = 300_000
    bucket_rows: int = 16_384
    shard_rows: int = 65_536
    packet_bytes: int = 1 << 20
    merged_files: int = 64
    partition_splits: int = 640
    checked_bytes: int = 64 << 20


RUN_SIZES = RunSizes()
