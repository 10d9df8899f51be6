"""The files that make a folder a tokenizer, as bytes, and what is wrong with them in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bertprep.errors import VocabularyError

VOCAB_TXT, TOKENIZER_JSON = "vocab.txt", "tokenizer.json"
TOKENIZER_CONFIG, SPECIAL_TOKENS_MAP = "tokenizer_config.json", "special_tokens_map.json"
ADDED_TOKENS, MODEL_CONFIG = "added_tokens.json", "config.json"
CONFIGURATION = (TOKENIZER_CONFIG, SPECIAL_TOKENS_MAP, ADDED_TOKENS, MODEL_CONFIG)


class TokenizerFolder:
    """Files by what they are.

    Args:
        files: vocab.txt or tokenizer.json or both, and what there is of ``CONFIGURATION``.
        where: their folder, for messages; empty for the current one.
        names: of files that have another name there than in ``files``.
    """

    def __init__(
        self, files: Mapping[str, bytes], where: str, names: Mapping[str, str] | None = None
    ) -> None:
        self.files, self._where, self._names = files, where, names or {}

    def __contains__(self, name: str) -> bool:
        return name in self.files

    @property
    def shown(self) -> str:
        """The folder, or the file where the folder goes without saying."""
        return self._where or self.tokens_path

    @property
    def tokens_path(self) -> str:
        """The path of the file that lists the tokens, for messages."""
        return self.path(VOCAB_TXT if VOCAB_TXT in self else TOKENIZER_JSON)

    def path(self, name: str) -> str:
        """The path of a file, for messages."""
        name = self._names.get(name, name)
        return f"{self._where.rstrip('/')}/{name}" if self._where else name

    def error(self, name: str, what: str) -> VocabularyError:
        """An error to raise that says ``what`` of a file."""
        return VocabularyError(f"{self.path(name)} {what}")

    def json(self, name: str) -> dict[str, Any]:
        """The object in a file; empty if there is no such file.

        Raises:
            VocabularyError: if the file holds none.
        """
        if name not in self:
            return {}
        try:
            found = json.loads(self.files[name])
        except (ValueError, RecursionError) as error:
            raise self.error(name, f"is not JSON: {error}") from None
        if not isinstance(found, dict):
            raise self.error(name, f"holds no JSON object but {str(found)[:40]}")
        return found
