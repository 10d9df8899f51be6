"""The benchmark table: whole commands against ``tokenizers`` on one thread, in the same minutes.

    make bench                                    # or: python benchmarks/run.py --megabytes 100
    python benchmarks/run.py --source FILES...    # this text, all of it: real text

HF is the speed of ``Tokenizer.encode_batch`` on one thread over the same text (MB of UTF-8 a
second), given whole documents or lines, whichever is faster, measured right before and right after
each row; a row is reported as a multiple of it.  Without --source the text is Python's own
documentation, and from its half megabyte on generated; results say which text it was, and on which
processor.
Memory is the peak of what all processes of the command hold together (proportional set size,
sampled three times a second; Linux only). It has rows of its own: to look takes some 40 ms each
time, in which the processes stand still. Results go to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import corpus
import numpy as np

from bertprep.common.cores import usable_cores
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.read import read_split
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from bertprep.text.prepare import character_offsets
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.tokenizer import word_tokenizer
from bertprep.vocabulary.vocabulary import Vocabulary, parse_vocab_txt
from pipelines.folders import files
from pipelines.folders.inputs import find_inputs

SAMPLE_SECONDS = 0.3
HF_MEGABYTES = 6
RESULTS = Path(__file__).parent / "results"
# Its name, the goal in HF where there is one, and how to measure it.
Row = tuple[str, float | None, Callable[[], dict[str, float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, help="of text; all of the source, else 100")
    parser.add_argument("--large", type=int, default=0, help="also memory at so many MB")
    parser.add_argument("--source", type=Path, nargs="*", default=[])
    parser.add_argument("--only", default="", help="rows whose name holds this")
    args = parser.parse_args()
    # As installed: without it each start would compile each of our modules anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as scratch:
        if not args.source:
            args.megabytes = args.megabytes or 100
        bench = Bench(Path(scratch), args.megabytes, args.large, args.source)
        print(json.dumps(bench.text_read()), flush=True)
        rows = [row for row in bench.rows() if args.only in row[0]]
        results = [bench.measure(name, goal, row) for name, goal, row in rows]
    write_results(results, args, bench.text_read())


class Bench:
    """The corpus, the vocabulary and the rows measured on them."""

    def __init__(
        self, scratch: Path, megabytes: int | None, large: int, source: list[Path]
    ) -> None:
        self.scratch, self.large = scratch, large
        self.source = source
        self.text = scratch / "corpus"
        self.size = corpus.build(self.text, megabytes * 1_000_000 if megabytes else None, source)
        self.vocab = scratch / "vocab"
        self._command("vocab", self.text, "--output", self.vocab)
        data = (self.vocab / "vocab.txt").read_bytes()
        self.vocabulary: Vocabulary = parse_vocab_txt(data, lowercase=True)
        self.batches = self._batches(HF_MEGABYTES)

    def _batches(self, megabytes: int) -> list[DocumentBatch]:
        options = ReadOptions()
        splits = plan_splits(find_inputs([str(self.text)], options).files, options)
        batches: list[DocumentBatch] = []
        for split in splits:
            for batch in read_split(split, files.open_input, options, Drops()):
                batches.append(batch)
                if sum(len(b.text) for b in batches) > megabytes * 1e6:
                    return batches
        return batches

    def rows(self) -> list[Row]:
        shard = ("shard", self.text, "--vocab", self.vocab)
        rows: list[Row] = [
            ("shard, dupe 1, Parquet", 5.0, lambda: self._job(*shard, "--dupe-factor", 1)),
            ("shard, dupe 5, Parquet", 2.5, lambda: self._job(*shard, "--dupe-factor", 5)),
            (
                "shard, dupe 5, TFRecord",
                2.5,
                lambda: self._job(*shard, "--dupe-factor", 5, "--output-format", "tfrecord"),
            ),
            ("vocab, 30,522 pieces", 9.0, lambda: self._job("vocab", self.text)),
            ("tokenizer, one core, cold", None, lambda: self._tokenizer(warm=False)),
            ("tokenizer, one core, warm", 15.0, lambda: self._tokenizer(warm=True)),
            ("segmenter, one core", 9.0, self._segmenter),
            ("two workers against one, dupe 5", None, self._workers),
            *self._tensorflow_rows(),
            ("bertprep --help", None, lambda: self._startup("--help")),
            ("an empty-ish job", None, self._tiny_job),
        ]
        return [*rows, *self._memory_rows()]

    def _memory_rows(self) -> list[Row]:
        options = ("--vocab", self.vocab, "--dupe-factor", 5)
        rows: list[Row] = [
            ("memory, shard, dupe 5", None, lambda: self._memory("shard", self.text, *options)),
            ("memory, vocab", None, lambda: self._memory("vocab", self.text)),
        ]
        if self.large:
            rows += [
                (
                    f"memory, shard, dupe 5, {self.large} MB",
                    None,
                    lambda: self._memory("shard", self._large_corpus, *options),
                ),
                (
                    f"memory, vocab, {self.large} MB",
                    None,
                    lambda: self._memory("vocab", self._large_corpus),
                ),
            ]
        return rows

    def measure(
        self, name: str, goal: float | None, row: Callable[[], dict[str, float]]
    ) -> dict[str, Any]:
        before = self.reference()
        result = row()
        hf = (before + self.reference()) / 2
        rate = result.pop("rate", None)
        entry: dict[str, Any] = {"row": name, "hf_mb_per_second": round(hf, 2)}
        if rate is not None:
            entry |= {"mb_per_second": round(rate, 2), "times_hf": round(rate / hf, 2)}
        entry |= {"goal": goal, **{key: round(value, 2) for key, value in result.items()}}
        print(json.dumps(entry), flush=True)
        return entry

    def text_read(self) -> dict[str, Any]:
        """The kind of text: real text of a source, or how much of it was generated."""
        real = sum(len(text.encode()) for text in corpus.read_source(self.source))
        names = ", ".join(path.name for path in self.source)
        return {
            "text": names or "the prose of Python's documentation",
            "megabytes": round(self.size / 1e6, 1),
            "generated": f"{max(0.0, 1 - real / self.size):.0%}",
        }

    def reference(self) -> float:
        """HF: MB a second of ``tokenizers`` on one thread, given documents or lines."""
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        documents = [
            batch.text[start:end].decode()
            for batch in self.batches
            for start, end in zip(batch.starts, batch.ends, strict=True)
        ]
        lines = [line for text in documents for line in text.split("\n") if line]
        size = sum(len(text.encode()) for text in documents)
        return size / 1e6 / min(self._encoding_seconds(texts) for texts in (documents, lines))

    def _encoding_seconds(self, texts: list[str]) -> float:
        tokenizer = word_tokenizer(self.vocabulary)
        started = time.perf_counter()
        tokenizer.encode_batch(texts, add_special_tokens=False)
        return time.perf_counter() - started

    def _job(self, *args: object) -> dict[str, float]:
        with self._output() as output:
            seconds = self._command(*args, "--output", output)
            return {"rate": self.size / 1e6 / seconds, "seconds": seconds, **_output_size(output)}

    def _memory(self, *args: object) -> dict[str, float]:
        with self._output() as output:
            return {"peak_mb": peak_of(bertprep(*args, "--output", output)) / 1e6}

    @contextmanager
    def _output(self) -> Iterator[Path]:
        """A folder to write to, gone afterwards: writing it back would slow what follows."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            yield Path(folder) / "output"

    def _workers(self) -> dict[str, float]:
        """The best of three each, in turns: the machine has slow minutes."""
        job = ("shard", self.text, "--vocab", self.vocab, "--dupe-factor", 5)
        seconds: dict[int, float] = {}
        for workers in (1, 2) * 3:
            with self._output() as output:
                took = self._command(*job, "--workers", workers, "--output", output)
            seconds[workers] = min(took, seconds.get(workers, took))
        return {
            "one_worker_seconds": seconds[1],
            "two_workers_seconds": seconds[2],
            "times_one_worker": seconds[1] / seconds[2],
        }

    @cached_property
    def _large_corpus(self) -> Path:
        text = self.scratch / "large"
        corpus.build(text, self.large * 1_000_000, self.source)
        return text

    def _tiny_job(self) -> dict[str, float]:
        text = self.scratch / "tiny.txt"
        text.write_text("One document here. It ends.\n\nAnother document. It ends too.\n")
        with self._output() as output:
            return self._startup("shard", text, "--vocab", self.vocab, "--output", output)

    def _tensorflow_rows(self) -> list[Row]:
        """bertprep.tensorflow at 128 tokens and batches of 256; None masks nothing, as all is."""
        if find_spec("tensorflow") is None:
            print("no rows for TensorFlow, which is not here (pip install 'bertprep[tensorflow]')")
            return []
        return [
            (
                f"tf.data, {masking or 'static'} masks",
                None,
                lambda masking=masking: self._tf(masking),
            )
            for masking in (None, "token", "whole-word", "span")
        ]

    def _tf(self, masking: Any) -> dict[str, float]:
        from bertprep.tensorflow import dataset

        folder = self._shards_to_load(masking)
        batches = iter(dataset(folder, batch_size=256, masking=masking, pad_to=128, epochs=2))
        list(zip(range(20), batches, strict=False))
        started = time.perf_counter()
        examples = sum(int(batch["input_ids"].shape[0]) for batch in batches)
        return {"examples_per_second": examples / (time.perf_counter() - started)}

    def _shards_to_load(self, masking: Any) -> Path:
        folder = self.scratch / ("unmasked" if masking else "masked")
        if not folder.exists():
            stored = ("--masking", "none" if masking else "token", "--dupe-factor", 1)
            job = ("shard", self.text, "--vocab", self.vocab, "--output", folder)
            self._command(*job, *stored)
        return folder

    def _startup(self, *args: object) -> dict[str, float]:
        bare = seconds_of([sys.executable, "-c", "pass"])
        return {"seconds_over_bare_python": self._command(*args) - bare}

    def _command(self, *args: object) -> float:
        return seconds_of(bertprep(*args))

    def _tokenizer(self, warm: bool) -> dict[str, float]:
        tokenizer = BatchTokenizer(self.vocabulary)
        sentences = [self._sentences(batch) for batch in self.batches]
        for _ in range(2 if warm else 1):
            started = time.perf_counter()
            for batch, (starts, ends) in zip(self.batches, sentences, strict=True):
                tokenizer(batch.text, starts, ends)
            seconds = time.perf_counter() - started
        return {"rate": sum(len(batch.text) for batch in self.batches) / 1e6 / seconds}

    def _sentences(self, batch: DocumentBatch) -> Any:
        return character_offsets(batch.text, *Segmenter()(batch.text.decode()))

    def _segmenter(self) -> dict[str, float]:
        segmenter = Segmenter()
        texts = [batch.text.decode() for batch in self.batches]
        segmenter(texts[0])
        started = time.perf_counter()
        for text in texts:
            segmenter(text)
        seconds = time.perf_counter() - started
        return {"rate": sum(len(batch.text) for batch in self.batches) / 1e6 / seconds}


def bertprep(*args: object) -> list[str]:
    """The command line of the command."""
    return [sys.executable, "-m", "pipelines.cli", *map(str, args)]


def _output_size(folder: Path) -> dict[str, float]:
    """The bytes of shards, in all and by token; nothing of a vocabulary."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    if "shards" not in manifest:
        return {}
    size = sum(shard["bytes"] for shard in manifest["shards"])
    return {
        "output_mb": size / 1e6,
        "bytes_a_token": size / manifest["sums"]["tokens_in_rows"],
    }


def seconds_of(command: list[str]) -> float:
    """Runs a command to its end; raises if it fails."""
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr)
    return seconds


def peak_of(command: list[str]) -> int:
    """The most bytes that a command and all its processes held."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(_proportional_size, _process_tree(process.pid))))
            time.sleep(SAMPLE_SECONDS)
        if process.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode())
    return peak


def _process_tree(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children = Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            found += [process for child in children for process in _process_tree(int(child))]
    except OSError:
        pass
    return found


def _proportional_size(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _processor() -> str:
    """The name of the processor, as Linux knows it."""
    try:
        names = re.findall(r"(?m)^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text())
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def write_results(
    results: list[dict[str, Any]], args: argparse.Namespace, text: dict[str, Any]
) -> None:
    RESULTS.mkdir(exist_ok=True)
    machine = {
        "processor": _processor(),
        "cores": usable_cores(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "pyarrow", "tokenizers", "apache-beam")},
    }
    day = np.datetime64("today")
    content = {"day": str(day), **text, "machine": machine, "rows": results}
    rows = "".join(f"-{word}" for word in re.findall(r"\w+", args.only))
    stem = f"{day}-{round(text['megabytes'])}MB{rows}"
    path = next(p for n in count(1) if not (p := RESULTS / f"{stem}-{n}.json").exists())
    path.write_text(json.dumps(content, indent=2) + "\n")
    print(f"written to {path}")


if __name__ == "__main__":
    main()
