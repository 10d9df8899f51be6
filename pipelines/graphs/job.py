"""The jobs of the graphs, as their workers need to know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bertprep.cleaning.clean import Sifter
from bertprep.corpus.holdout import parse_identities
from bertprep.options import CleanOptions, PrepareOptions, ReadOptions
from bertprep.text.range_counts import RANGES
from bertprep.vocabulary.reading_settings import PLAIN, Settings
from bertprep.vocabulary.vocabulary import Vocabulary, vocabulary_file
from bertprep.vocabulary.whole_tokenizer import parse_stored
from pipelines.folders import files
from pipelines.folders.work_names import EXCLUDED_NAME, TEST_TEXTS_NAME
from pipelines.steps.document_places import table_name
from pipelines.steps.dropped_file import DroppedFile
from pipelines.steps.exchange import Exchange, FileExchange, ShuffleExchange
from pipelines.steps.sizes import RUN_SIZES, RunSizes


@lru_cache(maxsize=1)
def _parsed(data: bytes, lowercase: bool, settings: Settings, path: str) -> Vocabulary:
    """The vocabulary, which all steps of a process share."""
    return parse_stored(data, lowercase=lowercase, settings=settings, path=path)


@dataclass(frozen=True, kw_only=True)
class Job:
    """All that workers know of any job: where its work files are, and how its rows pass.

    ``shuffles`` says whether rows pass through Beam's shuffle, or through files.
    """

    lowercase: bool
    work_dir: str
    shuffles: bool = False
    sizes: RunSizes = RUN_SIZES

    @cached_property
    def exchange(self) -> Exchange:
        """How rows pass from this stage to the next."""
        if self.shuffles:
            return ShuffleExchange(self.work_dir, self.sizes.packet_bytes)
        return FileExchange(self.work_dir)

    def folder(self, name: str) -> str:
        return files.join(self.work_dir, name)


@dataclass(frozen=True, kw_only=True)
class TokensJob(Job):
    """A job with a vocabulary, which is a file in the work folder."""

    settings: Settings = PLAIN

    @cached_property
    def vocabulary(self) -> Vocabulary:
        path = self.folder(vocabulary_file(self.settings))
        return _parsed(files.read_bytes(path), self.lowercase, self.settings, path)


@dataclass(frozen=True)
class CleanJob:
    """All that a worker needs to know to clean.

    Attributes:
        buckets: sets of hashes that are looked at together.
        splits: how many there are.
    """

    read: ReadOptions
    options: CleanOptions
    work_dir: str
    buckets: int
    splits: int
    write_drops: bool = False

    def folder(self, name: str) -> str:
        return files.join(self.work_dir, name)

    def draft(self, number: int) -> str:
        return files.join(self.folder("drafts"), f"{number:06}.arrow")

    def dropped(self, step: str, number: int) -> DroppedFile:
        path = files.join(self.folder("dropped"), f"{step}-{number:06}.jsonl")
        return DroppedFile(path, self.write_drops)

    def sifter(self) -> Sifter:
        """Makes a sifter, with the texts that no document may share words with."""
        texts: Sequence[str] = ()
        if self.options.decontaminate:
            data = files.read_bytes(self.folder(TEST_TEXTS_NAME))
            texts = data.decode("utf-8").split("\0")
        return Sifter(self.options, texts)


@dataclass(frozen=True, kw_only=True)
class PrepareJob(TokensJob):
    """All that a worker needs to know to prepare.

    ``places`` is what the names of the tables of the documents' places begin with, from the work
    folder; "" for none.
    """

    read: ReadOptions
    options: PrepareOptions
    buckets: int
    ranges: int = RANGES
    write_drops: bool = False
    places: str = ""
    clean: CleanJob | None = None

    @cached_property
    def excluded(self) -> frozenset[str]:
        """The identities of the documents to leave out."""
        if not self.read.excluded:
            return frozenset()
        path = self.folder(EXCLUDED_NAME)
        return parse_identities(files.read_bytes(path).decode("utf-8"), path)

    def places_path(self, number: int) -> str:
        """That of the table of a split; "" for none."""
        return self.folder(table_name(self.places, number)) if self.places else ""
