"""The contents of a manifest, as objects: of a vocabulary, of a prepared corpus, of shards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bertprep.common.drops import DropSample
from bertprep.corpus.files import InputFile
from bertprep.options import PrepareOptions, ReadOptions, ShardOptions, VocabOptions
from bertprep.vocabulary.reading_settings import PLAIN, Settings
from bertprep.vocabulary.vocabulary import Vocabulary
from bertprep.vocabulary.whole_tokenizer import parse_stored


@dataclass(frozen=True)
class ListedFile:
    """A file of a run.

    Attributes:
        name: of the file in its folder.
        size: its bytes.
        sha256: of its content, in hexadecimal.
        rows: of a shard; None for other files.
        bin: tokens of the longest row there may be, where shards are by length.
        examples: of a shard whose rows hold several each.
    """

    name: str
    size: int
    sha256: str
    rows: int | None = None
    bin: int | None = None
    examples: int | None = None

    def entry(self) -> dict[str, Any]:
        """The same as JSON has it; only what there is."""
        values = {
            "file": self.name,
            "rows": self.rows,
            "bytes": self.size,
            "sha256": self.sha256,
            "bin": self.bin,
            "examples": self.examples,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class VocabularyEntry:
    """A vocabulary.

    Attributes:
        file: its vocab.txt or tokenizer.json in the folder.
        size: how many tokens it has.
        lowercase: whether text is lower-cased for it.
        sha256: ``Vocabulary.digest``.
        settings: how else text is read with it.
    """

    file: str
    size: int
    lowercase: bool
    sha256: str
    settings: Settings = PLAIN

    def entry(self) -> dict[str, Any]:
        """The same as JSON has it; settings only if they are unusual."""
        settings = self.settings.as_json()
        return {
            "file": self.file,
            "size": self.size,
            "lowercase": self.lowercase,
            **({"settings": settings} if settings else {}),
            "sha256": self.sha256,
        }

    def vocabulary(self, data: bytes, path: str) -> Vocabulary:
        """The vocabulary of the bytes of its file; VocabularyError if they are none."""
        return parse_stored(data, lowercase=self.lowercase, settings=self.settings, path=path)


@dataclass(frozen=True)
class Alphabet:
    """The characters that a vocabulary was learned from.

    Attributes:
        known: how many of them it can spell words with.
        characters: the others, the most frequent first.
        words_share: of all words, those that are [UNK] for these.
    """

    known: int
    characters: str
    words_share: float


@dataclass(frozen=True)
class Pools:
    """The sets of documents that random sentences were drawn from: how many, of how many each."""

    pools: int
    smallest: int
    largest: int


@dataclass(frozen=True)
class Copies:
    """How many different texts the documents have, how many of these several times, and how often.

    ``most_copies`` is of the text that is there most often.
    """

    texts: int
    repeated: int
    most_copies: int


@dataclass(frozen=True)
class Packing:
    """How many examples went into how many rows, and the share of slots that they fill."""

    examples: int
    rows: int
    fill_share: float


class MixedInput(NamedTuple):
    """One input of a mixture.

    Attributes:
        input: its name.
        share: what of the mixture's tokens it was to have.
        read: how many tokens it has; words, where a vocabulary is learned.
        passes: how often it was therefore to be taken.
        taken: how many tokens, or words, this came to.
        documents: how many documents.
        shared: about how many of its texts another input has, too.
    """

    input: str
    share: float
    read: int
    passes: float
    taken: int
    documents: int
    shared: int = 0


class Finding(NamedTuple):
    """One figure out of the bounds that good text keeps.

    Attributes:
        name: what a program may know it by; it does not change.
        figure: the value.
        text: one line: the figure, its likely cause, the remedy.
    """

    name: str
    figure: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Of any run.

    Attributes:
        versions: of bertprep and of the libraries that could change its bytes, by name.
        read: how the inputs were read.
        vocabulary: the one that was learned or used.
        inputs: the files, by name; where they lie is not told.
        recognised: what was decided of them: each format, of how many files, and on what evidence.
        documents: how many there were.
        drops: how much was left out, by reason.
        mixture: what came of each input, where they have names.
    """

    versions: Mapping[str, str]
    read: ReadOptions
    vocabulary: VocabularyEntry
    inputs: Sequence[InputFile]
    recognised: tuple[Mapping[str, Any], ...]
    documents: int
    drops: Mapping[str, int]
    mixture: tuple[MixedInput, ...] = ()

    @property
    def input_bytes(self) -> int:
        """Bytes of the inputs as they were stored, compressed or not."""
        return sum(file.size for file in self.inputs)


@dataclass(frozen=True, kw_only=True)
class VocabManifest(Manifest):
    """Of a ``vocab`` run.

    Attributes:
        options: those of the vocabulary.
        words, distinct_words: how many words were counted, and different ones.
        alphabet: what it can spell.
        seen_once: how many pieces are of pairs seen once, as there were no others.
    """

    options: VocabOptions
    words: int
    distinct_words: int
    alphabet: Alphabet
    seen_once: int = 0


@dataclass(frozen=True, kw_only=True)
class CorpusManifest(Manifest):
    """Of a run that tokenized its inputs.

    Attributes:
        sentences, tokens: how many the documents had.
        repeated_lines: those that many documents have, and how many documents have each.
        copies: how many documents are of equal text.
        drop_samples: the first few of what was left out, by reason.
        sums: all that was counted, by name.
        statistics: ratios of these, each from 0 to 1 but ``mean_length`` (tokens a row).
        unknown_words: the most frequent words behind [UNK], and how often each occurs.
        unknown_characters: the characters of these that the vocabulary lacks.
        warnings: what the user was warned of when all was counted.
        drop_names: the most frequent of what was left out and has a name, as templates have
            ("wiki_template:cite web").
    """

    sentences: int
    tokens: int
    repeated_lines: Mapping[str, int]
    copies: Copies
    drop_samples: Mapping[str, list[DropSample]]
    sums: Mapping[str, int]
    statistics: Mapping[str, float]
    unknown_words: Mapping[str, int]
    unknown_characters: Mapping[str, int]
    warnings: tuple[Finding, ...] = ()
    drop_names: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PreparedManifest(CorpusManifest):
    """Of a ``prepare`` run: also its files."""

    options: PrepareOptions
    prepared: tuple[ListedFile, ...]

    def file(self, name: str) -> ListedFile | None:
        """The file of that name; None if there is none."""
        return next((file for file in self.prepared if file.name == name), None)


@dataclass(frozen=True, kw_only=True)
class ShardManifest(CorpusManifest):
    """Of a ``shard`` run.

    Attributes:
        options: those of the rows, their defaults resolved.
        rows: of all shards.
        pack: how rows were filled, where several examples are put into one.
        shards: the files of rows.
        dropped: the files that what was left out was written to.
        examples_per_document: how many documents gave so many examples in a pass ("3-4").
        pools: the documents that random sentences were drawn from.
        origins: the files that say which documents the rows of each shard come from, if asked for.
    """

    options: ShardOptions
    rows: int
    pack: Packing | None
    shards: tuple[ListedFile, ...]
    dropped: tuple[ListedFile, ...]
    examples_per_document: Mapping[str, int]
    pools: Pools
    origins: tuple[ListedFile, ...] = ()

    @property
    def examples(self) -> int:
        """More than rows where several are packed in a row."""
        return self.pack.examples if self.pack else self.rows

    @property
    def rows_by_bin(self) -> Counter[int]:
        """Rows of each length bin, by its longest row."""
        rows: Counter[int] = Counter()
        for shard in self.shards:
            rows[shard.bin or self.options.max_seq_length] += shard.rows or 0
        return rows
