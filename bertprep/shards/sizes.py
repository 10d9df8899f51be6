"""How many rows are written, and read, at once."""

from __future__ import annotations

# A block's columns should stay in a core's cache; a row group should be worth its overhead.
BLOCK_TOKENS = 1 << 17
ROW_GROUP_BLOCKS = 8


def block_rows(max_seq_length: int) -> int:
    """Rows of a block, but for the last."""
    return max(1, BLOCK_TOKENS // max_seq_length)


def row_group_rows(max_seq_length: int) -> int:
    """Rows of a Parquet row group, but for the last of each file."""
    return ROW_GROUP_BLOCKS * block_rows(max_seq_length)
