"""The corpus of a job: raw files, or documents that were prepared before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bertprep.corpus.files import InputFile
from bertprep.options import ReadOptions
from bertprep.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pipelines.graphs.pools import Prepared


class Corpus(Protocol):
    """Documents, and all that decides what tokens become of them.

    Attributes:
        inputs: the files that they came from.
        read: how these are, or were, read.
        vocabulary: of the tokens.
        casing: how letters are treated, and why; empty if there is nothing to say.
        text_bytes: of the documents, about.
        tokens, documents: about how many.
        bytes_to_read: of text that this run reads.
        bytes_to_prepare: about how many the tokens take that this run makes.
        places_bytes: about how many the tables take of where its documents are.
        changed: when the latest of what is read changed, in seconds since 1970.
    """

    @property
    def inputs(self) -> Sequence[InputFile]: ...
    @property
    def read(self) -> ReadOptions: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def casing(self) -> str: ...
    @property
    def text_bytes(self) -> int: ...
    @property
    def tokens(self) -> int: ...
    @property
    def documents(self) -> int: ...
    @property
    def bytes_to_read(self) -> int: ...
    @property
    def bytes_to_prepare(self) -> int: ...
    @property
    def places_bytes(self) -> int: ...

    @property
    def changed(self) -> float: ...

    def identity(self) -> dict[str, Any]:
        """The facts of the corpus and the software that decide a run's bytes."""

    def check_apart(self, output: str, work_dir: str | None) -> None:
        """Raises BertprepError if a run would write where it reads."""

    def describe(self, workers: int | None) -> str:
        """A description of the files to be read, and by how many processes."""

    def warnings(self) -> list[str]:
        """Warnings of choices that are allowed but probably not meant."""

    def is_single_document(self) -> bool:
        """Whether there is one document only, as far as that is known before a run."""

    def held_out(self) -> Corpus | None:
        """The documents that are held out of this; None if there are none.

        Raises:
            InputError: if they are not where they should be.
        """

    def work_files(self) -> dict[str, bytes]:
        """The files of it that a run's work folder has to hold, by names."""

    def prepared(
        self, pipeline: Any, work_dir: str, write_drops: bool, shuffles: bool, origins: bool
    ) -> Prepared:
        """Adds the steps that give the documents as tokens to a graph.

        Args:
            pipeline: Beam's.
            work_dir: the work folder.
            write_drops: whether to write what is left out, too.
            shuffles: whether rows pass through Beam's shuffle, or through files.
            origins: whether it is written where the documents are.
        """
