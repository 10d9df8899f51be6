"""``bertprep prepare``: the inputs as token ids, to make shards of more than once."""

from __future__ import annotations

from dataclasses import replace

from bertprep.report.outcome import prepared_findings
from bertprep.shards.manifest import prepare_config, prepare_manifest
from pipelines.folders import files
from pipelines.folders.workspace import Workspace
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.raw import RawCorpus
from pipelines.jobs.run import (
    RunOptions,
    begin,
    described,
    dropped_file,
    entries,
    run_graph,
    shuffles,
    warn_or_fail,
)
from pipelines.messages import summary
from pipelines.messages.result import show_result
from pipelines.runner import runner


@unless_complete
def run_prepare(corpus: RawCorpus, run: RunOptions, write_drops: bool) -> None:
    """Writes the inputs as token ids, for ``run_shard`` to make examples of more than once."""
    corpus.check_apart(run.output, run.work_dir)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        config = prepare_config(corpus.read, corpus.preparation)
        size = corpus.bytes_to_prepare
        # Documents wait in the work folder until all are there, to be written pool by pool.
        space = {"work files": size, "prepared documents": size}
        workers = begin(workspace, corpus, config, space, run, write_drops)
        warned = warn_or_fail(corpus.warnings(), run)
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.prepare import build_graph, check_text

        job, splits = (
            corpus.job(workspace.work_dir, write_drops, shuffles(workers)),
            corpus.splits(),
        )
        report = run_graph(
            lambda p: build_graph(p, job, splits), job.work_dir, corpus.text_bytes, run, workers
        )
        check_text(report.sums["documents"], report.drops)
        finished = [files.join(job.prepared_folder, file.name) for file in report.prepared]
        drops = dropped_file(report, write_drops)
        report.prepared += entries(drops)
        manifest = prepare_manifest(
            corpus.read, corpus.preparation, corpus.vocabulary, corpus.inputs, report
        )
        manifest = replace(manifest, warnings=tuple(prepared_findings(manifest)))
        warn_or_fail([finding.text for finding in manifest.warnings], run)
        workspace.commit(finished, {**described(corpus.vocabulary, manifest), **drops})
    show_result(summary.describe_prepared(manifest, run.output, warned))
