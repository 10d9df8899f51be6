"""The share of the documents that is held out: a run of its own, into a folder below the output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bertprep.errors import InputError, OutputError, UsageError
from bertprep.options import ReadOptions, ShardOptions
from bertprep.shards.names import HOLDOUT_FOLDER, MANIFEST_NAME
from pipelines.folders import files
from pipelines.jobs.run import RunOptions


def run_of_held_out(run: RunOptions) -> RunOptions:
    """How to run for the documents that are held out of a run."""
    work_dir = files.join(run.work_dir, HOLDOUT_FOLDER) if run.work_dir else None
    return replace(run, output=files.join(run.output, HOLDOUT_FOLDER), work_dir=work_dir)


def options_of_held_out(options: ShardOptions) -> ShardOptions:
    """The options of their examples: the same, in as many shards as their number asks for."""
    return replace(options, num_shards=None)


def check_no_older(read: ReadOptions, run: RunOptions) -> None:
    """Raises OutputError if an earlier run's held-out documents would stay beside others' shards.

    Some of them would then be among what is trained on.
    """
    folder = files.join(run.output, HOLDOUT_FOLDER)
    if not read.holdout and MANIFEST_NAME in files.names_in(folder):
        raise OutputError(
            f"{folder} holds what an earlier run held out; give --holdout as that did, remove that "
            "folder, or name another --output"
        )


def check_enough(read: ReadOptions, drops: Mapping[str, int], task: str | None = None) -> None:
    """Raises InputError if too few documents were held out for a run of their own.

    Args:
        read: what share is held out.
        drops: of the run of all others.
        task: of the examples; None where none are made.
    """
    if not read.holdout or read.held_out:
        return
    least, found = 2 if task == "nsp" else 1, drops.get("held_out", 0)
    if found < least:
        raise InputError(
            f"--holdout {read.holdout:g} holds out {found} of the documents; it needs {least}: "
            "give a larger share"
        )


def check_prepared(given: Sequence[str], folder: str) -> None:
    """Raises UsageError if documents are to be left out of a prepared corpus, by what is given."""
    if given:
        raise UsageError(
            f"{folder} holds a prepared corpus, of which nothing can be left out: prepare the "
            f"inputs anew with {' and '.join(given)}"
        )
