"""``--dry-run``: what a job would read and write, and how long it may take; nothing is written."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bertprep.common.spool import existing_folder
from bertprep.common.units import duration, size
from bertprep.corpus.files import InputFile
from bertprep.options import ReadOptions, ShardOptions, VocabOptions
from bertprep.shards.run_config import resolved
from bertprep.stores.schemes import is_remote
from pipelines.jobs.clean_start import drafts_bytes
from pipelines.jobs.corpus import Corpus
from pipelines.jobs.disk_estimate import expected_rows, shard_room
from pipelines.jobs.run import RunOptions, workers_of
from pipelines.jobs.stages import prepare_stages, shard_stages
from pipelines.messages import first_lines, option_warnings
from pipelines.messages.say import say, show_result, warn
from pipelines.messages.stages import Stage

_START_SECONDS = 5.0  # to import Beam here and in a worker, and to look at the inputs
_MOST_FILES = 20


def plan_vocab(
    inputs: Sequence[InputFile],
    read: ReadOptions,
    vocab: VocabOptions,
    run: RunOptions,
    expected: Mapping[str, Any],
) -> None:
    """Says what ``bertprep vocab`` would do.

    Args:
        inputs: the files.
        read: how they are read.
        vocab: how the vocabulary is learned.
        run: where to, and by how many processes.
        expected: estimates by name, whose ending is the unit, as ``_bytes``.
    """
    say(first_lines.describe_inputs(inputs, read, None, in_sentences=False).rpartition(";")[0])
    warn(option_warnings.input_warnings(inputs, read))
    _show(run, inputs, expected, {"vocabulary": f"{vocab.vocab_size:,} tokens"}, asdict(vocab))


def plan_prepare(corpus: Corpus, run: RunOptions) -> None:
    """Says what ``bertprep prepare`` would do."""
    workers = workers_of(corpus, run)
    _say_inputs(corpus, workers)
    drafts = drafts_bytes(corpus.read, corpus.bytes_to_read)
    needed = {
        "work_bytes": corpus.bytes_to_prepare + corpus.places_bytes + drafts,
        "output_bytes": corpus.bytes_to_prepare + corpus.places_bytes,
    }
    seconds = seconds_of(prepare_stages(corpus), workers)
    _show(run, corpus.inputs, {**_expected(corpus), **needed, "seconds": seconds}, {}, {})


def plan_shard(corpus: Corpus, options: ShardOptions, run: RunOptions) -> None:
    """Says what ``bertprep shard`` would do.

    Args:
        corpus: what is read.
        options: how rows are made of it.
        run: where to, and by how many processes.
    """
    workers = workers_of(corpus, run)
    _say_inputs(corpus, workers)
    warn(option_warnings.shard_warnings(options))
    drafts = drafts_bytes(corpus.read, corpus.bytes_to_read)
    size = corpus.tokens, corpus.documents, corpus.vocabulary
    room = shard_room(*size, options, corpus.places_bytes)
    rows = round(expected_rows(corpus.tokens, corpus.documents, options).number)
    expected = {
        **_expected(corpus),
        "rows": rows,
        "work_bytes": corpus.bytes_to_prepare + drafts + room.work,
        "output_bytes": room.output,
        "seconds": seconds_of(shard_stages(corpus, options), workers),
    }
    passes = f"{options.dupe_factor} {'pass' if options.dupe_factor == 1 else 'passes'}"
    lines = {"rows": f"about {rows:,} of {options.max_seq_length} tokens, in {passes}"}
    _show(run, corpus.inputs, expected, lines, asdict(resolved(options)))


def seconds_of(stages: Sequence[Stage], workers: int | None) -> float:
    """How long stages take on so many cores, about."""
    return _START_SECONDS + sum(stage.seconds for stage in stages) / (workers or 1)


def _say_inputs(corpus: Corpus, workers: int | None) -> None:
    say(corpus.describe(workers))
    if corpus.casing:
        say(f"reading words as {corpus.casing}")
    warn(corpus.warnings())


def _expected(corpus: Corpus) -> dict[str, int]:
    return {"documents": corpus.documents, "tokens": corpus.tokens}


def _show(
    run: RunOptions,
    inputs: Sequence[InputFile],
    expected: Mapping[str, Any],
    more: Mapping[str, str],
    options: Mapping[str, Any],
) -> None:
    counts = f"about {expected['documents']:,}, by a look at a sample"
    if tokens := expected.get("tokens"):
        counts += f"; {tokens:,} tokens"
    free = _free(run.work_dir or run.output)
    lines = [
        _line("files", f"{len(inputs):,}, {size(sum(file.size for file in inputs))}"),
        *(_line("", _file(file)) for file in inputs[:_MOST_FILES]),
        *([_line("", f"and {len(inputs) - _MOST_FILES:,} more")] * (len(inputs) > _MOST_FILES)),
        _line("documents", counts),
        *(_line(name, text) for name, text in more.items()),
        _line("disk", _disk(expected, free)),
        _line("time", f"about {duration(expected['seconds'])}"),
        _line("output", f"{run.output}: nothing was written, as --dry-run says"),
    ]
    listed = [{"name": f.name, "bytes": f.size, "format": f.format} for f in inputs]
    figures = {"dry_run": True, "output": run.output, "inputs": listed, "expected": {**expected}}
    show_result("\n".join(lines), {**figures, "free_bytes": free, "options": {**options}})


def _file(file: InputFile) -> str:
    packed = "" if file.compression == "none" else f", {file.compression}"
    return f"{file.name}: {file.format}, {size(file.size)}{packed}"


def _disk(expected: Mapping[str, Any], free: int | None) -> str:
    needs = {"work files": "work_bytes", "output": "output_bytes"}
    parts = [f"{size(expected[key])} of {what}" for what, key in needs.items() if expected.get(key)]
    said = f"about {' and '.join(parts)}" if parts else "next to nothing"
    return said if free is None else f"{said}; {size(free)} are free"


def _free(folder: str) -> int | None:
    """The free bytes of the disk that a folder is on, or will be."""
    if is_remote(folder):
        return None
    return shutil.disk_usage(existing_folder(folder)).free


def _line(name: str, text: str) -> str:
    return f"{name:<12} {text}"
