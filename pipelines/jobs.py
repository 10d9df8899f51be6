"""The two jobs from end to end: check, plan, run the graph, commit the result."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bertprep.errors import InputError, VocabularyError
from bertprep.inputs import InputFile, plan_splits, text_bytes
from bertprep.manifest import (
    MANIFEST_NAME,
    shard_config,
    shard_manifest,
    to_json,
    versions,
    vocab_manifest,
)
from bertprep.options import ReadOptions, ShardOptions, VocabOptions
from bertprep.prepare import id_type
from bertprep.vocabulary import (
    Vocabulary,
    parse_vocab_txt,
    special_and_unused,
    tokenizer_files,
    vocab_txt,
)
from pipelines import files, runner, summary
from pipelines.progress import ProgressLine
from pipelines.workspace import Workspace, check_apart, find_inputs

if TYPE_CHECKING:
    from pipelines.report import Report

# Below this, starting worker processes takes longer than the work.
_BYTES_PER_WORKER = 4 << 20
# Prepared buckets of about this many bytes of text; the rest is joined from them.
_BUCKET_BYTES = 1 << 20
_MAX_BUCKETS = 4096


@dataclass(frozen=True)
class RunOptions:
    """How to run: on what, with how many processes, and where to."""

    output: str
    overwrite: bool = False
    resume: bool = False
    work_dir: str | None = None
    workers: int | None = None
    beam_args: Sequence[str] = field(default_factory=tuple)


def worker_count(total_bytes: int) -> int:
    """One process per core, as far as the input keeps them busy."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, total_bytes // _BYTES_PER_WORKER))


def identity(corpus: Sequence[InputFile]) -> dict[str, Any]:
    """What of the inputs and the software decides a run's bytes."""
    inputs = {file.name: [file.size, file.modified] for file in corpus}
    return {"inputs": inputs, "versions": versions()}


def shard_bytes(text: int, vocab_size: int, options: ShardOptions) -> tuple[int, int]:
    """About how many bytes the work files and the shards of ``text`` bytes of text take.

    Prose has a token in about 3 bytes of Chinese and 4.5 of English; stored, each takes its id and
    a little for where its sentence ends. The shards' rates are those measured on both.
    """
    tokens = text / 3.5
    width = id_type(vocab_size).bit_width // 8
    stored = 7.5 if options.output_format == "tfrecord" else 2.3
    shards = tokens * options.dupe_factor * stored
    return int(tokens * (width + 0.5) * (1 + options.dupe_factor)), int(shards)


def say(text: str) -> None:
    """A line for the user while a job runs."""
    print(text, file=sys.stderr, flush=True)


def run_vocab(
    inputs: Sequence[str], read: ReadOptions, vocab: VocabOptions, run: RunOptions
) -> None:
    """Learns a vocabulary from the inputs and writes it as a tokenizer folder."""
    corpus = find_inputs(inputs, read)
    check_apart(corpus, run.output)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        total = sum(map(text_bytes, corpus))
        workers = runner.local_workers(run.beam_args, run.workers, worker_count(total))
        config = {"read": asdict(read), "vocab": asdict(vocab)}
        workspace.identify({**config, **identity(corpus)})
        say(summary.describe_inputs(corpus, read, workers))
        # Beam takes a second to import: not before the inputs are known to be good.
        runner.start_workers(run.beam_args, workers)
        from pipelines.vocab import VocabJob, build_graph, read_words

        job = VocabJob(read, vocab.lowercase, workspace.work_dir)
        splits = plan_splits(corpus, read)
        report = _run_graph(
            lambda p: build_graph(p, job, splits), job.work_dir, total, run, workers
        )
        vocabulary = _learned(*read_words(report), vocab)
        manifest = vocab_manifest(read, vocab, vocabulary, corpus, report.sums, report.drops)
        contents = {**tokenizer_files(vocabulary), MANIFEST_NAME: to_json(manifest)}
        workspace.commit([], contents)
    print(summary.describe_vocab(manifest, vocab.vocab_size, run.output))


def _learned(words: Any, counts: NDArray[np.int64], options: VocabOptions) -> Vocabulary:
    from bertprep.learn import learn_vocabulary

    if not len(words):
        raise InputError("the inputs hold no text at all: no word was counted")
    head = special_and_unused(options.unused_tokens)
    wanted = options.vocab_size - len(head)
    say(f"learning {wanted:,} pieces from {len(words):,} distinct words")
    pieces = learn_vocabulary(
        words,
        counts,
        size=wanted,
        min_frequency=options.min_frequency,
        limit_alphabet=options.limit_alphabet,
        max_token_length=options.max_token_length,
    )
    return Vocabulary((*head, *pieces), options.lowercase)


def _run_graph(
    build: Callable[[Any], None], work_dir: str, total: int, run: RunOptions, workers: int | None
) -> Report:
    """Runs a graph to its end, showing how far it is, and gives what its steps reported."""
    from pipelines.report import read_report

    with ProgressLine(files.join(work_dir, "progress"), total):
        runner.run(build, run.beam_args, workers)
    return read_report(work_dir)


def run_shard(
    inputs: Sequence[str],
    vocabulary: Vocabulary,
    read: ReadOptions,
    shard: ShardOptions,
    run: RunOptions,
    write_drops: bool,
) -> None:
    """Makes training examples of the inputs and writes them as shards."""
    corpus = find_inputs(inputs, read)
    check_apart(corpus, run.output)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        total = sum(map(text_bytes, corpus))
        workers = runner.local_workers(run.beam_args, run.workers, worker_count(total))
        config = {**shard_config(read, shard), "vocabulary": vocabulary.digest}
        workspace.identify({**config, "write_drops": write_drops, **identity(corpus)})
        work_bytes, output_bytes = shard_bytes(total, len(vocabulary), shard)
        workspace.check_space(work_bytes, output_bytes)
        space = summary.describe_space(work_bytes, output_bytes)
        say(f"{summary.describe_inputs(corpus, read, workers)}; {space}")
        for warning in summary.shard_warnings(shard):
            say(f"warning: {warning}")
        runner.start_workers(run.beam_args, workers)
        from pipelines.shard import ShardJob, build_graph, check_documents

        job = ShardJob(
            read=read,
            shard=shard,
            tokens=vocabulary.tokens,
            lowercase=vocabulary.lowercase,
            buckets=int(np.clip(total // _BUCKET_BYTES, 1, _MAX_BUCKETS)),
            work_dir=workspace.work_dir,
            write_drops=write_drops,
        )
        splits = plan_splits(corpus, read)
        report = _run_graph(
            lambda p: build_graph(p, job, splits), job.work_dir, total, run, workers
        )
        check_documents(report.sums["documents"], shard, report.drops)
        manifest = shard_manifest(read, shard, vocabulary, corpus, vars(report))
        contents = {"vocab.txt": vocab_txt(vocabulary.tokens), MANIFEST_NAME: to_json(manifest)}
        if write_drops:
            contents["dropped.jsonl"] = b"".join(map(files.read_bytes, report.dropped))
        shards = [files.join(job.folder("shards"), entry["file"]) for entry in report.shards]
        workspace.commit(shards, contents)
    print(summary.describe_shards(manifest, run.output))


def load_vocabulary(path: str, lowercase: bool | None) -> Vocabulary:
    """The vocabulary of a folder (its vocab.txt and tokenizer_config.json) or of a vocab.txt.

    ``lowercase`` None means: as the folder's configuration says, else by the tokens themselves.
    """
    present = files.names_in(path)
    if present or (not files.is_remote(path) and os.path.isdir(path)):
        if "vocab.txt" not in present:
            raise VocabularyError(
                f"{path} holds no vocab.txt; --vocab takes the output of `bertprep vocab`, "
                "a folder with a vocab.txt, or that file"
            )
        if lowercase is None and "tokenizer_config.json" in present:
            lowercase = _configured_casing(files.join(path, "tokenizer_config.json"))
        path = files.join(path, "vocab.txt")
    try:
        data = files.read_bytes(path)
    except OSError as error:
        raise VocabularyError(
            f"the vocabulary {path} cannot be read: {error.strerror or error}; --vocab takes the "
            "output of `bertprep vocab`, a folder with a vocab.txt, or that file"
        ) from None
    return parse_vocab_txt(data, lowercase=lowercase, path=path)


def _configured_casing(path: str) -> bool | None:
    try:
        config = json.loads(files.read_bytes(path))
    except ValueError as error:
        raise VocabularyError(f"{path} is not JSON: {error}") from None
    casing = config.get("do_lower_case") if isinstance(config, dict) else None
    return casing if isinstance(casing, bool) else None
