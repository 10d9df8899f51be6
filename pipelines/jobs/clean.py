"""``bertprep clean``: the inputs without copies and without what rules leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bertprep.common.digests import digest_of
from bertprep.common.drops import Drops
from bertprep.corpus.files import InputFile, text_bytes
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError, UsageError
from bertprep.options import CleanOptions, ReadOptions
from bertprep.shards.cleaned import clean_config, clean_manifest
from bertprep.shards.names import MANIFEST_NAME, TEXT_FOLDER
from pipelines.folders import files
from pipelines.folders.inputs import check_apart, find_inputs, read_unchanged
from pipelines.folders.selection import Selection
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.raw import identity, last_change
from pipelines.jobs.run import (
    RunOptions,
    dropped_file,
    entries,
    run_graph,
    warn_or_fail,
    worker_count,
)
from pipelines.jobs.stages import clean_stages
from pipelines.messages import summary
from pipelines.messages.result import show_result
from pipelines.messages.say import say
from pipelines.runner import beam_options, runner
from pipelines.steps.result import Finished

if TYPE_CHECKING:
    from pipelines.steps.report import Report

# Of text whose hashes one step holds at a time.
_BUCKET_BYTES = 64 << 20
_FEWEST_BUCKETS = 16


@unless_complete
def run_clean(
    inputs: Sequence[str],
    read: ReadOptions,
    options: CleanOptions,
    run: RunOptions,
    selection: Selection | None = None,
    write_drops: bool = False,
) -> None:
    """Writes what is left of the inputs as JSON lines.

    Raises:
        InputError: where a format is no running text, or nothing at all is left.
    """
    corpus, notes = find_inputs(inputs, read, selection)
    check_apart(corpus, inputs, run.output)
    _check_formats(corpus)
    texts = _texts_of(options.decontaminate, read)
    with run.workspace() as workspace:
        total = sum(map(text_bytes, corpus))
        workers = beam_options.local_workers(run.beam_args, run.workers, worker_count(total))
        if workers is None:
            raise UsageError("bertprep clean runs on this machine only so far; leave --runner out")
        config = {
            **clean_config(read, options),
            "write_drops": write_drops,
            "texts": digest_of("\0".join(texts).encode()),
        }
        workspace.identify({**config, **identity(corpus)}, last_change(corpus))
        space = {"work files": 2 * total, "texts": total}
        workspace.check_space(*space.values())
        described = summary.describe_inputs(corpus, read, workers, in_sentences=False)
        for note in (*notes, f"{described}; {summary.describe_space(space)}"):
            say(note)
        warned = warn_or_fail(summary.input_warnings(corpus, read), run)
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.clean import CleanJob, build_graph

        splits = plan_splits(corpus, read)
        job = CleanJob(
            read,
            options,
            texts,
            workspace.work_dir,
            max(_FEWEST_BUCKETS, total // _BUCKET_BYTES),
            len(splits),
            write_drops,
        )
        finish = FinishTexts(read, options, corpus, job.folder("texts"), write_drops)
        report, _ = run_graph(
            lambda p: build_graph(p, job, splits),
            finish,
            workspace,
            clean_stages(total),
            run,
            workers,
        )
    said = summary.describe_cleaned(report.sums, report.drops, run.output, warned)
    show_result(said, {"sums": dict(report.sums), "drops": dict(report.drops)})


@dataclass(frozen=True)
class FinishTexts:
    """Makes the result of a run from what its steps reported."""

    read: ReadOptions
    options: CleanOptions
    inputs: Sequence[InputFile]
    folder: str
    write_drops: bool

    def __call__(self, report: Report) -> Finished:
        if not report.prepared:
            left_out = ", ".join(f"{reason} {count:,}" for reason, count in report.drops.items())
            raise InputError(
                f"no document is left of {report.sums['documents']:,} ({left_out}); ask for less"
            )
        drops = dropped_file(report, self.write_drops)
        paths = [files.join(self.folder, file.name) for file in report.prepared]
        manifest = clean_manifest(self.read, self.options, self.inputs, report, entries(drops))
        contents = {**drops, MANIFEST_NAME: manifest}
        return Finished(report, paths, contents, [], below=TEXT_FOLDER)


def _check_formats(corpus: Sequence[InputFile]) -> None:
    for file in corpus:
        known = FORMATS[file.format]
        if not known.is_segmented or known.marks_unknown:
            raise InputError(
                f"{file.path} is {known.shown}, which says itself what its sentences or words are; "
                "`bertprep shard` reads it as it is, clean would lose that"
            )


def _texts_of(patterns: Sequence[str], read: ReadOptions) -> tuple[str, ...]:
    """The documents of the files that nothing is to be shared with."""
    if not patterns:
        return ()
    found, _ = find_inputs(patterns, read)
    return tuple(
        batch.text[start:end].decode("utf-8", "replace")
        for split in plan_splits(found, read)
        for batch in read_unchanged(split, read, Drops())
        for start, end in zip(batch.starts, batch.ends, strict=True)
    )
