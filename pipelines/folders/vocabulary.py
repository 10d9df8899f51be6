"""The vocabulary that --vocab names: a tokenizer folder or a vocab.txt."""

from __future__ import annotations

import json
import os

from bertprep.errors import VocabularyError
from bertprep.vocabulary.vocabulary import Vocabulary, parse_vocab_txt
from pipelines.folders import files
from pipelines.folders.workspace import VOCABULARY_NAME


def load_vocabulary(path: str, lowercase: bool | None) -> Vocabulary:
    """The vocabulary of a folder (its vocab.txt and tokenizer_config.json) or of a vocab.txt.

    ``lowercase`` None means: as the folder's configuration says, else by the tokens themselves.
    """
    present = files.names_in(path)
    if present or (not files.is_remote(path) and os.path.isdir(path)):
        if VOCABULARY_NAME not in present:
            raise VocabularyError(
                f"{path} holds no vocab.txt; --vocab takes the output of `bertprep vocab`, "
                "a folder with a vocab.txt, or that file"
            )
        if lowercase is None and "tokenizer_config.json" in present:
            lowercase = _configured_casing(files.join(path, "tokenizer_config.json"))
        path = files.join(path, VOCABULARY_NAME)
    try:
        data = files.read_bytes(path)
    except OSError as error:
        raise VocabularyError(
            f"the vocabulary {path} cannot be read: {error.strerror or error}; --vocab takes the "
            "output of `bertprep vocab`, a folder with a vocab.txt, or that file"
        ) from None
    return parse_vocab_txt(data, lowercase=lowercase, path=path)


def _configured_casing(path: str) -> bool | None:
    try:
        config = json.loads(files.read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise VocabularyError(f"{path} is not JSON: {error}") from None
    casing = config.get("do_lower_case") if isinstance(config, dict) else None
    return casing if isinstance(casing, bool) else None
