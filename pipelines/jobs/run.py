"""What all jobs do: say what a run is, start its processes, run its graph, note what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bertprep.common.cores import usable_cores
from bertprep.errors import InputError
from bertprep.shards.manifest import MANIFEST_NAME, to_json
from bertprep.shards.manifest_types import ListedFile, Manifest
from bertprep.vocabulary.vocabulary import Vocabulary, vocab_txt
from pipelines.folders import files
from pipelines.folders.finished import listed_content
from pipelines.folders.workspace import VOCABULARY_NAME, Workspace
from pipelines.jobs.corpus import Corpus
from pipelines.jobs.prepared import DROPS_NAME
from pipelines.messages import summary
from pipelines.messages.progress import ProgressLine
from pipelines.messages.say import say, warn
from pipelines.runner import beam_options, runner

if TYPE_CHECKING:
    from pipelines.steps.report import Report

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
    return max(1, min(usable_cores(), total_bytes // _BYTES_PER_WORKER))


def shuffles(workers: int | None) -> bool:
    """Whether rows pass through the engine's own shuffle, as on every runner but the local one.

    ``workers`` are processes of this machine; None for another runner's.
    """
    return workers is None


def begin(
    workspace: Workspace,
    corpus: Corpus,
    config: dict[str, Any],
    space: dict[str, int],
    run: RunOptions,
    write_drops: bool,
) -> int | None:
    """Checks that a run can be done in its workspace and says what it is; how many processes."""
    workers = beam_options.local_workers(
        run.beam_args, run.workers, worker_count(corpus.text_bytes)
    )
    config = {**config, "vocabulary": corpus.vocabulary.digest, "write_drops": write_drops}
    workspace.identify({**config, **corpus.identity()}, corpus.changed)
    workspace.check_space(*space.values())
    vocabulary = files.join(workspace.work_dir, VOCABULARY_NAME)
    files.write_bytes(vocabulary, vocab_txt(corpus.vocabulary.tokens))
    say(f"{corpus.describe(workers)}; {summary.describe_space(space)}")
    if corpus.casing:
        say(f"reading words as {corpus.casing}")
    return workers


def warn_or_fail(texts: Sequence[str], run: RunOptions) -> list[str]:
    """Warns the user of what is allowed but probably not meant; gives the texts back.

    Raises:
        InputError: where there are any, and the run is to be strict.
    """
    warn(texts)
    if texts and run.strict:
        what = "the warning above is an error" if len(texts) == 1 else "warnings are errors"
        raise InputError(f"with --strict, {what}; nothing was written to {run.output}")
    return list(texts)


def run_graph(
    build: Callable[[Any], None], work_dir: str, total: int, run: RunOptions, workers: int | None
) -> Report:
    """Runs a graph to its end, showing how far it is, and gives what its steps reported."""
    from pipelines.steps.report import read_report

    with ProgressLine(files.join(work_dir, "progress"), total):
        runner.run(build, run.beam_args, workers, work_dir)
    return read_report(work_dir)


def described(vocabulary: Vocabulary, manifest: Manifest) -> dict[str, bytes]:
    """The files that say what the others are."""
    return {VOCABULARY_NAME: vocab_txt(vocabulary.tokens), MANIFEST_NAME: to_json(manifest)}


def dropped_file(report: Report, asked_for: bool) -> dict[str, bytes]:
    return {DROPS_NAME: b"".join(map(files.read_bytes, report.dropped))} if asked_for else {}


def entries(contents: dict[str, bytes]) -> list[ListedFile]:
    """What a manifest says of files of these contents."""
    return [listed_content(name, content) for name, content in contents.items()]
