"""``bertprep prepare``: the inputs as token ids, to make shards of more than once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bertprep.corpus.files import InputFile
from bertprep.options import PrepareOptions, ReadOptions
from bertprep.report.warnings import prepared_findings
from bertprep.shards.manifest import prepare_manifest
from bertprep.shards.names import PREPARED_PLACES_STEM
from bertprep.shards.run_config import prepare_config
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.dry_run import plan_prepare
from pipelines.jobs.held_out import check_enough, check_no_older, run_of_held_out
from pipelines.jobs.raw_corpus import RawCorpus
from pipelines.jobs.run import (
    RunOptions,
    begin,
    described,
    dropped_file,
    entries,
    figures,
    run_graph,
    shuffles,
    warn_or_fail,
)
from pipelines.jobs.stages import prepare_stages
from pipelines.messages import summary
from pipelines.messages.say import show_result
from pipelines.runner import beam_run
from pipelines.steps.result import Finished

if TYPE_CHECKING:
    from pipelines.steps.report import Report


@dataclass(frozen=True)
class FinishPrepared:
    """Makes the result of a run from what its steps reported."""

    read: ReadOptions
    options: PrepareOptions
    vocabulary: Vocabulary
    inputs: Sequence[InputFile]
    folder: str
    write_drops: bool

    def __call__(self, report: Report) -> Finished:
        from pipelines.graphs.prepare import check_text

        check_text(report.sums["documents"], report.drops)
        check_enough(self.read, report.drops)
        paths = [files.join(self.folder, file.name) for file in report.prepared]
        drops = dropped_file(report, self.write_drops)
        report.prepared += entries(drops)
        manifest = prepare_manifest(self.read, self.options, self.vocabulary, self.inputs, report)
        manifest = replace(manifest, warnings=tuple(prepared_findings(manifest)))
        contents = {**described(self.vocabulary, manifest), **drops}
        return Finished(manifest, paths, contents, [found.text for found in manifest.warnings])


def run_prepare(corpus: RawCorpus, run: RunOptions, write_drops: bool) -> None:
    """Writes the inputs as token ids, for ``run_shard`` to make examples of more than once.

    Args:
        corpus: the inputs, and what is held out of them.
        run: where to, and by how many processes.
        write_drops: whether to write what is left out, too.
    """
    check_no_older(corpus.read, run)
    _run(corpus, run, write_drops)
    if held_out := corpus.held_out():
        _run(held_out, run_of_held_out(run), write_drops)


@unless_complete
def _run(corpus: RawCorpus, run: RunOptions, write_drops: bool) -> None:
    corpus.check_apart(run.output, run.work_dir)
    if run.dry_run:
        plan_prepare(corpus, run)
        return
    with run.workspace() as workspace:
        config = prepare_config(corpus.read, corpus.preparation)
        size = corpus.bytes_to_prepare + corpus.places_bytes
        # Documents wait in the work folder until all are there, to be written pool by pool.
        space = {"work files": size, "prepared documents": size}
        workers = begin(workspace, corpus, config, space, run, write_drops)
        warned = warn_or_fail(corpus.warnings(), run)
        beam_run.start_workers(run.beam_args, workers)
        from pipelines.graphs.prepare import build_graph
        from pipelines.graphs.prepared_files import PREPARED_STEM

        places = f"{PREPARED_STEM}/{PREPARED_PLACES_STEM}"
        job = corpus.job(workspace.work_dir, write_drops, shuffles(workers), places)
        splits = corpus.splits()
        finish = FinishPrepared(
            corpus.read,
            corpus.preparation,
            corpus.vocabulary,
            corpus.inputs,
            job.folder(PREPARED_STEM),
            write_drops,
        )
        manifest, _ = run_graph(
            lambda p: build_graph(p, job, splits),
            finish,
            workspace,
            prepare_stages(corpus),
            run,
            workers,
        )
    show_result(summary.describe_prepared(manifest, run.output, warned), figures(manifest))
