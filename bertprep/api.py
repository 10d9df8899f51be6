"""bertprep from Python: the commands as functions, and what they are made of.

Each function takes the options of its command by the same names, with the same defaults, and writes
the same bytes for the same documents.  INPUT is a path, several, any iterable of texts, a
``datasets.Dataset``, or the inputs of a mixture: a dict of paths by name.  What goes wrong is an
exception of ``bertprep.errors``; what there is to say goes to the log ``bertprep``
(``logging.basicConfig(level="INFO")`` shows it).

A run has a process of its own: it takes over no signal, starts no thread here, and needs no guard
on ``__main__``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from bertprep.calls import batches as _batches
from bertprep.calls.keywords import PREPARE, SHARD, VOCAB, Command, arguments, check, takes
from bertprep.calls.process import run
from bertprep.calls.results import (
    Inspection,
    LearnedVocabulary,
    Plan,
    PreparedDocuments,
    Shards,
    Verified,
    result_of,
)
from bertprep.calls.texts import Inputs, paths_of, require_text, texts_of
from bertprep.calls.tokens import TextTokenizer
from bertprep.errors import UsageError, VerificationError
from bertprep.layouts.columns import Columns
from bertprep.options import SentenceRule, ShardOptions
from bertprep.pipelines_door import load
from bertprep.text.segment import Segmenter
from bertprep.vocabulary.vocabulary import Vocabulary

__all__ = [
    "Inspection",
    "LearnedVocabulary",
    "Plan",
    "PreparedDocuments",
    "Shards",
    "Tokenizer",
    "Verified",
    "batches",
    "inspect",
    "prepare",
    "segment",
    "shard",
    "train_vocabulary",
    "verify",
]

StrPath = str | os.PathLike[str]


@takes(VOCAB)
def train_vocabulary(
    inputs: Any, *, output: StrPath, progress: bool = True, **options: Any
) -> LearnedVocabulary:
    """Learns a WordPiece vocabulary and writes it as a tokenizer folder: ``bertprep vocab``.

    Args:
        inputs: a path, several, an iterable of texts, or a ``datasets.Dataset``.
        output: the folder to write; it must be empty or new.
        progress: whether a bar shows how far it is, in a notebook or on a terminal.
        options: those of ``bertprep vocab``, such as ``vocab_size=30522`` and ``lowercase=True``.

    Raises:
        BertprepError: as the command's errors; UsageError for wrong options.
    """
    return _run(VOCAB, inputs, output, None, progress, options)  # type: ignore[no-any-return]


@takes(PREPARE)
def prepare(
    inputs: Any, *, vocab: StrPath, output: StrPath, progress: bool = True, **options: Any
) -> PreparedDocuments:
    """Reads, segments and tokenizes once, for ``shard`` to start from: ``bertprep prepare``.

    Args:
        inputs: a path, several, an iterable of texts, or a ``datasets.Dataset``.
        vocab: a vocabulary's file or folder, or what ``train_vocabulary`` gave.
        output: the folder to write; it must be empty or new.
        progress: whether a bar shows how far it is, in a notebook or on a terminal.
        options: those of ``bertprep prepare``, such as ``sentences="rules"``.

    Raises:
        BertprepError: as the command's errors; UsageError for wrong options.
    """
    return _run(PREPARE, inputs, output, vocab, progress, options)  # type: ignore[no-any-return]


@takes(SHARD)
def shard(
    inputs: Any,
    *,
    vocab: StrPath | None = None,
    output: StrPath,
    progress: bool = True,
    **options: Any,
) -> Shards:
    """Makes masked training rows and writes them as shards: ``bertprep shard``.

    Args:
        inputs: a path, several, an iterable of texts, a ``datasets.Dataset``, or what ``prepare``
            gave.
        vocab: a vocabulary's file or folder, or what ``train_vocabulary`` gave; for what was
            prepared it is not needed.
        output: the folder to write; it must be empty or new.
        progress: whether a bar shows how far it is, in a notebook or on a terminal.
        options: those of ``bertprep shard``, such as ``max_seq_length=128`` and ``task="nsp"``.

    Raises:
        BertprepError: as the command's errors; UsageError for wrong options.
    """
    return _run(SHARD, inputs, output, vocab, progress, options)  # type: ignore[no-any-return]


_FUNCTIONS = {"vocab": "train_vocabulary", "prepare": "prepare", "shard": "shard"}


def _run(
    command: Command,
    inputs: Any,
    output: StrPath,
    vocab: StrPath | None,
    progress: bool,
    options: dict[str, Any],
) -> Any:
    check(command, options, _FUNCTIONS[command.name])
    folder = os.fspath(output)
    given = [f"--output={folder}", *arguments(command, options)]
    if vocab is not None:
        given.append(f"--vocab={os.fspath(vocab)}")
    with _inputs(inputs, folder, options) as paths:
        said = run([command.name, *given, *paths], progress)
    if options.get("dry_run"):
        return Plan(folder, said.results[-1], said.figures)
    manifest = load("folders.finished_folder").read_manifest(folder)
    return result_of(folder, manifest, "\n".join(said.results))


def _inputs(inputs: Any, output: str, options: dict[str, Any]) -> AbstractContextManager[list[str]]:
    """The paths to read; texts are written beside the output, where there is to be room."""
    beside = options.get("work_dir") or os.path.dirname(os.path.abspath(output))
    folder = None if "://" in os.fspath(beside) else os.fspath(beside)
    return Inputs(inputs, options.get("text_field", "text"), folder)


def verify(folder: StrPath) -> Verified:
    """Checks a folder byte by byte and row by row: ``bertprep verify``.

    Raises:
        VerificationError: if anything is not as it was written; its ``problems`` say what.
        InputError: if bertprep did not write the folder.
    """
    problems: list[str] = []
    path = os.fspath(folder)
    try:
        said = load("jobs.verification").verify(path, problems.append)
    except VerificationError as error:
        error.problems = tuple(problems)
        raise
    return Verified(path, said)


def inspect(folder: StrPath, *, examples: int = 5) -> Inspection:
    """Shows what is in a finished folder: ``bertprep inspect``.

    Args:
        folder: what ``shard``, ``prepare`` or ``train_vocabulary`` wrote.
        examples: how many rows to show as text; the page shows ten times as many.

    Returns:
        Its text by ``print``; in a notebook the page, which ``save`` writes to a file.

    Raises:
        InputError: if bertprep did not write the folder.
    """
    path = os.fspath(folder)
    found = load("inspect.inspection").look(path, examples)
    return Inspection(path, found.manifest, found.summary, found.text, found.page)


class Tokenizer(TextTokenizer):
    """Text in, token ids out: those that bertprep stores, without [CLS] and [SEP].

    ``Tokenizer("vocab")("Some text")`` gives a list of ids.

    Args:
        vocab: what ``from_file`` takes, or a vocabulary that is loaded.

    Raises:
        VocabularyError: if it cannot be read.
    """

    def __init__(self, vocab: StrPath | TextTokenizer | Vocabulary) -> None:
        super().__init__(_vocabulary(vocab, None, False))

    @classmethod
    def from_file(
        cls, vocab: StrPath, *, lowercase: bool | None = None, keep_accents: bool = False
    ) -> Tokenizer:
        """The tokenizer of a vocabulary.

        Args:
            vocab: a vocab.txt or tokenizer.json, a folder of one, or the name of one on the Hub.
            lowercase: whether letters are lower-cased; None for as the vocabulary says.
            keep_accents: whether lower-cased letters keep their accents.

        Raises:
            VocabularyError: if it cannot be read.
        """
        return cls(_vocabulary(vocab, lowercase, keep_accents))


def _vocabulary(
    vocab: StrPath | TextTokenizer | Vocabulary, lowercase: bool | None, keep_accents: bool
) -> Vocabulary:
    if isinstance(vocab, Vocabulary):
        return vocab
    if isinstance(vocab, TextTokenizer):
        return vocab.vocabulary
    found = load("folders.vocabulary").load_vocabulary(os.fspath(vocab), lowercase, keep_accents)
    vocabulary: Vocabulary = found.vocabulary
    return vocabulary


def segment(text: str, *, sentences: SentenceRule = "rules") -> list[str]:
    """The sentences of a text.

    Args:
        text: of one or several lines.
        sentences: ``rules``, ``wrapped`` for hard-wrapped lines, ``lines`` for one a line, or
            ``thai`` for rules, and pythainlp where there is Thai.

    Raises:
        UsageError: if it is no str.

    >>> segment("Mr. Smith left. He did!")
    ['Mr. Smith left.', 'He did!']
    """
    starts, ends = Segmenter(sentences)(require_text(text))
    bounds = zip(starts.tolist(), ends.tolist(), strict=True)
    return [text[start:end] for start, end in bounds]


def batches(
    inputs: Iterable[str] | Any,
    vocab: StrPath | TextTokenizer | Vocabulary,
    *,
    batch_size: int = 32,
    sentences: SentenceRule = "rules",
    text_field: str = "text",
    lowercase: bool | None = None,
    **options: Any,
) -> Iterator[Columns]:
    """The rows of texts in memory as batches, with no file at all: for small corpora and tests.

    They are those that ``shard`` writes of the same texts, in the same order, as long as these are
    one pool there (2,400,000 tokens); here they always are, and all in memory.

    Args:
        inputs: an iterable of texts, or a ``datasets.Dataset``.
        vocab: a vocabulary's file or folder, or a ``Tokenizer``.
        batch_size: rows of a batch; the last one may have fewer.
        sentences: where a sentence ends, as in ``shard``.
        text_field: the column of a dataset that holds its texts.
        lowercase: whether letters are lower-cased; None for as the vocabulary says.
        options: of ``shard``, those of ``bertprep.options.ShardOptions``.

    Yields:
        The columns of the layout by name, each [rows, ...].

    Raises:
        UsageError: for wrong options.
        InputError: if the texts give no row.
    """
    known = Command("batches", {**vars(ShardOptions())})
    check(known, options, "batches")
    if batch_size < 1:
        raise UsageError(f"batch_size must be 1 or more; got {batch_size}")
    if isinstance(inputs, str | os.PathLike) or paths_of(inputs) is not None:
        raise UsageError("batches takes texts, not paths: [text] for one; `shard` reads files")
    texts = texts_of(inputs, text_field)
    vocabulary = _vocabulary(vocab, lowercase, False)
    chosen = ShardOptions(**options)
    return _batches.batches_of_texts(texts, vocabulary, chosen, sentences, batch_size)
