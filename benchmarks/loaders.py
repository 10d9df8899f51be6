"""How fast trainers get their batches: examples a second and a CPU-second, and what wrappers cost.

    make bench                                       # or: python benchmarks/loaders.py
    python benchmarks/loaders.py --source FILES...   # real text to make the shards from

All read the same unmasked rows of 128 tokens, in batches of 256 masked as they are read, or rows
with stored masks where it says so.  They take turns, as many times as --rounds says, and the best
round of each counts: other work on the machine makes all slower, never faster.  CPU time is that of
the process and of its workers.  What a wrapper costs is how much longer it takes than this
package's loader in the same process, with nothing done to the batches.  Results go to
benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import accelerate
import corpus
import datasets
import numpy as np
import torch
import transformers
from lightning.fabric import Fabric
from torch.utils import data
from torchdata.stateful_dataloader import StatefulDataLoader

from bertprep.common.cores import usable_cores
from bertprep.torch import (
    Collator,
    DataLoader,
    FlatCollator,
    IterableDataset,
    MapDataset,
    flatten,
)

RESULTS = Path(__file__).parent / "results"
BATCH, LENGTH = 256, 128
# A loader of a pass, by its name; the second says which row its cost is a share of.
Cases = dict[str, Callable[[], Iterable[Any]]]
OWN = "bertprep, 0 workers"


class Speed(NamedTuple):
    """Examples a second of the clock, and of CPU time."""

    per_second: float
    per_cpu_second: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=20, help="of text, for the shards")
    parser.add_argument("--source", type=Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="rows whose name holds this")
    args = parser.parse_args()
    warnings.simplefilter("ignore")  # advice on workers, from libraries that see few cores
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        unmasked, masked = make_shards(Path(scratch), int(args.megabytes * 1e6), args.source)
        cases = {
            n: c for n, c in cases_of(unmasked, masked, Path(scratch)).items() if args.only in n
        }
        best = measure(cases, args.rounds)
    show(best)
    write(best, args)


def make_shards(scratch: Path, size: int, source: list[Path]) -> tuple[Path, Path]:
    """The folders of shards without masks, and with them."""
    text, vocab = scratch / "text", scratch / "vocab"
    corpus.build(text, size, source)
    command = [sys.executable, "-m", "bertprep"]
    options = ["--vocab", vocab, "--dupe-factor", "1", "--max-seq-length", str(LENGTH)]
    jobs: list[list[Any]] = [["vocab", text, "--output", vocab]]
    for masking in ("none", "token"):
        output = scratch / masking
        jobs.append(["shard", text, *options, "--masking", masking, "--output", output])
    for job in jobs:
        done = subprocess.run([*command, *map(str, job)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
    return scratch / "none", scratch / "token"


def cases_of(unmasked: Path, masked: Path, scratch: Path) -> Cases:
    """The loaders to measure, by name; each call is a pass through one of its own."""
    cases: Cases = {}
    for workers in (0, 1, 2):
        cases[f"bertprep, {workers} workers"] = lambda w=workers: own(unmasked, w)
        cases[f"bertprep, stored masks, {workers} workers"] = lambda w=workers: own(masked, w)
    theirs = hugging_face(unmasked, scratch)
    for workers in (0, 1, 2):
        name = f"datasets + DataCollatorForLanguageModeling, {workers} workers"
        cases[name] = lambda w=workers: theirs(w)
    return {**cases, **wrapped(unmasked, scratch)}


def own(folder: Path, workers: int) -> Iterable[Any]:
    return DataLoader(IterableDataset(folder, BATCH, pad_to=LENGTH), num_workers=workers)


def hugging_face(folder: Path, scratch: Path) -> Callable[[int], Iterable[Any]]:
    """The loader people write without this package: the same rows, masked by transformers."""
    rows = datasets.load_dataset(
        "parquet", data_dir=str(folder / "rows"), split="train", cache_dir=str(scratch / "hf")
    )
    rows = rows.remove_columns(["word_starts", "next_sentence_label"])
    tokens = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    tokenizer = transformers.BertTokenizerFast(vocab={t: n for n, t in enumerate(tokens)})
    collator = transformers.DataCollatorForLanguageModeling(tokenizer)

    def loader(workers: int) -> Iterable[Any]:
        return data.DataLoader(rows, BATCH, shuffle=True, collate_fn=collator, num_workers=workers)

    return loader


def wrapped(folder: Path, scratch: Path) -> Cases:
    """The same rows, in this process, by what wraps or replaces this package's loader."""

    def stream() -> IterableDataset:
        return IterableDataset(folder, BATCH, pad_to=LENGTH)

    def by_number(collate: Callable[[MapDataset], Any], **more: Any) -> Iterable[Any]:
        rows = MapDataset(folder, cache_dir=scratch / "cache", **more)
        return data.DataLoader(rows, BATCH, shuffle=True, collate_fn=collate(rows))

    return {
        "torch's DataLoader": lambda: data.DataLoader(stream(), batch_size=None),
        "torchdata's StatefulDataLoader": lambda: StatefulDataLoader(stream(), batch_size=None),
        "accelerate's prepare": lambda: accelerate.Accelerator(cpu=True).prepare(
            DataLoader(stream())
        ),
        "Lightning Fabric": lambda: Fabric(accelerator="cpu", devices=1).setup_dataloaders(
            DataLoader(stream())
        ),
        "flatten": lambda: map(flatten, DataLoader(stream())),
        "MapDataset, Collator (transformers' Trainer)": lambda: by_number(Collator),
        "MapDataset, FlatCollator": lambda: by_number(lambda _: FlatCollator(), padded=False),
    }


def measure(cases: Cases, rounds: int) -> dict[str, Speed]:
    """The best of the rounds of each, which take turns."""
    best = dict.fromkeys(cases, Speed(0, 0))
    for _ in range(rounds):
        for name, case in cases.items():
            speed = speed_of(case())
            best[name] = Speed(*map(max, zip(best[name], speed, strict=True)))
    return best


def speed_of(loader: Iterable[Any]) -> Speed:
    """The speed of a whole pass, the start of workers included."""
    clock, cpu = time.perf_counter(), cpu_seconds()
    examples = sum(examples_in(batch) for batch in loader)
    return Speed(
        examples / (time.perf_counter() - clock), examples / max(cpu_seconds() - cpu, 1e-9)
    )


def examples_in(batch: dict[str, Any]) -> int:
    edges = batch.get("cu_seq_lens_q")
    return len(batch["input_ids"]) if edges is None else len(edges) - 1


def cpu_seconds() -> float:
    """Of this process, and of those it started that have ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def show(best: dict[str, Speed]) -> None:
    for name, row in rows_of(best):
        share = row.get("share_of_time")
        cost = "" if share is None else f"{share:+8.0%} time of its loader"
        print(f"{name:<55} {row['per_second']:>9,.0f}/s {row['per_cpu_second']:>9,.0f}/CPU s{cost}")


def rows_of(best: dict[str, Speed]) -> Iterator[tuple[str, dict[str, float]]]:
    """The rows of the table; those of wrappers with how much longer they take."""
    for name, speed in best.items():
        row = {**speed._asdict()}
        if OWN in best and "workers" not in name:
            row["share_of_time"] = best[OWN].per_cpu_second / speed.per_cpu_second - 1
        yield name, row


def write(best: dict[str, Speed], args: argparse.Namespace) -> None:
    RESULTS.mkdir(exist_ok=True)
    names = ("torch", "datasets", "transformers", "accelerate", "lightning", "torchdata", "pyarrow")
    machine = {
        "processor": platform.processor() or platform.machine(),
        "cores": usable_cores(),
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }
    day = str(np.datetime64("today"))
    rows = [{"name": name, **row} for name, row in rows_of(best)]
    content = {"day": day, "megabytes": args.megabytes, "machine": machine, "rows": rows}
    paths = (RESULTS / f"{day}-loaders-{number}.json" for number in count(1))
    path = next(path for path in paths if not path.exists())
    path.write_text(json.dumps(content, indent=2) + "\n")
    print(f"written to {path}")


if __name__ == "__main__":
    main()
