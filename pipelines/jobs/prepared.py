"""A corpus that was prepared before: what ``bertprep prepare`` left in a folder."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bertprep.common.drops import Samples, read_samples
from bertprep.corpus.inputs import InputFile
from bertprep.errors import InputError, UsageError
from bertprep.options import PrepareOptions, ReadOptions
from bertprep.shards.manifest import listed_inputs, other_versions, to_json, versions
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.folders.finished import check_files, read_vocabulary, taking_apart
from pipelines.folders.workspace import INDEX_NAME, PREPARED_FILE, WORK_FOLDER, read_manifest
from pipelines.messages import summary

if TYPE_CHECKING:
    from pipelines.graphs.prepare import Prepared

DROPS_NAME = "dropped.jsonl"


@dataclass(frozen=True)
class PreparedCorpus:
    """What ``bertprep prepare`` left in a folder; it is only read.

    Attributes:
        digest: SHA-256 of its manifest, in hexadecimal.
        index_digest: that of its index.
        dropped: the file of what was left out, if it was written.
        inputs: the files it was made of, which need not be there any more.
        read, preparation, vocabulary: what it was made with.
        sums, drops, drop_samples, unknown_words: what was counted and left out.
        bytes_to_read, bytes_to_prepare: none; a raw corpus has some.
    """

    folder: str
    digest: str
    index_digest: str
    dropped: str | None
    inputs: Sequence[InputFile]
    read: ReadOptions
    preparation: PrepareOptions
    vocabulary: Vocabulary
    sums: Counter[str]
    drops: Counter[str]
    drop_samples: Samples
    unknown_words: Counter[str]
    bytes_to_read: int = 0
    bytes_to_prepare: int = 0

    @classmethod
    def open(cls, folder: str) -> PreparedCorpus:
        """Raises InputError if the folder is damaged, or its tokens could be others today."""
        if files.names_in(folder) == [WORK_FOLDER]:
            raise InputError(
                f"{folder} holds the work files of a run that did not end; give the command that "
                "writes it again, with --resume"
            )
        manifest = read_manifest(folder)
        with taking_apart(folder):
            _check_versions(folder, manifest)
            check_files(folder, manifest["prepared"])
            digests = {entry["file"]: entry["sha256"] for entry in manifest["prepared"]}
            return cls(
                folder=folder,
                digest=hashlib.sha256(to_json(manifest)).hexdigest(),
                index_digest=digests[INDEX_NAME],
                dropped=files.join(folder, DROPS_NAME) if DROPS_NAME in digests else None,
                inputs=listed_inputs(manifest),
                read=ReadOptions(**manifest["config"]["read"]),
                preparation=PrepareOptions(**manifest["config"]["prepare"]),
                vocabulary=read_vocabulary(folder, manifest["vocabulary"]),
                sums=Counter(manifest["sums"]),
                drops=Counter(manifest["drops"]),
                drop_samples=read_samples(manifest["drop_samples"]),
                unknown_words=Counter(manifest.get("unknown_words", {})),
            )

    @property
    def text_bytes(self) -> int:
        return self.sums["text_bytes"]

    @property
    def tokens(self) -> int:
        return self.sums["tokens"]

    def identity(self) -> dict[str, Any]:
        found = versions(self.preparation.word_segmenter)
        return {"prepared": self.digest, "versions": found}

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
        return summary.describe_corpus(self.folder, self.sums, len(self.inputs), workers)

    def settled(self, values: Mapping[str, Any], given: Collection[str]) -> dict[str, Any]:
        """Option values, those that the preparation fixed as they were there.

        Raises:
            UsageError: if one of these that was ``given`` is another.
        """
        fixed = {**asdict(self.read), **asdict(self.preparation)}
        for name, before in fixed.items():
            if name in given and values[name] != before:
                raise self._contradicts(_shown(name, before), _shown(name, values[name]))
        words = self.preparation.word_segmenter
        if words != "none" and values["masking"] == "token":
            raise UsageError(
                f"{self.folder} was prepared with --word-segmenter {words}, which has no effect "
                "with --masking token; give --masking whole-word, span or none"
            )
        if values["write_drops"] and self.drops and not self.dropped:
            raise self._contradicts("no --write-drops", "--write-drops")
        return {**values, **fixed}

    def check_casing(self, lowercase: bool | None) -> None:
        """Raises UsageError if the casing given is another."""
        before = self.vocabulary.lowercase
        if lowercase not in (None, before):
            raise self._contradicts(*("--uncased", "--cased")[:: 1 if before else -1])

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

    def prepared(self, pipeline: Any, work_dir: str, write_drops: bool) -> Prepared:
        """Adds the step that gives the documents as tokens to a graph."""
        from pipelines.graphs.prepare import load_prepared
        from pipelines.steps.report import Report

        dropped = [self.dropped] if write_drops and self.dropped else []
        report = Report(
            self.sums,
            self.drops,
            self.drop_samples,
            dropped=dropped,
            unknown_words=self.unknown_words,
        )
        return load_prepared(pipeline, self.folder, self.index_digest, report)


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
    if files.is_remote(path):  # to list a folder may take long there
        return files.exists(files.join(path, INDEX_NAME))
    names = files.names_in(path)
    return names == [WORK_FOLDER] or any(map(PREPARED_FILE.fullmatch, names))


def _check_versions(folder: str, manifest: Mapping[str, Any]) -> None:
    others = other_versions(manifest)
    if others:
        differences = (f"{name} {before} (now {now})" for name, (before, now) in others.items())
        raise InputError(
            f"{folder} was prepared by {', '.join(differences)}, and its tokens may be others now; "
            "prepare the inputs anew, or install what made it"
        )


def _brief(vocabulary: Vocabulary) -> str:
    return f"{len(vocabulary):,} tokens (SHA-256 {vocabulary.digest[:12]}...)"


def _real(path: str) -> str:
    return path if files.is_remote(path) else os.path.realpath(path)


def _shown(name: str, value: Any) -> str:
    """An option as it is typed."""
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return flag if value else f"no {flag}"
    return f"{flag} {value}"
