"""Which documents and lines are left out of a corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from bertprep.settings.choices import LANGUAGES, RULES, Duplicates, Normalize
from bertprep.settings.require import require, require_choice


@dataclass(frozen=True)
class CleanOptions:
    """Which documents and lines are left out of a corpus, and what of their text is mended.

    Attributes:
        duplicates: what is kept once only: documents; paragraphs too, of 40 bytes or more; or
            lines too.
        near_duplicates: the least share of 5-grams of words in common by which two documents
            count as one; None to keep them.
        repeated_lines: lines (or paragraphs) that more documents than this have are left out of
            all of them; None to keep one.
        rules: sets of published rules: ``gopher``, ``c4``.
        min_words, max_words: of a document, by white space; None for no limit.
        script: of which at least the share ``min_script`` of a document's letters must be, by
            Unicode's name, such as Latin; several between commas; empty for any.
        languages: of which at least the share ``min_language_share`` of a document's stretches
            must be, of those in which letters and words tell of one: codes between commas, such
            as en,de; empty for any.
        decontaminate: files of texts that no document may share 13 words in a row with.
        normalize: ``nfc`` composes characters and their marks.
        drop_controls: leave out control characters but line breaks and tabs, byte order marks and
            zero-width spaces.
        fix_mojibake: repair text that was decoded by a wrong encoding, by ``ftfy``.
    """

    duplicates: Duplicates = "documents"
    near_duplicates: float | None = None
    repeated_lines: int | None = None
    rules: tuple[str, ...] = ()
    min_words: int = 1
    max_words: int | None = None
    script: str = ""
    min_script: float = 0.5
    languages: str = ""
    min_language_share: float = 0.5
    decontaminate: tuple[str, ...] = ()
    normalize: Normalize = "none"
    drop_controls: bool = True
    fix_mojibake: bool = False

    def __post_init__(self) -> None:
        require_choice("--duplicates", self.duplicates, get_args(Duplicates))
        require_choice("--normalize", self.normalize, get_args(Normalize))
        for name in self.rules:
            require_choice("--rules", name, RULES)
        near = self.near_duplicates
        require(
            near is None or 0.3 <= near <= 1,
            f"--near-duplicates must be a share from 0.3 to 1; got {near}",
        )
        require(
            self.repeated_lines is None or self.repeated_lines >= 1,
            f"--repeated-lines must be >= 1; got {self.repeated_lines}",
        )
        require(
            self.repeated_lines is None or self.duplicates in ("paragraphs", "lines"),
            "--repeated-lines needs --duplicates lines, or paragraphs: it tells from how many "
            "copies on none is kept",
        )
        require(self.min_words >= 0, f"--min-words must be >= 0; got {self.min_words}")
        require(
            self.max_words is None or self.max_words >= max(1, self.min_words),
            f"--max-words must be at least --min-words; got {self.max_words}",
        )
        require(
            0 <= self.min_script <= 1,
            f"--min-script must be a share from 0 to 1; got {self.min_script}",
        )
        codes = [code.strip() for code in self.languages.split(",")] if self.languages else []
        require(
            set(codes) <= set(LANGUAGES.split()),
            f"--languages must be among {LANGUAGES}, several between commas; got "
            f"{self.languages!r}",
        )
        require(
            0 < self.min_language_share <= 1,
            f"--min-language-share must be a share above 0, up to 1; got {self.min_language_share}",
        )

    @property
    def compares(self) -> bool:
        """Whether documents are compared with each other, for which all are to be read before."""
        return self.duplicates != "none" or self.near_duplicates is not None
