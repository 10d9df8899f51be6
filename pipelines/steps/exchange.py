"""How rows pass from a stage to the next: in files, or through the shuffle of Beam's engine.

On this machine, whose memory is the limit, rows wait in files, and whoever needs them opens these.
An engine of many machines has a shuffle, which is made for it: there rows travel in packets, under
the number of who needs them.  What is done with the rows is the same, and so are the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Protocol

import apache_beam as beam
import pyarrow as pa

from bertprep.common.counts import Counts
from pipelines.folders import files, lease
from pipelines.steps import metrics
from pipelines.steps.checkpoint import remembered
from pipelines.steps.packets import Block, Packet, message_of, packets
from pipelines.steps.spill import SpillIndex, write_spill


class Exchange(Protocol):
    """A way for rows."""

    def send(
        self,
        stage: str,
        order: tuple[int, ...],
        buckets: int,
        batches: Iterable[tuple[int, pa.RecordBatch]],
    ) -> Iterator[Any]:
        """The outputs of a step that sends rows, the SpillIndex of them last.

        Args:
            stage: its name.
            order: tells the rows from those of other steps, and sorts them.
            buckets: how many there are.
            batches: (bucket, its rows) in ascending order of buckets, each at most once.
        """

    def outputs(self, step: str, number: int, make: Callable[[], Iterable[Any]]) -> Iterable[Any]:
        """The result of a step for an element, taken from before if that is still there.

        Args:
            step: its name.
            number: of the element.
            make: makes the result.
        """


class FileExchange:
    """Rows wait in files of the work folder."""

    def __init__(self, work_dir: str) -> None:
        self._work_dir = work_dir

    def send(
        self,
        stage: str,
        order: tuple[int, ...],
        buckets: int,
        batches: Iterable[tuple[int, pa.RecordBatch]],
    ) -> Iterator[Any]:
        yield write_spill(files.join(self._work_dir, stage), order, buckets, batches)

    def outputs(self, step: str, number: int, make: Callable[[], Iterable[Any]]) -> Iterable[Any]:
        return remembered(self._work_dir, step, number, make)


class ShuffleExchange:
    """Rows are sent through Beam, which keeps what a step gave: there is no need to remember it."""

    def __init__(self, work_dir: str, packet_bytes: int) -> None:
        self._work_dir, self._packet_bytes = work_dir, packet_bytes

    def send(
        self,
        stage: str,
        order: tuple[int, ...],
        buckets: int,
        batches: Iterable[tuple[int, pa.RecordBatch]],
    ) -> Iterator[Any]:
        waiting: list[pa.RecordBatch] = []
        blocks = size = 0
        for _, batch in batches:
            waiting.append(batch)
            size += batch.nbytes
            if size >= self._packet_bytes:
                yield Block((*order, blocks), message_of(waiting))
                waiting, size, blocks = [], 0, blocks + 1
        if waiting:
            yield Block((*order, blocks), message_of(waiting))
        yield SpillIndex(stage, order, buckets, 0, 0, 0, 0)

    def outputs(self, step: str, number: int, make: Callable[[], Iterable[Any]]) -> Iterable[Any]:
        lease.check(self._work_dir)
        for output in make():
            metrics.count_reports([output] if hasattr(output, "sums") else [])
            yield output


def counted(outputs: Iterable[Any], counts: Callable[[], Counts]) -> Iterator[Any]:
    """The outputs of ``send``, with what was counted of the rows.

    Args:
        outputs: of ``send``.
        counts: uint64[1 + k, n], asked for when all are sent.
    """
    for output in outputs:
        is_index = isinstance(output, SpillIndex)
        yield replace(output, counts=counts()) if is_index else output


class Address(beam.DoFn):  # type: ignore[misc]
    """Block -> (number of who needs it, packet), for each part of it, as the plan has it."""

    def __init__(self, schema: Callable[[], pa.Schema], packet_bytes: int) -> None:
        self._schema_of, self._packet_bytes = schema, packet_bytes

    def setup(self) -> None:
        self._schema = self._schema_of()

    def process(self, element: tuple[Any, ...], plan: Any) -> Iterator[tuple[int, Packet]]:
        order, data = element
        rows = pa.ipc.read_record_batch(pa.py_buffer(data), self._schema)
        for number, part in plan.shares(rows):
            for packet in packets(order, part, self._packet_bytes):
                yield number, packet


def delivered(
    name: str, plan: Any, blocks: Any, schema: Callable[[], pa.Schema], packet_bytes: int
) -> Any:
    """Adds the steps that bring rows to those who need them to a graph.

    Args:
        name: of what the plan numbers, for the steps' labels.
        plan: a collection of one plan: ``numbers`` gives the numbers of those who need rows where
            these are in files, and ``shares`` cuts rows up among them.
        blocks: a collection of Blocks; None where the rows are in files.
        schema: of the rows, asked for by workers.
        packet_bytes: the most bytes of a packet.

    Returns:
        A collection of (number, its packets).
    """
    if blocks is None:
        return (
            plan
            | f"Number{name}" >> beam.FlatMap(_numbers)
            | f"Spread{name}" >> beam.Reshuffle()
            | f"Without{name}" >> beam.Map(without_packets)
        )
    known = beam.pvalue.AsSingleton(plan)
    return (
        blocks
        | f"Address{name}" >> beam.ParDo(Address(schema, packet_bytes), plan=known)
        | f"Bring{name}" >> beam.GroupByKey()
    )


def _numbers(plan: Any) -> Iterable[int]:
    return range(plan.count)


def without_packets(number: int) -> tuple[int, tuple[()]]:
    """The number of somebody whose rows are in files, as if packets had come."""
    return number, ()
