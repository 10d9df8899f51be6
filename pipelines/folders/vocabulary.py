"""The vocabulary that --vocab names: a tokenizer's folder, a vocab.txt or a tokenizer.json."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from bertprep.errors import VocabularyError
from bertprep.shards.names import MANIFEST_NAME
from bertprep.stores.schemes import is_remote
from bertprep.vocabulary.casing import named
from bertprep.vocabulary.configuration import SAYS_CASING, Found, read_tokenizer
from bertprep.vocabulary.tokenizer_folder import CONFIGURATION, TOKENIZER_JSON, VOCAB_TXT
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files, hub_vocabulary
from pipelines.folders.finished_folder import read_manifest, read_vocabulary

EXPECTED_VOCABULARY = (
    "--vocab takes the output of `bertprep vocab`, a folder with a vocab.txt or tokenizer.json, "
    "that file, or the name of a model on the Hub"
)


def load_vocabulary(path: str, lowercase: bool | None, keep_accents: bool = False) -> Found:
    """The vocabulary of a folder, or of a file with the configuration beside it.

    Args:
        path: what ``--vocab`` names.
        lowercase: whether text is lower-cased; None for as the configuration says, else by the
            tokens themselves.
        keep_accents: whether lower-cased letters keep their accents.

    Raises:
        VocabularyError: if it cannot be read, contradicts itself or says what is not supported.
    """
    if keep_accents and lowercase is None:
        lowercase = True
    if not files.exists(path) and hub_vocabulary.may_be_name(path):
        path = hub_vocabulary.folder_of(path)
    folder, names = _place(path)
    if _is_used(folder, names):
        return _used_before(folder, lowercase, keep_accents)
    contents = {name: _read(files.join(folder, actual)) for name, actual in names.items()}
    return read_tokenizer(contents, folder, lowercase, False if keep_accents else None, names)


def _is_used(folder: str, names: Mapping[str, str]) -> bool:
    """Whether it is the vocabulary beside shards or a prepared corpus, and all of it there."""
    if len(names) > 1 or MANIFEST_NAME not in files.names_in(folder or "."):
        return False
    return names.keys() == {read_manifest(folder or ".").vocabulary.file}


def _used_before(folder: str, lowercase: bool | None, keep_accents: bool) -> Found:
    """The vocabulary beside shards or a prepared corpus, as their manifest says it was used."""
    vocabulary = read_vocabulary(folder, read_manifest(folder or ".").vocabulary)
    if vocabulary.settings.whole:
        if lowercase is not None:
            raise VocabularyError(f"{folder or '.'}: {SAYS_CASING}")
        return Found(vocabulary, f"as {MANIFEST_NAME} says", True, [])
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
    if present or (not is_remote(path) and os.path.isdir(path)):
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
