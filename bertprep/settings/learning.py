"""Which vocabulary is learned."""

from __future__ import annotations

from dataclasses import dataclass

from bertprep.settings.require import require


@dataclass(frozen=True)
class VocabOptions:
    """The options of a vocabulary to learn.

    Attributes:
        vocab_size: lines of vocab.txt, special and unused tokens included.
        lowercase: lower-case and strip accents (BERT's uncased models).
        min_frequency: a piece of several letters must occur at least so often in the corpus; None
            for 2, and for once where there are no more that do.
        limit_alphabet: how many different characters words may be spelled with; None for as many
            as the text needs.
        max_token_length: characters of the longest piece, without ``##``; None for no limit.
        unused_tokens: how many ``[unusedN]`` to reserve; with 99 or more the special tokens have
            the ids of the official vocabularies (100 to 103).
        keep_accents: lower-case, but keep the accents.
    """

    vocab_size: int = 30522
    lowercase: bool = True
    min_frequency: int | None = None
    limit_alphabet: int | None = None
    max_token_length: int | None = None
    unused_tokens: int = 0
    keep_accents: bool = False

    def __post_init__(self) -> None:
        require(
            self.lowercase or not self.keep_accents,
            "--keep-accents is for --uncased: --cased keeps accents anyway",
        )
        reserved = 5 + self.unused_tokens
        require(self.unused_tokens >= 0, f"--unused-tokens must be >= 0; got {self.unused_tokens}")
        require(
            reserved < self.vocab_size < 2**31,
            f"--vocab-size must be over {reserved} (the special and unused tokens); "
            f"got {self.vocab_size}",
        )
        require(
            self.min_frequency is None or self.min_frequency >= 1,
            f"--min-frequency must be >= 1; got {self.min_frequency}",
        )
        require(
            self.limit_alphabet is None or self.limit_alphabet >= 1,
            f"--limit-alphabet must be >= 1; got {self.limit_alphabet}",
        )
        require(
            self.max_token_length is None or self.max_token_length >= 1,
            f"--max-token-length must be >= 1; got {self.max_token_length}",
        )
