"""The interface of a container: how rows become the file of a shard, and come out of it.

Each container says it in a module of its own; whoever writes, reads, checks or shows shards asks
it, and knows no container by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple, Protocol

from bertprep.common.digests import DigestingStream
from bertprep.layouts.columns import Columns, Records, Schema
from bertprep.options import ShardOptions
from bertprep.shards.findings import Findings
from bertprep.shards.read import Block
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.vocabulary.vocabulary import Vocabulary


class RowCount(NamedTuple):
    """How many rows there will be, and their tokens together."""

    number: float
    tokens: float


class Writer(Protocol):
    """Writes one shard."""

    def write(self, columns: Columns) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class RowReader(Protocol):
    """Reads rows of one shard by their numbers."""

    def read(self, stream: Any, first: int, count: int) -> Records:
        """Rows that stand together.

        Args:
            stream: the shard, seekable.
            first: the number of the first one, from 0.
            count: how many, all of which there are.
        """


class Container(ABC):
    """A container.

    Attributes:
        label: what people call it.
        end_bytes: of the end of a shard, how many a reader of rows begins with.
    """

    label: str
    end_bytes = 0

    @abstractmethod
    def writer(self, output: DigestingStream, schema: Schema, sizes: Sizes) -> Writer:
        """Writes a shard.

        Args:
            output: takes the bytes of the file; it need not be seekable.
            schema: the columns of the rows.
            sizes: how many rows are held at once, and put into a row group.
        """

    @abstractmethod
    def blocks(
        self, stream: BinaryIO, schema: Schema, findings: Findings, sizes: Sizes = SIZES
    ) -> Iterator[Block]:
        """The rows of a shard in blocks; what is wrong is a finding.

        Args:
            stream: the shard, seekable.
            schema: the columns that its rows should have.
            findings: takes what is wrong, and how many rows there are.
            sizes: how large the blocks are.

        Returns:
            For each block the numbers of its rows in the shard, int64[n], and its columns by name.
        """

    @abstractmethod
    def first(self, stream: BinaryIO, path: str, limit: int) -> Columns:
        """The first rows of a shard, whatever their columns are.

        Args:
            stream: the shard, seekable.
            path: its path, for messages.
            limit: how many rows, if there are so many.

        Returns:
            The columns by name, [n] or [n, k]; Arrow lists where rows are of their own lengths.

        Raises:
            Exception: any of ``unreadable.UNREADABLE``, or an InputError, if the shard is damaged.
        """

    def sample(self, stream: BinaryIO, schema: Schema, rows: int) -> Iterator[Columns]:
        """Some rows of a shard, in blocks of columns: its first ones, which are as good as any.

        Args:
            stream: the shard, seekable.
            schema: the columns that its rows should have.
            rows: how many.

        Raises:
            Exception: any of ``unreadable.UNREADABLE``, if the shard is damaged.
        """
        findings = Findings()
        for numbers, columns in self.blocks(stream, schema, findings):
            if findings.count or rows <= 0:
                break
            yield {name: values[:rows] for name, values in columns.items()}
            rows -= len(numbers)
        if findings.count:
            row, message = findings.problems[0]
            raise ValueError(f"row {row}: {message}")

    def rows(
        self,
        schema: Schema,
        vocabulary: Vocabulary,
        window_rows: int,
        sizes: Sizes,
    ) -> RowReader:
        """Reads rows of one shard for a loader; none for shards that only another's loader reads.

        Args:
            schema: the columns of the rows.
            vocabulary: what their ids mean.
            window_rows: about so many are read from a place at once.
            sizes: how many bytes and rows are held.
        """
        raise NotImplementedError

    def expected_bytes(self, rows: RowCount, options: ShardOptions) -> float | None:
        """About how many bytes rows take.

        None where rows are all of one size: then a few are written, and measured.
        """
        return None
