"""``bertprep clean``: the inputs without copies and without what rules leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bertprep.corpus.compression import text_bytes
from bertprep.corpus.files import InputFile
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import CleanOptions, ReadOptions
from bertprep.shards.cleaned import clean_config, clean_manifest, parse_cleaned
from bertprep.shards.names import MANIFEST_NAME, TEXT_FOLDER
from pipelines.folders import files
from pipelines.folders.inputs import find_inputs
from pipelines.folders.overlap import check_apart
from pipelines.folders.selection import Selection
from pipelines.jobs.clean_start import begin_cleaning, clean_job, cleaning_identity, write_texts
from pipelines.jobs.complete import unless_complete
from pipelines.jobs.raw_corpus import identity, last_change
from pipelines.jobs.run import (
    RunOptions,
    dropped_file,
    entries,
    run_graph,
    warn_or_fail,
    worker_count,
)
from pipelines.jobs.stages import clean_stages
from pipelines.messages import first_lines, option_warnings, summary
from pipelines.messages.say import say, show_result
from pipelines.runner import beam_options, beam_run
from pipelines.steps.result import Finished

if TYPE_CHECKING:
    from pipelines.steps.report import Report


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

    Args:
        inputs: the INPUTs.
        read: how they are read.
        options: what to leave out of them.
        run: where to, and by how many processes.
        selection: which of the files below folders are taken; None for all.
        write_drops: whether to write what is left out, too.

    Raises:
        InputError: where a format is no running text, or nothing at all is left.
    """
    corpus, notes = find_inputs(inputs, read, selection)
    check_apart(corpus, inputs, run.output)
    texts = begin_cleaning(corpus, read, options)
    with run.workspace() as workspace:
        total = sum(map(text_bytes, corpus))
        workers = beam_options.local_workers(run.beam_args, run.workers, worker_count(total))
        config = {**clean_config(read, options), "write_drops": write_drops}
        known = {**identity(corpus), **cleaning_identity(texts)}
        workspace.identify({**config, **known}, last_change(corpus))
        write_texts(texts, workspace.work_dir)
        space = {"work files": 2 * total, "texts": total}
        workspace.check_space(*space.values())
        described = first_lines.describe_inputs(corpus, read, workers, in_sentences=False)
        for note in (*notes, f"{described}; {first_lines.describe_space(space)}"):
            say(note)
        warned = warn_or_fail(option_warnings.input_warnings(corpus, read), run)
        beam_run.start_workers(run.beam_args, workers)
        from pipelines.graphs.clean import build_graph

        splits = plan_splits(corpus, read)
        job = clean_job(corpus, splits, read, options, workspace.work_dir, write_drops)
        finish = FinishTexts(read, options, corpus, job.folder("texts"), write_drops)
        cleaned, _ = run_graph(
            lambda p: build_graph(p, job, splits),
            finish,
            workspace,
            clean_stages(total),
            run,
            workers,
        )
    show_result(summary.describe_cleaned(cleaned, run.output, warned), cleaned._asdict())


@dataclass(frozen=True)
class FinishTexts:
    """Makes the result of a run from what its steps reported.

    Raises:
        InputError: if nothing is left of the inputs.
    """

    read: ReadOptions
    options: CleanOptions
    inputs: Sequence[InputFile]
    folder: str
    write_drops: bool

    def __call__(self, report: Report) -> Finished:
        if not report.prepared:
            left_out = ", ".join(f"{reason} {count:,}" for reason, count in report.drops.items())
            read = report.sums["sifted_documents"]
            raise InputError(f"no document is left of {read:,} ({left_out}); ask for less")
        drops = dropped_file(report, self.write_drops)
        paths = [files.join(self.folder, file.name) for file in report.prepared]
        manifest = clean_manifest(self.read, self.options, self.inputs, report, entries(drops))
        contents = {**drops, MANIFEST_NAME: manifest}
        return Finished(parse_cleaned(manifest), paths, contents, [], below=TEXT_FOLDER)
