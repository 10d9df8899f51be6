"""``bertprep shard``: training examples of a corpus, raw or prepared."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bertprep.corpus.files import InputFile
from bertprep.errors import InputError
from bertprep.layouts.registry import layout_of
from bertprep.options import ReadOptions, ShardOptions
from bertprep.report.row_warnings import shard_findings
from bertprep.shards.manifest import shard_manifest
from bertprep.shards.names import ROWS_FOLDER
from bertprep.shards.run_config import shard_config
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.folders.enough_documents import ONE_DOCUMENT
from pipelines.folders.finished_folder import companion_files, in_rows_folder
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.corpus import Corpus
from pipelines.jobs.disk_estimate import shard_room
from pipelines.jobs.dry_run import plan_shard
from pipelines.jobs.held_out import (
    check_enough,
    check_no_older,
    options_of_held_out,
    run_of_held_out,
)
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
from pipelines.jobs.stages import shard_stages
from pipelines.messages import option_warnings, summary
from pipelines.messages.say import show_result
from pipelines.runner import beam_run
from pipelines.steps.result import Finished

if TYPE_CHECKING:
    from bertprep.shards.manifest_types import ShardManifest
    from pipelines.folders.workspace import Workspace
    from pipelines.graphs.pools import Prepared
    from pipelines.steps.report import Report


@dataclass(frozen=True)
class FinishShards:
    """Makes the result of a run from what its steps reported."""

    read: ReadOptions
    options: ShardOptions
    vocabulary: Vocabulary
    inputs: Sequence[InputFile]
    folder: str
    write_drops: bool

    def __call__(self, report: Report) -> Finished:
        from pipelines.graphs.shard import check_documents

        check_documents(report.sums["documents"], self.options, report.drops)
        check_enough(self.read, report.drops, self.options.task)
        paths = [files.join(self.folder, file.name) for file in report.shards]
        work_dir = posixpath.dirname(self.folder)
        paths += [files.join(work_dir, file.name) for file in report.origins]
        report = replace(report, shards=[in_rows_folder(file) for file in report.shards])
        drops = dropped_file(report, self.write_drops)
        manifest = shard_manifest(
            self.read, self.options, self.vocabulary, self.inputs, report, entries(drops)
        )
        manifest = replace(manifest, warnings=tuple(shard_findings(manifest)))
        contents = {**described(self.vocabulary, manifest), **drops}
        contents |= companion_files(self.options, manifest.shards)
        warnings = [found.text for found in manifest.warnings]
        return Finished(manifest, paths, contents, warnings, below=ROWS_FOLDER)


def run_shard(corpus: Corpus, shard: ShardOptions, run: RunOptions, write_drops: bool) -> None:
    """Makes training examples of the corpus, and of what is held out of it, and writes them.

    Args:
        corpus: what is read.
        shard: how rows are made of it.
        run: where to, and by how many processes.
        write_drops: whether to write what is left out, too.
    """
    check_no_older(corpus.read, run)
    held_out = corpus.held_out()
    _run(corpus, shard, run, write_drops)
    if held_out:
        _run(held_out, options_of_held_out(shard), run_of_held_out(run), write_drops)


@unless_complete
def _run(corpus: Corpus, shard: ShardOptions, run: RunOptions, write_drops: bool) -> None:
    layout_of(shard.column_layout).check_vocabulary(corpus.vocabulary)
    corpus.check_apart(run.output, run.work_dir)
    if run.dry_run:
        plan_shard(corpus, shard, run)
        return
    with run.workspace() as workspace:
        config = shard_config(corpus.read, shard)
        size = corpus.tokens, corpus.documents, corpus.vocabulary
        room = shard_room(*size, shard, corpus.places_bytes)
        space = {"work files": corpus.bytes_to_prepare + room.work, "shards": room.output}
        workers = begin(workspace, corpus, config, space, run, write_drops)
        warned = warn_or_fail([*corpus.warnings(), *option_warnings.shard_warnings(shard)], run)
        if shard.task == "nsp" and corpus.is_single_document():
            raise InputError(ONE_DOCUMENT)
        beam_run.start_workers(run.beam_args, workers)
        manifest = _made(corpus, shard, run, write_drops, workspace, workers)
    show_result(summary.describe_shards(manifest, run.output, warned), figures(manifest))


def _made(
    corpus: Corpus,
    shard: ShardOptions,
    run: RunOptions,
    write_drops: bool,
    workspace: Workspace,
    workers: int | None,
) -> ShardManifest:
    """The manifest of the shards that the graph writes."""
    from pipelines.graphs.shard import ShardJob, build_graph

    vocabulary, work_dir = corpus.vocabulary, workspace.work_dir
    job = ShardJob(
        lowercase=vocabulary.lowercase,
        settings=vocabulary.settings,
        work_dir=work_dir,
        shard=shard,
        shuffles=shuffles(workers),
        sizes=run.sizes,
    )

    def prepared(pipeline: Any) -> Prepared:
        return corpus.prepared(pipeline, work_dir, write_drops, job.shuffles, shard.origins)

    folder = job.folder("shards")
    finish = FinishShards(corpus.read, shard, vocabulary, corpus.inputs, folder, write_drops)
    stages = shard_stages(corpus, shard)
    manifest: ShardManifest = run_graph(
        lambda p: build_graph(p, job, prepared), finish, workspace, stages, run, workers
    ).manifest
    return manifest
