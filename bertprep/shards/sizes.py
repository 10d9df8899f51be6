"""How much of a shard is written, and read, at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """How many tokens, rows or bytes are held at once; tests choose small ones.

    Attributes:
        block_tokens: of the rows computed together; their columns should stay in a core's cache.
        row_group_blocks: blocks of a Parquet row group, which should be worth its overhead.
        batch_tokens: that a loader masks, and a worker sends, together: numpy's calls and messages
            are dear for fewer, and more leave a core's cache.
        window_tokens: packed at once: thousands of rows, so that next to none is left with room.
        read_bytes: of a TFRecord shard that is read from end to end.
        scan_bytes: of a TFRecord shard in which only the beginnings of records are looked for.
        parsed_records: few enough for what is worked out about them to stay in a core's cache.
    """

    block_tokens: int = 1 << 17
    row_group_blocks: int = 8
    batch_tokens: int = 1 << 17
    window_tokens: int = 1 << 21
    read_bytes: int = 1 << 20
    scan_bytes: int = 8 << 20
    parsed_records: int = 512

    def block_rows(self, max_seq_length: int) -> int:
        """Rows of a block, but for the last."""
        return max(1, self.block_tokens // max_seq_length)

    def row_group_rows(self, max_seq_length: int) -> int:
        """Rows of a Parquet row group, but for the last of each file."""
        return self.row_group_blocks * self.block_rows(max_seq_length)


SIZES = Sizes()
