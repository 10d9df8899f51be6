"""The raw files of a run, and all that decides what tokens become of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bertprep.corpus.compression import text_bytes
from bertprep.corpus.files import InputFile
from bertprep.corpus.mixture import is_mixture, passes_of
from bertprep.corpus.splits import Splits, plan_splits
from bertprep.errors import UsageError
from bertprep.options import PrepareOptions, ReadOptions
from bertprep.shards.names import ORIGINS_FOLDER, PLACES_STEM
from bertprep.shards.versions import versions
from bertprep.text.casing_trial import token_counter
from bertprep.text.thai import load_thai
from bertprep.text.word_segmenters import load_segmenter
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders.corpus_contents import Contents, contents_of
from pipelines.folders.enough_documents import is_single_document
from pipelines.folders.input_sampler import Sampler
from pipelines.folders.inputs import find_inputs
from pipelines.folders.overlap import check_apart
from pipelines.folders.selection import Selection
from pipelines.folders.whole_files import describe_whole_files
from pipelines.folders.work_names import EXCLUDED_NAME
from pipelines.jobs.casing_check import casing_warnings, sample_text
from pipelines.jobs.clean_start import begin_cleaning, clean_job, cleaning_identity, texts_file
from pipelines.jobs.disk_estimate import places_bytes, prepared_bytes
from pipelines.messages import first_lines, option_warnings
from pipelines.steps.sizes import RUN_SIZES, RunSizes

if TYPE_CHECKING:
    from bertprep.vocabulary.configuration import Found
    from pipelines.graphs.job import PrepareJob
    from pipelines.graphs.pools import Prepared

# Prose has a token in about 3 bytes of Chinese and 4.5 of English.
_BYTES_PER_TOKEN = 3.5


def last_change(corpus: Sequence[InputFile]) -> float:
    """When the latest of the inputs changed, in seconds since 1970; infinite if nobody says."""
    return max((file.modified or math.inf for file in corpus), default=math.inf)


def identity(
    corpus: Sequence[InputFile], word_segmenter: str = "none", sentences: str = "rules"
) -> dict[str, Any]:
    """The facts of the inputs and the software that decide a run's bytes.

    Args:
        corpus: the files.
        word_segmenter: as for ``--word-segmenter``: whose version counts.
        sentences: as for ``--sentences``, in the same way.
    """
    inputs = {file.name: [file.size, file.modified] for file in corpus}
    return {"inputs": inputs, "versions": versions(word_segmenter, sentences)}


def check_segmenter(vocabulary: Vocabulary, preparation: PrepareOptions) -> None:
    """Raises UsageError if the words that a segmenter finds would not be known in the tokens."""
    if vocabulary.settings.whole:
        raise UsageError(
            f"--word-segmenter {preparation.word_segmenter} is for vocabularies of BERT's kind: in "
            "others ideographs are not tokens of their own, and words are their tokenizer.json's"
        )


def mixed_bytes(corpus: Sequence[InputFile], read: ReadOptions) -> float:
    """About how many bytes of text there are, each as often as its input is taken in a mixture."""
    sizes: Counter[str] = Counter()
    for file in corpus:
        sizes[file.input] += text_bytes(file)
    if not is_mixture(read):
        return sizes.total()
    passes = passes_of({name: max(1, size) for name, size in sizes.items()}, read)
    return sum(size * passes[name] for name, size in sizes.items())


@dataclass(frozen=True)
class RawCorpus:
    """Files to read, and all that decides what tokens become of them.

    Attributes:
        inputs, patterns: the files, and the INPUTs that name them.
        read, preparation, vocabulary: how they become tokens.
        contents: how much there is in the files, about.
        casing: how letters are treated, and why.
        notes: what is to be said of the choice of the files.
        doubts: what is to be warned of in how the vocabulary reads their text.
        excluded: the list of the documents to leave out, as it is in a file.
        texts: that no document may share words with, in the same way.
        sizes: how the files are cut, and their documents spread over steps.
    """

    inputs: Sequence[InputFile]
    patterns: Sequence[str]
    read: ReadOptions
    preparation: PrepareOptions
    vocabulary: Vocabulary
    contents: Contents
    casing: str = ""
    notes: Sequence[str] = ()
    doubts: Sequence[str] = ()
    excluded: bytes = b""
    texts: bytes = b""
    sizes: RunSizes = RUN_SIZES

    @classmethod
    def find(
        cls,
        patterns: Sequence[str],
        read: ReadOptions,
        preparation: PrepareOptions,
        found: Found,
        selection: Selection | None = None,
        excluded: bytes = b"",
    ) -> RawCorpus:
        """The files that the INPUTs name.

        Args:
            patterns: the INPUTs.
            read: how they are read.
            preparation: how they become tokens.
            found: the vocabulary of these, and how its casing is known.
            selection: which of the files below folders are taken; None for all.
            excluded: the bytes of the list of documents to leave out.

        Raises:
            InputError: as ``find_inputs``.
            VocabularyError: if their text contradicts what was taken for the vocabulary's casing.
            UsageError: if the segmenter of words or of Thai cannot be used.
        """
        if preparation.word_segmenter != "none":
            check_segmenter(found.vocabulary, preparation)
            load_segmenter(preparation.word_segmenter)  # before any work is done
        if read.sentences == "thai":
            load_thai()
        inputs, notes = find_inputs(patterns, read, selection)
        notes = [*notes, *filter(None, [describe_whole_files(inputs, read)])]
        texts = begin_cleaning(inputs, read, read.clean)
        splits, sampler = plan_splits(inputs, read), Sampler(read)
        doubts = [*found.notes, *casing_warnings(found, sample_text(splits, sampler))]
        contents = contents_of(splits, sampler, token_counter(found.vocabulary))
        how = read, preparation, found.vocabulary, contents, found.casing
        return cls(inputs, patterns, *how, notes, doubts, excluded, texts)

    @cached_property
    def text_bytes(self) -> int:
        return sum(map(text_bytes, self.inputs))

    @property
    def bytes_to_read(self) -> int:
        return self.text_bytes

    @property
    def bytes_to_prepare(self) -> int:
        """The bytes that the tokens will take, about."""
        return prepared_bytes(self.tokens, len(self.vocabulary))

    @property
    def places_bytes(self) -> int:
        """About how many the tables of the documents' places will take."""
        return places_bytes(self.documents, len(self.splits()))

    @property
    def tokens(self) -> int:
        """About how many, by a look at some."""
        tokens = self.contents.tokens or int(self.contents.text_bytes / _BYTES_PER_TOKEN)
        return int(tokens * self._times * self._share)

    @property
    def documents(self) -> int:
        """About how many, by a look at some."""
        return max(1, int(self.contents.documents * self._times * self._share))

    @property
    def _planned_tokens(self) -> int:
        """As many as there may be: work is cut by what files say of themselves, not by a look."""
        return int(self.text_bytes * self._times * self._share / _BYTES_PER_TOKEN)

    @cached_property
    def _times(self) -> float:
        """How often a document is taken, on average."""
        return mixed_bytes(self.inputs, self.read) / max(1, self.text_bytes)

    @property
    def _share(self) -> float:
        """Of the documents, that which is taken."""
        return self.read.holdout if self.read.held_out else 1 - self.read.holdout

    @property
    def changed(self) -> float:
        return last_change(self.inputs)

    def identity(self) -> dict[str, Any]:
        known = identity(self.inputs, self.preparation.word_segmenter, self.read.sentences)
        return {**known, **cleaning_identity(self.texts)}

    def check_apart(self, output: str, work_dir: str | None) -> None:
        check_apart(self.inputs, self.patterns, output)

    def describe(self, workers: int | None) -> str:
        found = first_lines.describe_inputs(self.inputs, self.read, workers)
        side = [f"now the documents held out, {self.read.holdout:g} of all"]
        return "\n".join([*self.notes, *(side if self.read.held_out else []), found])

    def warnings(self) -> list[str]:
        return [*option_warnings.input_warnings(self.inputs, self.read), *self.doubts]

    def job(self, work_dir: str, write_drops: bool, shuffles: bool, places: str) -> PrepareJob:
        """The job for workers that read these files.

        Args:
            work_dir: the work folder.
            write_drops: whether to write what is left out, too.
            shuffles: whether rows pass through Beam's shuffle, or through files.
            places: as in ``PrepareJob``.
        """
        from pipelines.graphs.job import PrepareJob
        from pipelines.graphs.pools import bucket_count, tally_ranges

        clean = None
        if self.read.clean:
            of = self.inputs, self.splits(), self.read, self.read.clean
            clean = clean_job(*of, work_dir, write_drops)
        return PrepareJob(
            lowercase=self.vocabulary.lowercase,
            settings=self.vocabulary.settings,
            work_dir=work_dir,
            read=self.read,
            options=self.preparation,
            buckets=bucket_count(self._planned_tokens, self.sizes),
            ranges=tally_ranges(self._planned_tokens, self.sizes),
            shuffles=shuffles,
            write_drops=write_drops,
            places=places,
            clean=clean,
            sizes=self.sizes,
        )

    def splits(self) -> Splits:
        return self._splits

    @cached_property
    def _splits(self) -> Splits:
        return plan_splits(self.inputs, self.read, self.sizes.read)

    def held_out(self) -> RawCorpus | None:
        """The documents of the inputs that are held out of it."""
        if not self.read.holdout or self.read.held_out:
            return None
        return replace(self, read=replace(self.read, held_out=True), notes=(), doubts=())

    def work_files(self) -> dict[str, bytes]:
        excluded = {EXCLUDED_NAME: self.excluded} if self.excluded else {}
        return {**excluded, **texts_file(self.texts)}

    def is_single_document(self) -> bool:
        return is_single_document(self.splits(), self.read)

    def prepared(
        self, pipeline: Any, work_dir: str, write_drops: bool, shuffles: bool, origins: bool
    ) -> Prepared:
        """Adds the steps that give the documents as tokens to a graph."""
        from pipelines.graphs.prepare import prepare

        places = f"{ORIGINS_FOLDER}/{PLACES_STEM}" if origins else ""
        return prepare(pipeline, self.job(work_dir, write_drops, shuffles, places), self.splits())
