"""The vocabulary that a run is given: read, and how it is read said and checked on the text."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bertprep.common.drops import Drops
from bertprep.corpus.inputs import InputFile, Split, plan_splits
from bertprep.corpus.read import read_split
from bertprep.errors import UsageError, VocabularyError
from bertprep.options import ReadOptions, ShardOptions, VocabOptions
from bertprep.shards.manifest import MANIFEST_NAME
from bertprep.text.readings import better_reading, losing_marks, sample_of
from bertprep.vocabulary.casing import named
from bertprep.vocabulary.configuration import Found, read_tokenizer
from bertprep.vocabulary.marks import mark_warnings
from bertprep.vocabulary.tokenizer_folder import CONFIGURATION, TOKENIZER_JSON, VOCAB_TXT
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.folders.finished import read_vocabulary, taking_apart
from pipelines.folders.workspace import read_manifest

if TYPE_CHECKING:
    from bertprep.learning.alphabet import LeftOut

_KEEP_MARKS = "--keep-accents lower-cases and keeps them, --cased keeps all"
_OTHER_VOCABULARY = (
    "a vocabulary learned with `bertprep vocab --keep-accents` or `--cased` keeps them"
)
# Of the words, with characters that a vocabulary lacks.
_MANY_LOST = 0.005

EXPECTED_VOCABULARY = (
    "--vocab takes the output of `bertprep vocab`, a folder with a vocab.txt or tokenizer.json, "
    "or that file"
)


def load_vocabulary(path: str, lowercase: bool | None, keep_accents: bool = False) -> Found:
    """The vocabulary of a folder, or of a file with the configuration beside it.

    ``lowercase`` None means: as the configuration says, else by the tokens themselves.

    Raises:
        VocabularyError: if it cannot be read, contradicts itself or says what is not supported.
    """
    if keep_accents and lowercase is None:
        lowercase = True
    folder, names = _place(path)
    if names.keys() == {VOCAB_TXT} and MANIFEST_NAME in files.names_in(folder or "."):
        return _used_before(folder, lowercase, keep_accents)
    contents = {name: _read(files.join(folder, actual)) for name, actual in names.items()}
    return read_tokenizer(contents, folder, lowercase, False if keep_accents else None, names)


def sample_text(inputs: Sequence[InputFile], read: ReadOptions) -> bytes:
    """A little of the text: of the first, the middle and the last of the files."""
    splits = plan_splits(inputs, read)
    some = {number: splits[number] for number in (0, len(splits) // 2, len(splits) - 1)}
    return b"\n".join(_beginning(split, read) for split in some.values())


def _beginning(split: Split, read: ReadOptions) -> bytes:
    batch = next(read_split(split, files.open_input, read, Drops()), None)
    return sample_of(batch.text) if batch else b""


def casing_warnings(found: Found, sample: bytes) -> list[str]:
    """What is to be said of a casing after a look at the text.

    Raises:
        VocabularyError: if it was taken from the tokens, and another reads the text much better.
    """
    vocabulary = found.vocabulary
    if better := better_reading(vocabulary, sample):
        option, here, other = better
        text = (
            f"read as {found.casing}, {here.unknown:.1%} of the tokens of a sample of the text are "
            f"[UNK], and {other.unknown:.1%} with {option}"
        )
        if not found.stated:
            raise VocabularyError(f"{text}: say by --cased or --uncased how to treat letters")
        return [f"{text}: is the casing right?"]
    settings = vocabulary.settings
    strips = vocabulary.lowercase if settings.strip_accents is None else settings.strip_accents
    return mark_warnings(*losing_marks(sample), _OTHER_VOCABULARY) if strips else []


def check_layout(vocabulary: Vocabulary, options: ShardOptions) -> None:
    """Raises UsageError if the layout cannot hold one of the vocabulary's tokens."""
    added = [vocabulary.tokens[token.id] for token in vocabulary.settings.searched]
    spaced = [token for token in added if len(token.split()) > 1]
    if options.column_layout == "lddl" and spaced:
        raise UsageError(
            f"--layout lddl parts tokens by spaces, and the added token {spaced[0]!r} of the "
            "vocabulary holds one; use another layout"
        )


def vocabulary_warnings(sums: Mapping[str, int], left: LeftOut, options: VocabOptions) -> list[str]:
    """What is to be said of a vocabulary that was learned from words with these counts."""
    from pipelines.graphs.vocab import LOSING

    losing = {name.removeprefix(LOSING): n for name, n in sums.items() if name.startswith(LOSING)}
    texts = mark_warnings(losing, sums["words"], _KEEP_MARKS)
    if left.words_share > _MANY_LOST:
        limit = options.limit_alphabet
        remedy = "a larger --vocab-size" if limit is None else "a larger --limit-alphabet, or auto,"
        texts.append(
            f"{left.words_share:.1%} of the words have one of the {len(left.characters):,} "
            f"characters that are not in the vocabulary, and are [UNK] to it: {remedy} keeps more"
        )
    return texts


def _used_before(folder: str, lowercase: bool | None, keep_accents: bool) -> Found:
    """The vocabulary beside shards or a prepared corpus, as their manifest says it was used."""
    entry = read_manifest(folder or ".")["vocabulary"]
    with taking_apart(folder or "."):
        vocabulary = read_vocabulary(folder, entry)
    if lowercase is not None and (lowercase, keep_accents) != (
        vocabulary.lowercase,
        vocabulary.keeps_accents,
    ):
        settings = replace(vocabulary.settings, strip_accents=False if keep_accents else None)
        vocabulary = Vocabulary(vocabulary.tokens, lowercase, settings)
        said = "the options say"
    else:
        said = f"{MANIFEST_NAME} says"
    casing = named(vocabulary.lowercase, vocabulary.settings.strip_accents)
    return Found(vocabulary, f"{casing}, as {said}", True, [])


def _place(path: str) -> tuple[str, dict[str, str]]:
    """The folder of a vocabulary, and the names of its files there by what they are."""
    present = files.names_in(path)
    if present or (not files.is_remote(path) and os.path.isdir(path)):
        tokens = {name: name for name in (VOCAB_TXT, TOKENIZER_JSON) if name in present}
        if not tokens:
            raise VocabularyError(
                f"{path} holds no vocab.txt and no tokenizer.json; {EXPECTED_VOCABULARY}"
            )
        return path, tokens | {name: name for name in CONFIGURATION if name in present}
    folder, name = os.path.split(path)
    beside = set(files.names_in(folder or "."))
    kind = TOKENIZER_JSON if name.endswith(".json") else VOCAB_TXT
    if name in (VOCAB_TXT, TOKENIZER_JSON) or not {VOCAB_TXT, TOKENIZER_JSON} & beside:
        found = {n: n for n in (*CONFIGURATION, VOCAB_TXT, TOKENIZER_JSON) if n in beside}
        return folder, {**found, kind: name}
    return folder, {kind: name}


def _read(path: str) -> bytes:
    try:
        return files.read_bytes(path)
    except OSError as error:
        raise VocabularyError(
            f"the vocabulary {path} cannot be read: {error.strerror or error}; "
            f"{EXPECTED_VOCABULARY}"
        ) from None
