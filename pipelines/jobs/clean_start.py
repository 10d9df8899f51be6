"""The start of cleaning: inputs that can be cleaned, test texts, a job for the workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bertprep.cleaning.mending import mended
from bertprep.cleaning.rules import Rules
from bertprep.common.digests import digest_of
from bertprep.common.drops import Drops
from bertprep.corpus.compression import text_bytes
from bertprep.corpus.files import InputFile, Split
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import CleanOptions, ReadOptions
from pipelines.folders import files
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs
from pipelines.folders.work_names import TEST_TEXTS_NAME

if TYPE_CHECKING:
    from pipelines.graphs.job import CleanJob

# Of text whose hashes one step holds at a time.
_BUCKET_BYTES = 64 << 20
_FEWEST_BUCKETS = 16


def begin_cleaning(
    inputs: Sequence[InputFile], read: ReadOptions, options: CleanOptions | None
) -> bytes:
    """Checks that the inputs can be cleaned as asked.

    Args:
        inputs: the files.
        read: how they are read, and the texts, too.
        options: what to leave out of them; None for nothing.

    Returns:
        The texts that no document may share words with, as the work folder holds them.

    Raises:
        InputError: where a format is no running text.
        UsageError: for an option that cannot be followed.
    """
    if options is None:
        return b""
    Rules(options)
    mended("", options)
    for file in inputs:
        known = FORMATS[file.format]
        if not known.is_segmented or known.marks_unknown:
            raise InputError(
                f"{file.path} is {known.shown}, which says itself what its sentences or words are; "
                "`bertprep shard` without cleaning reads it as it is, clean would lose that; "
                f"--input-format {file.rows or 'text'} has it cleaned all the same"
            )
    return "\0".join(_texts_of(options.decontaminate, read)).encode("utf-8", "replace")


def texts_file(data: bytes) -> dict[str, bytes]:
    """The file in the work folder that holds the texts of ``begin_cleaning``, if there are any."""
    return {TEST_TEXTS_NAME: data} if data else {}


def write_texts(data: bytes, work_dir: str) -> None:
    """Writes that file where the workers look for it."""
    for name, content in texts_file(data).items():
        files.write_bytes(files.join(work_dir, name), content)


def cleaning_identity(data: bytes) -> dict[str, str]:
    """The facts of these texts that decide a run's bytes."""
    return {"texts": digest_of(data)} if data else {}


def clean_job(
    inputs: Sequence[InputFile],
    splits: Sequence[Split],
    read: ReadOptions,
    options: CleanOptions,
    work_dir: str,
    write_drops: bool = False,
) -> CleanJob:
    """The job for workers that clean these inputs.

    Args:
        inputs: the files.
        splits: of these.
        read: how they are read.
        options: what to leave out of them.
        work_dir: the work folder.
        write_drops: whether to write what is left out, too.
    """
    from pipelines.graphs.job import CleanJob

    buckets = max(_FEWEST_BUCKETS, sum(map(text_bytes, inputs)) // _BUCKET_BYTES)
    return CleanJob(read, options, work_dir, buckets, len(splits), write_drops)


def drafts_bytes(read: ReadOptions, text_bytes: int) -> int:
    """The bytes that drafts and hashes take in the work folder, about."""
    return 2 * text_bytes if read.clean and read.clean.compares else 0


def _texts_of(patterns: Sequence[str], read: ReadOptions) -> list[str]:
    """The documents of the files that nothing is to be shared with."""
    if not patterns:
        return []
    found, _ = find_inputs(patterns, read)
    return [
        batch.text[start:end].decode("utf-8", "replace").replace("\0", " ")
        for split in plan_splits(found, read)
        for batch in read_unchanged(split, read, Drops())
        for start, end in zip(batch.starts, batch.ends, strict=True)
    ]
