"""``bertprep prepare``: the inputs as token ids, to make shards of more than once."""

from __future__ import annotations

from dataclasses import replace

from bertprep.options import RunOptions
from bertprep.report.outcome import prepared_findings
from bertprep.shards.manifest import prepare_config, prepare_manifest
from pipelines.folders import files
from pipelines.folders.workspace import Workspace
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.plan import plan_prepare
from pipelines.jobs.raw import RawCorpus
from pipelines.jobs.record import record_of
from pipelines.jobs.run import (
    begin,
    described,
    dropped_file,
    entries,
    figures,
    run_graph,
    warn_or_fail,
)
from pipelines.jobs.stages import prepare_stages
from pipelines.messages import summary
from pipelines.messages.result import show_result
from pipelines.runner import runner


@unless_complete
def run_prepare(corpus: RawCorpus, run: RunOptions, write_drops: bool) -> None:
    """Writes the inputs as token ids, for ``run_shard`` to make examples of more than once."""
    corpus.check_apart(run.output, run.work_dir)
    if run.dry_run:
        plan_prepare(corpus, run)
        return
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        config = prepare_config(corpus.read, corpus.preparation)
        size = corpus.bytes_to_prepare
        # Documents wait in the work folder until all are there, to be written pool by pool.
        space = {"work files": size, "prepared documents": size}
        workers = begin(workspace, corpus, config, space, run, write_drops)
        warned = warn_or_fail(corpus.warnings(), run)
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.prepare import build_graph, check_text

        job, splits = corpus.job(workspace.work_dir, write_drops), corpus.splits()
        stages = prepare_stages(corpus)
        report = run_graph(
            lambda p: build_graph(p, job, splits), job.work_dir, stages, run, workers
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
        contents = {**described(corpus.vocabulary, manifest), **drops, **record_of(run)}
        workspace.commit(finished, contents)
    show_result(summary.describe_prepared(manifest, run.output, warned), figures(manifest))
