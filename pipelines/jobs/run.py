"""The steps of every job: say what a run is, start processes, run the graph, note the output."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bertprep import options
from bertprep.common.cores import usable_cores
from bertprep.common.units import size
from bertprep.errors import BertprepError, UsageError
from bertprep.shards.manifest_types import ListedFile, Manifest
from bertprep.shards.manifest_writing import to_json
from bertprep.shards.names import MANIFEST_NAME
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.folders.detached_job import PROGRESS_FOLDER
from pipelines.folders.finished_folder import listed_content, read_result
from pipelines.folders.run_json import record_now
from pipelines.folders.workspace import Workspace
from pipelines.jobs.clean_start import drafts_bytes
from pipelines.jobs.complete import LeftRunning
from pipelines.jobs.corpus import Corpus
from pipelines.jobs.prepared_corpus import DROPS_NAME
from pipelines.messages import first_lines
from pipelines.messages.progress import ProgressLine
from pipelines.messages.say import say, tell, warn
from pipelines.messages.stages import Stage
from pipelines.runner import beam_options, beam_run, remote
from pipelines.steps.result import Finish, Recorded
from pipelines.steps.sizes import RUN_SIZES, RunSizes
from pipelines.steps.strict import refuse_warnings

if TYPE_CHECKING:
    from pipelines.steps.report import Report

# Below this, starting worker processes takes longer than the work.
_BYTES_PER_WORKER = 4 << 20


@dataclass(frozen=True)
class RunOptions(options.RunOptions):
    """How to run: on what, with how many processes, and where to.

    Attributes:
        sizes: how much work is one step's, and how much of it is held at once.
    """

    sizes: RunSizes = RUN_SIZES

    @property
    def is_remote(self) -> bool:
        """Whether another runner than this machine's does the work, and may outlive the command."""
        return bool(self.beam_args) and beam_options.is_remote(self.beam_args)

    @property
    def is_left(self) -> bool:
        """Whether the job is left to itself once it is handed over, or written as a template."""
        return not self.wait or bool(beam_options.template_of(beam_options.parse(self.beam_args)))

    def workspace(self) -> Workspace:
        """The workspace to run in.

        Raises:
            UsageError: if a run that cannot go on without the command is to.
        """
        if not self.wait and not self.is_remote:
            raise UsageError(
                "--no-wait leaves a job to another --runner, and this one runs in the command; "
                "leave it out"
            )
        return Workspace(
            self.output, self.overwrite, self.resume, self.work_dir, outlived=self.is_remote
        )


class Ended(NamedTuple):
    """The outcome of a run: its manifest, and the findings that its summary is to warn of."""

    manifest: Any
    doubts: Sequence[str]


def worker_count(total_bytes: int) -> int:
    """One process per core, as far as the input keeps them busy."""
    return max(1, min(usable_cores(), total_bytes // _BYTES_PER_WORKER))


def shuffles(workers: int | None) -> bool:
    """Whether rows pass through the engine's own shuffle, as on every runner but the local one.

    ``workers`` are processes of this machine; None for another runner's.
    """
    return workers is None


def workers_of(corpus: Corpus, run: RunOptions) -> int | None:
    """How many processes work on this machine; None where another runner does the work."""
    return beam_options.local_workers(run.beam_args, run.workers, worker_count(corpus.text_bytes))


def figures(manifest: Manifest) -> dict[str, Any]:
    """A manifest as JSON has it."""
    found: dict[str, Any] = json.loads(to_json(manifest))
    return found


def begin(
    workspace: Workspace,
    corpus: Corpus,
    config: dict[str, Any],
    space: dict[str, int],
    run: RunOptions,
    write_drops: bool,
) -> int | None:
    """Checks that a run can be done in its workspace and says what it is; how many processes.

    Args:
        workspace: of the run, locked.
        corpus: what is read.
        config: what is asked for, as a manifest has it.
        space: bytes by what takes them: "work files" first, then the output.
        run: by how many processes.
        write_drops: whether to write what is left out, too.
    """
    workers = workers_of(corpus, run)
    config = {**config, "vocabulary": corpus.vocabulary.digest, "write_drops": write_drops}
    workspace.identify({**config, **corpus.identity()}, corpus.changed)
    drafts = drafts_bytes(corpus.read, corpus.bytes_to_read)
    space = {**space, "work files": space["work files"] + drafts}
    workspace.check_space(*space.values())
    vocabulary = corpus.vocabulary
    path = files.join(workspace.work_dir, vocabulary.file_name)
    files.write_bytes(path, vocabulary.file_bytes)
    for name, content in corpus.work_files().items():
        files.write_bytes(files.join(workspace.work_dir, name), content)
    say(f"{corpus.describe(workers)}; {first_lines.describe_space(space)}")
    for file in corpus.inputs:
        tell(f"  {file.name}: {file.format}, {size(file.size)}")
    if corpus.casing:
        say(f"reading words as {corpus.casing}")
    return workers


def warn_or_fail(texts: Sequence[str], run: RunOptions) -> list[str]:
    """Warns the user of what is allowed but probably not meant; gives the texts back.

    Raises:
        InputError: where there are any, and the run is to be strict.
    """
    warn(texts)
    refuse_warnings(texts, run.strict, run.output, told=True)
    return list(texts)


def run_graph(
    build: Callable[[Any], Any],
    finish: Finish,
    workspace: Workspace,
    stages: Sequence[Stage],
    run: RunOptions,
    workers: int | None,
) -> Ended:
    """Runs a graph to its end, showing how far it is; the result is in the output folder then.

    Args:
        build: adds the steps of the graph; gives the collection with the path of the report.
        finish: makes the result of what the steps reported.
        workspace: of the run, which is identified.
        stages: of the graph.
        run: its options.
        workers: processes on this machine; None where another runner does the work.

    Raises:
        LeftRunning: if the job goes on without the command, as asked.
    """
    finish = Recorded(finish, record_now(run.command))
    if workers is None:
        return _run_elsewhere(build, finish, workspace, stages, run)
    from pipelines.steps.report import read_report

    with _progress(workspace, stages):
        beam_run.run(build, run.beam_args, workers, workspace.work_dir)
    finished = finish(read_report(workspace.work_dir))
    warn_or_fail(finished.warnings, run)
    workspace.commit(finished.files, finished.contents, finished.below)
    return Ended(finished.manifest, finished.doubts)


def _run_elsewhere(
    build: Callable[[Any], Any],
    finish: Finish,
    workspace: Workspace,
    stages: Sequence[Stage],
    run: RunOptions,
) -> Ended:
    """The same where the command may be gone before the job is: the graph itself commits."""
    from apache_beam import ParDo

    from pipelines.steps.commit_step import CommitRun

    commit = CommitRun(workspace.commit_place, finish, run.strict, run.is_left)

    def build_all(pipeline: Any) -> None:
        build(pipeline) | "Commit" >> ParDo(commit)

    work_dir = workspace.work_dir

    def began() -> bool:
        return bool(files.names_in(files.join(work_dir, PROGRESS_FOLDER)))

    taken: list[Any] = []

    def counts() -> dict[str, int]:
        return remote.counts(taken[0]) if taken else {}

    with _progress(workspace, stages, counts):
        job = beam_run.run_elsewhere(
            build_all, run.beam_args, work_dir, not run.is_left, began, taken.append
        )
    if job is not None:
        workspace.detach(job._asdict())
        raise LeftRunning(job.describe())
    outcome = workspace.outcome()
    if outcome is None:
        raise BertprepError(
            f"the job ended, and nothing says that it wrote {run.output}; its runner's log may"
        )
    warn(outcome["warnings"])
    return Ended(read_result(run.output), outcome["doubts"])


def _progress(
    workspace: Workspace,
    stages: Sequence[Stage],
    counts: Callable[[], Mapping[str, int]] = dict,
) -> ProgressLine:
    return ProgressLine(files.join(workspace.work_dir, PROGRESS_FOLDER), stages, counts)


def described(vocabulary: Vocabulary, manifest: Manifest) -> dict[str, bytes]:
    """The files that say what the others are."""
    return {vocabulary.file_name: vocabulary.file_bytes, MANIFEST_NAME: to_json(manifest)}


def dropped_file(report: Report, asked_for: bool) -> dict[str, bytes]:
    """The file of what was left out, by name, if the user wants it."""
    return {DROPS_NAME: b"".join(map(files.read_bytes, report.dropped))} if asked_for else {}


def entries(contents: dict[str, bytes]) -> list[ListedFile]:
    """The entries in a manifest for files of these contents."""
    return [listed_content(name, content) for name, content in contents.items()]
