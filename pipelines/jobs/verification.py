"""``bertprep verify``: holds a finished folder against its manifest, on all cores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bertprep.checks.rules import Rules
from bertprep.common.digests import vocabulary_digest
from bertprep.common.units import plural
from bertprep.errors import InputError, VerificationError, one_line
from bertprep.layouts.registry import layout_of
from bertprep.layouts.spec import SHARD_STEM
from bertprep.options import ShardOptions
from bertprep.shards.findings import Findings
from bertprep.shards.manifest_types import (
    ListedFile,
    Manifest,
    PreparedManifest,
    ShardManifest,
    VocabularyEntry,
)
from bertprep.shards.names import MANIFEST_NAME, ORIGINS_FOLDER, ROWS_FOLDER
from pipelines.folders import files
from pipelines.folders.finished_folder import companion_files, present_names, read_manifest
from pipelines.folders.replaceable import PREPARED_FILE
from pipelines.jobs.shard_checks import Shard, check_all
from pipelines.messages.progress import counted
from pipelines.messages.stages import Stage
from pipelines.steps.sizes import RUN_SIZES, RunSizes

# Of a shard, or of what is left of one.
_SHARD_NAME = re.compile(rf"(?:(?:{ROWS_FOLDER}|{ORIGINS_FOLDER})/)?{SHARD_STEM}-.+-of-.+")
_SHOWN_PROBLEMS = 40


class _Problems:
    """Shows the first problems as they come, and counts all."""

    def __init__(self, show: Callable[[str], object]) -> None:
        self._show = show
        self._shown = 0
        self.count = 0
        self.files: set[str] = set()

    def add(self, name: str, findings: Findings) -> None:
        for row, message in findings.problems:
            if self._shown < _SHOWN_PROBLEMS:
                place = name if row is None else f"{name}: row {row}"
                self._show(one_line(f"{place}: {message}"))
                self._shown += 1
        if findings.count:
            self.count += findings.count
            self.files.add(name)

    def add_one(self, name: str, message: str) -> None:
        findings = Findings()
        findings.add(message)
        self.add(name, findings)

    def end(self, folder: str) -> None:
        if not self.count:
            return
        if self.count > self._shown:
            self._show(f"... and {self.count - self._shown:,} more")
        found = f"{self.count:,} problem{'s' if self.count > 1 else ''}"
        where = f"{len(self.files):,} file{'s' if len(self.files) > 1 else ''}"
        raise VerificationError(f"{folder} is not as it was written: {found} in {where}")


def verify(folder: str, show: Callable[[str], object], sizes: RunSizes = RUN_SIZES) -> str:
    """Checks every shard of a folder, byte by byte and row by row.

    The files of a prepared corpus are checked byte by byte alone.

    Args:
        folder: with the shards, or the corpus.
        show: gets a line for each problem.
        sizes: how much of it is one process's work.

    Returns:
        What to say if there are none.

    Raises:
        InputError: if the folder has no manifest of either.
        VerificationError: if anything is wrong.
    """
    manifest = read_manifest(folder)
    if isinstance(manifest, PreparedManifest):
        return _verify_prepared(folder, manifest, _Problems(show), sizes)
    manifest = _of_shards(folder, manifest)
    options, shards = manifest.options, _shards(folder, manifest.shards)
    problems = _Problems(show)
    present = set(present_names(folder))
    rules = _rules(folder, manifest.vocabulary, options, present, problems)
    listed = {file.name for file in (*manifest.shards, *manifest.origins)}
    for name in sorted(filter(_SHARD_NAME.fullmatch, present - listed)):
        problems.add_one(name, f"no shard of this run: {MANIFEST_NAME} does not list it")
    _check_companions(folder, options, manifest.shards, present, problems)
    rows = sum(shard.rows or 0 for shard in shards)
    if manifest.rows != rows:
        counts = f"{rows:,} rows in the shards it lists, got {manifest.rows}"
        problems.add_one(MANIFEST_NAME, f"expected {counts}")
    _check_present(shards, present, rules, problems, sizes)
    beside = (*manifest.origins, *manifest.dropped)
    _check_present(_shards(folder, beside), present, None, problems, sizes)
    problems.end(folder)
    return f"{plural(len(shards), 'shard')}, {plural(rows, 'row')}: all as written"


def _verify_prepared(
    folder: str, manifest: PreparedManifest, problems: _Problems, sizes: RunSizes
) -> str:
    """Checks every file of a prepared corpus, byte by byte."""
    listed = _shards(folder, manifest.prepared)
    present = set(files.names_in(folder))
    _rules(folder, manifest.vocabulary, None, present, problems)
    for name in sorted(filter(PREPARED_FILE.fullmatch, present - {file.name for file in listed})):
        problems.add_one(name, f"no file of this run: {MANIFEST_NAME} does not list it")
    _check_present(listed, present, None, problems, sizes)
    problems.end(folder)
    return (
        f"{plural(len(listed), 'file')}, {plural(manifest.documents, 'document')}: all as written"
    )


def _check_present(
    listed: list[Shard],
    present: set[str],
    rules: Rules | None,
    problems: _Problems,
    sizes: RunSizes,
) -> None:
    for shard in listed:
        if shard.name not in present:
            problems.add_one(shard.name, f"missing, but {MANIFEST_NAME} lists it")
    found = [shard for shard in listed if shard.name in present]
    total = sum(shard.size for shard in found)
    with counted([Stage("checking", "bytes", "bytes", total, 1.0)]) as line:
        for shard, findings in check_all(found, rules, sizes):
            if findings.count:
                line.pause()
            problems.add(shard.name, findings)
            line.add("bytes", shard.size)


def _of_shards(folder: str, manifest: Manifest) -> ShardManifest:
    if not isinstance(manifest, ShardManifest):
        raise InputError(
            f"{folder} holds a vocabulary and no shards; expected the --output of a finished "
            "`bertprep shard`"
        )
    return manifest


def _shards(folder: str, listed: Iterable[ListedFile]) -> list[Shard]:
    return [
        Shard(f.name, files.join(folder, f.name), f.rows, f.size, f.sha256, f.bin) for f in listed
    ]


def _check_companions(
    folder: str,
    options: ShardOptions,
    shards: Sequence[ListedFile],
    present: set[str],
    problems: _Problems,
) -> None:
    """Checks the files beside the shards that the layout's own loader asks for."""
    reader = layout_of(options.column_layout).reader
    for name, expected in companion_files(options, shards).items():
        if name not in present:
            problems.add_one(name, f"missing, and {reader} may refuse the shards")
        elif files.read_regular(files.join(folder, name)) != expected:
            problems.add_one(name, f"expected the rows of the shards in {MANIFEST_NAME}")


def _rules(
    folder: str,
    expected: VocabularyEntry,
    options: ShardOptions | None,
    present: set[str],
    problems: _Problems,
) -> Rules | None:
    """The rules of rows; None without options, or if the vocabulary is not theirs."""
    unchecked = ", so no row can be checked, only digests" if options else ""
    name = expected.file
    if name not in present:
        problems.add_one(name, f"missing{unchecked}")
        return None
    path = files.join(folder, name)
    try:
        data = files.read_regular(path)
    except OSError as error:
        problems.add_one(name, f"cannot be read: {error.strerror or error}{unchecked}")
        return None
    found = vocabulary_digest(data, expected.lowercase, expected.settings.canonical())
    if found != expected.sha256:
        differs = f"expected the digest {expected.sha256}, got {found}"
        problems.add_one(name, f"{differs}{unchecked}")
        return None
    vocabulary = expected.vocabulary(data, path)
    return Rules(options, vocabulary) if options else None
