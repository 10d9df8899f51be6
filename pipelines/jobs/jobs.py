"""The jobs from end to end: check, plan, run the graph, commit the result."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bertprep.corpus.inputs import plan_splits, text_bytes
from bertprep.errors import InputError, VocabularyError
from bertprep.layouts.lddl import NUM_SAMPLES_NAME, num_samples_json
from bertprep.options import ReadOptions, ShardOptions, VocabOptions
from bertprep.report.outcome import Finding, as_json, prepared_findings, shard_findings
from bertprep.shards.manifest import (
    MANIFEST_NAME,
    prepare_config,
    prepare_manifest,
    shard_config,
    shard_manifest,
    to_json,
    vocab_manifest,
)
from bertprep.vocabulary.vocabulary import (
    Vocabulary,
    parse_vocab_txt,
    special_and_unused,
    tokenizer_files,
    vocab_txt,
)
from pipelines.folders import files
from pipelines.folders.finished import file_entry
from pipelines.folders.inputs import check_apart, find_inputs
from pipelines.folders.workspace import VOCABULARY_NAME, Workspace
from pipelines.jobs.prepared import DROPS_NAME, PreparedCorpus
from pipelines.jobs.raw import RawCorpus, identity, prepared_bytes
from pipelines.messages import summary
from pipelines.messages.progress import ProgressLine
from pipelines.runner import runner

if TYPE_CHECKING:
    from pipelines.steps.report import Report

Corpus = RawCorpus | PreparedCorpus

# Below this, starting worker processes takes longer than the work.
_BYTES_PER_WORKER = 4 << 20


@dataclass(frozen=True)
class RunOptions:
    """How to run: on what, with how many processes, and where to."""

    output: str
    overwrite: bool = False
    resume: bool = False
    work_dir: str | None = None
    workers: int | None = None
    strict: bool = False
    beam_args: Sequence[str] = field(default_factory=tuple)


def worker_count(total_bytes: int) -> int:
    """One process per core, as far as the input keeps them busy."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, total_bytes // _BYTES_PER_WORKER))


def shard_bytes(tokens: int, vocab_size: int, options: ShardOptions) -> tuple[int, int]:
    """About how many bytes the examples of so many tokens take as work files, and as shards.

    The shards' rates are those measured on Chinese and English prose.
    """
    examples = tokens * options.dupe_factor
    return prepared_bytes(examples, vocab_size), int(examples * _stored_bytes(options))


def _stored_bytes(options: ShardOptions) -> float:
    """How many bytes a token takes in a shard."""
    if options.output_format == "parquet":
        return 2.9 if options.layout == "lddl" and options.masking != "none" else 2.3
    if options.pack:  # with labels, as a -100 has ten bytes, or without
        return 9.0 if options.masking == "none" else 17.0
    return 4.3 if options.layout == "bert4keras" else 7.5


def say(text: str) -> None:
    """A line for the user while a job runs."""
    print(text, file=sys.stderr, flush=True)


def warn(texts: Sequence[str], run: RunOptions) -> list[str]:
    """Lines for the user of what is allowed but probably not meant; gives them back.

    Raises:
        InputError: where there are any, and the run is to be strict.
    """
    for text in texts:
        say(f"warning: {text}")
    if texts and run.strict:
        what = "the warning above is an error" if len(texts) == 1 else "warnings are errors"
        raise InputError(f"with --strict, {what}; nothing was written to {run.output}")
    return list(texts)


def run_vocab(
    inputs: Sequence[str], read: ReadOptions, vocab: VocabOptions, run: RunOptions
) -> None:
    """Learns a vocabulary from the inputs and writes it as a tokenizer folder."""
    corpus = find_inputs(inputs, read)
    check_apart(corpus, inputs, run.output)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        total = sum(map(text_bytes, corpus))
        workers = runner.local_workers(run.beam_args, run.workers, worker_count(total))
        config = {"read": asdict(read), "vocab": asdict(vocab)}
        workspace.identify({**config, **identity(corpus)})
        say(summary.describe_inputs(corpus, read, workers, in_sentences=False))
        warn(summary.input_warnings(corpus, read), run)
        # Beam takes a second to import: not before the inputs are known to be good.
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.vocab import VocabJob, build_graph, read_words

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
    from bertprep.learning.learn import learn_vocabulary

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
    from pipelines.steps.report import read_report

    with ProgressLine(files.join(work_dir, "progress"), total):
        runner.run(build, run.beam_args, workers)
    return read_report(work_dir)


def run_prepare(corpus: RawCorpus, run: RunOptions, write_drops: bool) -> None:
    """Writes the inputs as token ids, for ``run_shard`` to make examples of more than once."""
    corpus.check_apart(run.output, run.work_dir)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        config = prepare_config(corpus.read, corpus.preparation)
        size = corpus.bytes_to_prepare
        # What is finished moves from the work folder to the output, which takes a second disk's
        # room only where there is one.
        space = {"work files": size if run.work_dir else 0, "prepared documents": size}
        workers = _begin(workspace, corpus, config, space, run, write_drops)
        warned = warn(corpus.warnings(), run)
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.prepare import build_graph, check_text

        job, splits = corpus.job(workspace.work_dir, write_drops), corpus.splits()
        report = _run_graph(
            lambda p: build_graph(p, job, splits), job.work_dir, corpus.text_bytes, run, workers
        )
        check_text(report.sums["documents"], report.drops)
        finished = [files.join(job.prepared_folder, entry["file"]) for entry in report.prepared]
        drops = _dropped(report, write_drops)
        report.prepared += _entries(drops)
        manifest = prepare_manifest(
            corpus.read, corpus.preparation, corpus.vocabulary, corpus.inputs, vars(report)
        )
        _judge(prepared_findings(manifest), manifest, run)
        workspace.commit(finished, {**_described(corpus.vocabulary, manifest), **drops})
    print(summary.describe_prepared(manifest, run.output, warned))


def run_shard(corpus: Corpus, shard: ShardOptions, run: RunOptions, write_drops: bool) -> None:
    """Makes training examples of the corpus and writes them as shards."""
    corpus.check_apart(run.output, run.work_dir)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        config = shard_config(corpus.read, shard)
        examples, shards = shard_bytes(corpus.tokens, len(corpus.vocabulary), shard)
        space = {"work files": corpus.bytes_to_prepare + examples, "shards": shards}
        workers = _begin(workspace, corpus, config, space, run, write_drops)
        warned = warn([*corpus.warnings(), *summary.shard_warnings(shard)], run)
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.shard import ShardJob, build_graph, check_documents

        vocabulary, work_dir = corpus.vocabulary, workspace.work_dir
        job = ShardJob(lowercase=vocabulary.lowercase, work_dir=work_dir, shard=shard)
        report = _run_graph(
            lambda p: build_graph(p, job, lambda p: corpus.prepared(p, work_dir, write_drops)),
            work_dir,
            corpus.bytes_to_read,
            run,
            workers,
        )
        check_documents(report.sums["documents"], shard, report.drops)
        drops = _dropped(report, write_drops)
        manifest = shard_manifest(
            corpus.read, shard, vocabulary, corpus.inputs, vars(report), _entries(drops)
        )
        _judge(shard_findings(manifest), manifest, run)
        finished = [files.join(job.folder("shards"), entry["file"]) for entry in report.shards]
        contents = {**_described(vocabulary, manifest), **drops}
        if shard.column_layout == "lddl":
            rows = {entry["file"]: entry["rows"] for entry in report.shards}
            contents[NUM_SAMPLES_NAME] = num_samples_json(rows)
        workspace.commit(finished, contents)
    print(summary.describe_shards(manifest, run.output, warned))


def _judge(findings: list[Finding], manifest: dict[str, Any], run: RunOptions) -> None:
    """Warns of what is out of bounds, and notes it in the manifest; raises as ``warn``."""
    warn([finding.text for finding in findings], run)
    manifest["warnings"] = as_json(findings)


def _begin(
    workspace: Workspace,
    corpus: Corpus,
    config: dict[str, Any],
    space: dict[str, int],
    run: RunOptions,
    write_drops: bool,
) -> int | None:
    """Checks that a run can be done in its workspace and says what it is; how many processes."""
    workers = runner.local_workers(run.beam_args, run.workers, worker_count(corpus.text_bytes))
    config = {**config, "vocabulary": corpus.vocabulary.digest, "write_drops": write_drops}
    workspace.identify({**config, **corpus.identity()})
    workspace.check_space(*space.values())
    vocabulary = files.join(workspace.work_dir, VOCABULARY_NAME)
    files.write_bytes(vocabulary, vocab_txt(corpus.vocabulary.tokens))
    say(f"{corpus.describe(workers)}; {summary.describe_space(space)}")
    return workers


def _described(vocabulary: Vocabulary, manifest: dict[str, Any]) -> dict[str, bytes]:
    """The files that say what the others are."""
    return {VOCABULARY_NAME: vocab_txt(vocabulary.tokens), MANIFEST_NAME: to_json(manifest)}


def _dropped(report: Report, asked_for: bool) -> dict[str, bytes]:
    return {DROPS_NAME: b"".join(map(files.read_bytes, report.dropped))} if asked_for else {}


def _entries(contents: dict[str, bytes]) -> list[dict[str, Any]]:
    """What a manifest says of files of these contents."""
    return [
        file_entry(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    ]


def load_vocabulary(path: str, lowercase: bool | None) -> Vocabulary:
    """The vocabulary of a folder (its vocab.txt and tokenizer_config.json) or of a vocab.txt.

    ``lowercase`` None means: as the folder's configuration says, else by the tokens themselves.
    """
    present = files.names_in(path)
    if present or (not files.is_remote(path) and os.path.isdir(path)):
        if VOCABULARY_NAME not in present:
            raise VocabularyError(
                f"{path} holds no vocab.txt; --vocab takes the output of `bertprep vocab`, "
                "a folder with a vocab.txt, or that file"
            )
        if lowercase is None and "tokenizer_config.json" in present:
            lowercase = _configured_casing(files.join(path, "tokenizer_config.json"))
        path = files.join(path, VOCABULARY_NAME)
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
