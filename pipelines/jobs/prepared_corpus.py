"""A corpus that was prepared before: what ``bertprep prepare`` left in a folder."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bertprep.common.digests import digest_of
from bertprep.corpus.files import InputFile
from bertprep.errors import InputError, UsageError
from bertprep.options import PrepareOptions, ReadOptions
from bertprep.shards.manifest_parsing import parse_manifest
from bertprep.shards.manifest_types import ListedFile, PreparedManifest
from bertprep.shards.names import (
    HOLDOUT_FOLDER,
    ORIGINS_FOLDER,
    PREPARED_INDEX,
    PREPARED_PLACES_STEM,
)
from bertprep.shards.versions import other_versions, versions
from bertprep.stores.schemes import is_remote
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.folders.finished_folder import (
    check_files,
    manifest_bytes,
    manifest_path,
    read_vocabulary,
)
from pipelines.folders.replaceable import PREPARED_FILE
from pipelines.folders.work_names import WORK_FOLDER
from pipelines.messages import first_lines

if TYPE_CHECKING:
    from pipelines.graphs.pools import Prepared

DROPS_NAME = "dropped.jsonl"


@dataclass(frozen=True)
class PreparedCorpus:
    """A corpus that ``bertprep prepare`` left in a folder; it is only read.

    Attributes:
        manifest: what it was made of and with; the inputs need not be there any more.
        digest: SHA-256 of manifest.json, in hexadecimal.
        vocabulary: the one it was made with.
        casing: nothing to say of it; it was said when the corpus was prepared.
    """

    folder: str
    manifest: PreparedManifest
    digest: str
    vocabulary: Vocabulary
    casing: str = ""

    @classmethod
    def open(cls, folder: str) -> PreparedCorpus:
        """Raises InputError if the folder is damaged, or its tokens could be others today."""
        if files.names_in(folder) == [WORK_FOLDER]:
            raise InputError(
                f"{folder} holds the work files of a run that did not end; give the command that "
                "writes it again, with --resume"
            )
        data = manifest_bytes(folder)
        manifest = parse_manifest(data, manifest_path(folder))
        if not isinstance(manifest, PreparedManifest):
            raise InputError(
                f"{manifest_path(folder)} is of no prepared corpus, but {folder} holds files of "
                "one; name the --output of a finished `bertprep prepare`"
            )
        _check_versions(folder, manifest)
        check_files(folder, manifest.prepared)
        vocabulary = read_vocabulary(folder, manifest.vocabulary)
        return cls(folder, manifest, digest_of(data), vocabulary)

    @property
    def inputs(self) -> Sequence[InputFile]:
        return self.manifest.inputs

    @property
    def read(self) -> ReadOptions:
        return self.manifest.read

    @property
    def preparation(self) -> PrepareOptions:
        return self.manifest.options

    @property
    def text_bytes(self) -> int:
        return self.manifest.sums["text_bytes"]

    @property
    def tokens(self) -> int:
        return self.manifest.tokens

    @property
    def documents(self) -> int:
        return self.manifest.documents

    @property
    def bytes_to_read(self) -> int:
        return 0  # of text

    @property
    def bytes_to_prepare(self) -> int:
        return 0  # that is done

    @property
    def places_bytes(self) -> int:
        return sum(table.size for table in self._tables)

    @property
    def changed(self) -> float:
        return files.size_and_time(manifest_path(self.folder))[1] or math.inf

    def identity(self) -> dict[str, Any]:
        found = versions(self.preparation.word_segmenter)
        inputs = {file.name: [file.size] for file in self.inputs}
        return {"prepared": self.digest, "inputs": inputs, "versions": found}

    def check_apart(self, output: str, work_dir: str | None) -> None:
        own = _real(self.folder)
        for flag, folder in (("--output", output), ("--work-dir", work_dir)):
            if folder and files.join(_real(folder), "").startswith(files.join(own, "")):
                raise UsageError(
                    f"{flag} {folder} lies in the prepared folder {self.folder}, which is only "
                    "read; name a folder elsewhere"
                )

    def warnings(self) -> list[str]:
        return []

    def describe(self, workers: int | None) -> str:
        return first_lines.describe_corpus(
            self.folder, self.manifest.sums, len(self.inputs), workers
        )

    def settled(self, values: Mapping[str, Any], given: Collection[str]) -> dict[str, Any]:
        """Option values, those that the preparation fixed as they were there.

        Raises:
            UsageError: if one of these that was ``given`` is another.
        """
        fixed = {**vars(self.read), **vars(self.preparation)}
        for name, before in fixed.items():
            if name in given and values[name] != before:
                raise self._contradicts(_shown(name, before), _shown(name, values[name]))
        words = self.preparation.word_segmenter
        if words != "none" and values["masking"] == "token":
            raise UsageError(
                f"{self.folder} was prepared with --word-segmenter {words}, which has no effect "
                "with --masking token; give --masking whole-word, span or none"
            )
        if values["write_drops"] and self.manifest.drops and not self._dropped:
            raise self._contradicts("no --write-drops", "--write-drops")
        return {**values, **fixed}

    def check_casing(self, lowercase: bool | None, keep_accents: bool = False) -> None:
        """Raises UsageError if the casing given is another."""
        before = self.vocabulary.lowercase
        if lowercase not in (None, before):
            raise self._contradicts(*("--uncased", "--cased")[:: 1 if before else -1])
        if keep_accents and not self.vocabulary.keeps_accents:
            raise self._contradicts("no --keep-accents", "--keep-accents")

    def check_vocabulary(self, vocabulary: Vocabulary, path: str) -> None:
        """Raises UsageError if the vocabulary given is another."""
        if vocabulary.digest != self.vocabulary.digest:
            before, now = _brief(self.vocabulary), _brief(vocabulary)
            raise self._contradicts(f"a vocabulary of {before}", f"--vocab {path} of {now}")

    def _contradicts(self, before: str, now: str) -> UsageError:
        return UsageError(
            f"{self.folder} was prepared with {before}; got {now}: leave that out, or prepare the "
            "inputs anew"
        )

    def is_single_document(self) -> bool:
        return self.manifest.documents == 1

    def held_out(self) -> PreparedCorpus | None:
        """The documents held out of it."""
        if not self.read.holdout or self.read.held_out:
            return None
        return PreparedCorpus.open(files.join(self.folder, HOLDOUT_FOLDER))

    def work_files(self) -> dict[str, bytes]:
        return {}

    def prepared(
        self, pipeline: Any, work_dir: str, write_drops: bool, shuffles: bool, origins: bool
    ) -> Prepared:
        """Adds the step that gives the documents as tokens to a graph; they are in files here."""
        from pipelines.graphs.prepared_files import load_prepared
        from pipelines.steps.report import Report

        manifest = self.manifest
        report = Report(
            Counter(manifest.sums),
            Counter(manifest.drops),
            dict(manifest.drop_samples),
            dropped=[self._dropped] if write_drops and self._dropped else [],
            repeats=dict(manifest.repeated_lines),
            unknown_words=Counter(manifest.unknown_words),
            drop_names=Counter(manifest.drop_names),
        )
        index = next(file for file in manifest.prepared if file.name == PREPARED_INDEX)
        how = self._tables if origins else (), files.join(work_dir, ORIGINS_FOLDER)
        return load_prepared(pipeline, self.folder, index.sha256, report, *how)

    @property
    def _tables(self) -> list[ListedFile]:
        """The tables of where its documents are."""
        return [f for f in self.manifest.prepared if f.name.startswith(PREPARED_PLACES_STEM)]

    @property
    def _dropped(self) -> str | None:
        """The file of what was left out, if it was written."""
        return files.join(self.folder, DROPS_NAME) if self.manifest.file(DROPS_NAME) else None


def prepared_folder(inputs: Sequence[str]) -> str | None:
    """The prepared folder that is the only INPUT; None if the INPUTs are raw.

    Raises:
        UsageError: if it is not the only one.
    """
    found = next(filter(_is_prepared, inputs), None)
    if found and len(inputs) > 1:
        others = ", ".join(path for path in inputs if path != found) or f"{found} again"
        raise UsageError(
            f"{found} holds a prepared corpus, which is to be the only INPUT; got {others} besides"
        )
    return found


def _is_prepared(path: str) -> bool:
    if is_remote(path):  # to list a folder may take long there
        try:
            return files.exists(files.join(path, PREPARED_INDEX))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    names = files.names_in(path)
    return names == [WORK_FOLDER] or any(map(PREPARED_FILE.fullmatch, names))


def _check_versions(folder: str, manifest: PreparedManifest) -> None:
    others = other_versions(manifest.versions)
    if others:
        differences = (f"{name} {before} (now {now})" for name, (before, now) in others.items())
        raise InputError(
            f"{folder} was prepared by {', '.join(differences)}, and its tokens may be others now; "
            "prepare the inputs anew, or install what made it"
        )


def _brief(vocabulary: Vocabulary) -> str:
    return f"{len(vocabulary):,} tokens (SHA-256 {vocabulary.digest[:12]}...)"


def _real(path: str) -> str:
    return path if is_remote(path) else os.path.realpath(path)


def _shown(name: str, value: Any) -> str:
    """An option as it is typed."""
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool) and value:
        return flag
    if value is None or value is False or repr(value) == "0.0":
        return f"no {flag}"
    return f"{flag} {value}"
