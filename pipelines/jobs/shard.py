"""``bertprep shard``: training examples of a corpus, raw or prepared."""

from __future__ import annotations

from dataclasses import replace

from bertprep.errors import InputError, UsageError
from bertprep.layouts.registry import layout_of
from bertprep.options import ShardOptions
from bertprep.report.outcome import shard_findings
from bertprep.shards.manifest import shard_config, shard_manifest
from bertprep.shards.manifest_types import ROWS_FOLDER
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.folders.finished import companion_files, in_rows_folder
from pipelines.folders.second_document import ONE_DOCUMENT
from pipelines.folders.workspace import Workspace
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.corpus import Corpus
from pipelines.jobs.room import shard_room
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


def check_layout(vocabulary: Vocabulary, options: ShardOptions) -> None:
    """Raises UsageError if the layout cannot hold one of the vocabulary's tokens."""
    added = [vocabulary.tokens[token.id] for token in vocabulary.settings.searched]
    spaced = [token for token in added if len(token.split()) > 1]
    if options.column_layout == "lddl" and spaced:
        raise UsageError(
            f"--layout lddl parts tokens by spaces, and the added token {spaced[0]!r} of the "
            "vocabulary holds one; use another layout"
        )


@unless_complete
def run_shard(corpus: Corpus, shard: ShardOptions, run: RunOptions, write_drops: bool) -> None:
    """Makes training examples of the corpus and writes them as shards."""
    check_layout(corpus.vocabulary, shard)
    corpus.check_apart(run.output, run.work_dir)
    with Workspace(run.output, run.overwrite, run.resume, run.work_dir) as workspace:
        config = shard_config(corpus.read, shard)
        room = shard_room(corpus.tokens, corpus.documents, corpus.vocabulary, shard)
        space = {"work files": corpus.bytes_to_prepare + room.work, "shards": room.output}
        workers = begin(workspace, corpus, config, space, run, write_drops)
        warned = warn_or_fail([*corpus.warnings(), *summary.shard_warnings(shard)], run)
        if shard.task == "nsp" and corpus.is_single_document():
            raise InputError(ONE_DOCUMENT)
        runner.start_workers(run.beam_args, workers)
        from pipelines.graphs.shard import ShardJob, build_graph, check_documents

        vocabulary, work_dir = corpus.vocabulary, workspace.work_dir
        job = ShardJob(
            lowercase=vocabulary.lowercase,
            settings=vocabulary.settings,
            work_dir=work_dir,
            shard=shard,
            shuffles=shuffles(workers),
        )
        report = run_graph(
            lambda p: build_graph(
                p, job, lambda p: corpus.prepared(p, work_dir, write_drops, job.shuffles)
            ),
            work_dir,
            corpus.bytes_to_read,
            run,
            workers,
        )
        check_documents(report.sums["documents"], shard, report.drops)
        finished = [files.join(job.folder("shards"), file.name) for file in report.shards]
        report = replace(report, shards=[in_rows_folder(file) for file in report.shards])
        drops = dropped_file(report, write_drops)
        manifest = shard_manifest(
            corpus.read, shard, vocabulary, corpus.inputs, report, entries(drops)
        )
        manifest = replace(manifest, warnings=tuple(shard_findings(manifest)))
        warn_or_fail([finding.text for finding in manifest.warnings], run)
        contents = {**described(vocabulary, manifest), **drops}
        contents |= companion_files(layout_of(shard.column_layout), manifest.shards)
        workspace.commit(finished, contents, ROWS_FOLDER)
    show_result(summary.describe_shards(manifest, run.output, warned))
