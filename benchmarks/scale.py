"""The cost of a run of many tiny splits, pools and shards besides its work: a table by number.

    python benchmarks/scale.py                      # 1,250 splits, 125 pools and shards; x2; x4
    python benchmarks/scale.py 10000 1000 1000      # so many of each; some minutes
    python benchmarks/scale.py 6000 9300 8600 --processes 2  # as many as 100 GB have; half an hour

A corpus of 100 GB has as many of each as a tiny one whose splits and pools are tiny.  Measured, in
one process, is what grows with their number alone: files opened, bytes of descriptions that go
through Beam, processor seconds that planning takes, and the memory of the process.  Of several
processes only the time and the memory of the largest is known.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from bertprep.corpus.sizes import ReadSizes
from bertprep.options import ReadOptions, ShardOptions
from bertprep.vocabulary.configuration import Found
from bertprep.vocabulary.reserved_tokens import special_and_unused
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.graphs import pools as pool_planning
from pipelines.graphs import shard as sharding
from pipelines.jobs.raw_corpus import RawCorpus
from pipelines.jobs.run import RunOptions
from pipelines.jobs.shard import run_shard
from pipelines.steps.sizes import RunSizes
from pipelines.steps.stage import SumUp

DOCUMENTS = 20  # of a split
WORDS = 12  # of a document
BUCKETS = 4  # of a pool or a shard


@dataclass
class Costs:
    """The cost of a run besides its work.

    Attributes:
        splits, pools, shards: how many there were.
        opened: files, for reading.
        described: bytes of what steps told of their rows, and of the plans.
        planning: processor seconds of summing that up, and of planning.
        seconds: that the run took.
        processor_seconds: that it took, in all processes.
        peak_mb: memory of the process at most, so far; of several, of the largest.
    """

    splits: int
    pools: int
    shards: int
    opened: int = 0
    described: int = 0
    planning: float = 0.0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    peak_mb: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", type=int, help="splits, pools, shards")
    parser.add_argument("--processes", type=int, default=1, help="that share the work")
    args = parser.parse_args()
    numbers = args.numbers
    rows = [numbers] if numbers else [[1250 * n, 125 * n, 125 * n] for n in (1, 2, 4)]
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            print(json.dumps(vars(measured(Path(folder), *row, args.processes))), flush=True)


def measured(folder: Path, splits: int, pools: int, shards: int, processes: int = 1) -> Costs:
    """Makes shards of so many tiny splits; ``folder`` takes the corpus and the output."""
    costs = Costs(splits, pools, shards)
    text = folder / f"text-{splits}.txt"
    size = _write_text(text, splits * DOCUMENTS)
    read = ReadOptions(documents="line", sentences="lines")
    options = ShardOptions(task="none", num_shards=shards, max_seq_length=32, dupe_factor=1)
    vocabulary = Vocabulary((*special_and_unused(0), *_WORDS), True)
    with ExitStack() as stack:
        stack.enter_context(patch.object(pool_planning, "shared_evenly", int))
        if processes == 1:
            stack.enter_context(_counting(costs))
        sizes = _sizes(size, splits, pools, shards)
        corpus = RawCorpus.find([str(text)], read, options, Found(vocabulary, "", True, []))
        corpus = replace(corpus, sizes=sizes)
        assert len(corpus.splits()) == splits
        stack.enter_context(redirect_stdout(sys.stderr))
        started, before = time.perf_counter(), _used()[0]
        run = RunOptions(str(folder / "out"), True, workers=processes, sizes=sizes)
        run_shard(corpus, options, run, False)
        costs.seconds = round(time.perf_counter() - started, 1)
    costs.planning = round(costs.planning, 3)
    seconds, costs.peak_mb = _used()
    costs.processor_seconds = round(seconds - before, 1)
    return costs


def _used() -> tuple[float, int]:
    """Processor seconds of this process and those that it has seen end; MB of the largest."""
    each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in each)
    return seconds, round(max(usage.ru_maxrss for usage in each) / 1024)


_WORDS = [f"word{number}" for number in range(500)]


def _write_text(path: Path, documents: int) -> int:
    """Documents of one size, one a line."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(100, 500, (documents, WORDS)).tolist()  # words of one length
    lines = [" ".join(_WORDS[number] for number in row) for row in drawn]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path.stat().st_size


def _sizes(size: int, splits: int, pools: int, shards: int) -> RunSizes:
    """The sizes that make so many of each of a text of so many bytes."""
    tokens = splits * DOCUMENTS * WORDS
    return RunSizes(
        ReadSizes(least_split=1, most_split=-(-size // splits)),
        pool_tokens=tokens // pools,
        pool_documents=2,
        # The text seems to have a token in 3.5 bytes.
        bucket_tokens=max(1, int(size / 3.5) // (BUCKETS * pools)),
        bucket_rows=max(1, tokens // 32 // (BUCKETS * shards)),
    )


@contextmanager
def _counting(costs: Costs) -> Iterator[None]:
    open_input, add_input = files.open_input, SumUp.add_input

    def opening(path: str) -> Any:
        costs.opened += 1
        return open_input(path)

    def adding(self: Any, accumulator: Any, element: Any) -> Any:
        costs.described += len(pickle.dumps(element))
        return add_input(self, accumulator, element)

    def planning(plan_of: Callable[..., Any]) -> Callable[..., Any]:
        def planned(*args: Any) -> Any:
            plan = plan_of(*args)
            costs.described += len(pickle.dumps(plan))
            return plan

        return _timed(planned, costs)

    with ExitStack() as stack:
        stack.enter_context(patch.object(files, "open_input", opening))
        stack.enter_context(patch.object(SumUp, "add_input", _timed(adding, costs)))
        for name in ("merge_accumulators", "compact", "extract_output"):
            stack.enter_context(patch.object(SumUp, name, _timed(getattr(SumUp, name), costs)))
        for module in (pool_planning, sharding):
            stack.enter_context(patch.object(module, "plan_of", planning(module.plan_of)))
        yield


def _timed(function: Callable[..., Any], costs: Costs) -> Callable[..., Any]:
    def timed(*args: Any) -> Any:
        started = time.process_time()
        try:
            return function(*args)
        finally:
            costs.planning += time.process_time() - started

    return timed


if __name__ == "__main__":
    main()
