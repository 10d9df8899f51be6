"""A vocabulary by its name on the Hugging Face Hub: from the local cache, else downloaded."""

from __future__ import annotations

import re

from bertprep.errors import VocabularyError
from bertprep.vocabulary.tokenizer_folder import CONFIGURATION, TOKENIZER_JSON, VOCAB_TXT
from pipelines.folders import files

_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
_FILES = (VOCAB_TXT, TOKENIZER_JSON, *CONFIGURATION)


def may_be_name(text: str) -> bool:
    """Whether a text may be the name of a repository on the Hub."""
    is_file = text.endswith((".txt", ".json"))
    return bool(_NAME.fullmatch(text)) and not is_file and not text.startswith((".", "-"))


def folder_of(name: str) -> str:
    """The folder in the local cache that holds a tokenizer, downloaded if it has to be.

    Args:
        name: of the repository, such as ``bert-base-uncased``.

    Raises:
        VocabularyError: if it is neither in the cache nor to be had.
    """
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError
        from huggingface_hub.utils.tqdm import disable_progress_bars
    except ImportError:
        raise VocabularyError(
            f"{name} is no file or folder here; for a name on the Hub: pip install 'bertprep[hub]'"
        ) from None
    patterns = list(_FILES)
    try:
        folder = snapshot_download(name, allow_patterns=patterns, local_files_only=True)
        if _holds_tokens(folder):
            return folder
    except LocalEntryNotFoundError:
        pass
    disable_progress_bars()
    try:
        folder = snapshot_download(name, allow_patterns=patterns)
    except RepositoryNotFoundError:
        raise VocabularyError(
            f"{name} is no file or folder here, and the Hub has none of that name, or it is "
            "private (hf auth login)"
        ) from None
    except (OSError, ValueError) as error:
        raise VocabularyError(
            f"{name} is no file or folder here, not in the cache of the Hub, and cannot be "
            f"downloaded ({_cause(error)}); where there is a network: hf download {name} "
            f"--include 'vocab.txt' 'tokenizer*' --local-dir {name.rpartition('/')[2]}; then give "
            "that folder"
        ) from None
    if not _holds_tokens(folder):
        raise VocabularyError(f"{name} of the Hub holds no {VOCAB_TXT} and no {TOKENIZER_JSON}")
    return folder


def _holds_tokens(folder: str) -> bool:
    return bool({VOCAB_TXT, TOKENIZER_JSON} & set(files.names_in(folder)))


def _cause(error: Exception) -> str:
    first = next(iter(str(error).splitlines()), type(error).__name__)
    return first.removeprefix("Got: ").rstrip(".")
