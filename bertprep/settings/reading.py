"""How raw files become documents and sentences."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, get_args

from bertprep.settings.choices import LANGUAGES, BadInput, DocumentRule, InputFormat, SentenceRule
from bertprep.settings.cleaning import CleanOptions
from bertprep.settings.require import require, require_choice


def parse_weight(given: str) -> tuple[str, float]:
    """The name and the number of ``NAME=NUMBER``.

    Raises:
        UsageError: if it is none.

    >>> parse_weight("wiki=2.5")
    ('wiki', 2.5)
    """
    name, _, number = given.partition("=")
    require(
        bool(name) and bool(_WEIGHT.fullmatch(number)) and float(number) > 0,
        f"--weight must be NAME=NUMBER with a number above 0, as in wiki=2; got {given!r}",
    )
    return name, float(number)


def _is_encoding(name: str) -> bool:
    try:
        return "a".encode(name).decode(name) == "a"
    except (LookupError, ValueError):
        return False


_WEIGHT = re.compile(r"\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}")


@dataclass(frozen=True)
class ReadOptions:
    """How raw files become documents and sentences.

    Attributes:
        input_format: what the files hold; ``auto`` looks at each file's content.  Sentence
            pairs and PTB say themselves what a document and a sentence is.
        documents: what a document is in plain text: what blank lines separate; a section, which
            two of them or more do; a line; or a file.  ``auto`` is ``section`` where lines are
            hard-wrapped, as blank lines part the paragraphs of a book, and else ``blank-line``.
        document_separator: what stands between two documents in plain text, where it is neither a
            blank nor the end of a line; empty for none.
        sentences: ``rules`` segments each line; ``wrapped`` first joins hard-wrapped lines;
            ``lines`` takes each line as one sentence (the format of Google's script); ``thai`` is
            as ``rules``, but for Thai, which pythainlp cuts.
        language: code of the one whose abbreviations hold, such as ``es``; empty for what each
            document shows itself to be in.
        text_field: the key of a JSON object, or the column of a table, that holds the text; dots
            lead into objects; of several between commas those that are there are joined.
        encoding: what text without a byte order mark is decoded by; empty for UTF-8.
        keep_titles: keep the title line that WikiExtractor repeats at the head of each article.
        bad_input: ``fail`` stops at the first record that cannot be read, ``drop`` counts it;
            ``replace`` puts U+FFFD for bytes that cannot be decoded, and stops at other faults.
        holdout: share of the documents, chosen by their texts, that is held out of a run.
        held_out: take the documents of that share and no others.
        excluded: SHA-256 of the list of documents to leave out; empty for none.
        weight: of the inputs of a mixture, each as ``NAME=NUMBER``: by these their tokens are; 1
            where one has none.
        smoothing: or instead their tokens to the power of this, from 0 for equal parts to 1.
        mixture_tokens: about how many tokens the whole mixture has; 0 for as few as there are
            without leaving any document out.
        clean: what is left out of the documents, and mended in them, as they are read; None for
            nothing.
        LATER: fields that a manifest has only where they say something.
    """

    LATER: ClassVar = (
        "holdout",
        "held_out",
        "excluded",
        "weight",
        "smoothing",
        "mixture_tokens",
        "clean",
    )

    input_format: InputFormat = "auto"
    documents: DocumentRule = "auto"
    document_separator: str = ""
    sentences: SentenceRule = "rules"
    language: str = ""
    text_field: str = "text"
    encoding: str = ""
    keep_titles: bool = False
    bad_input: BadInput = "fail"
    holdout: float = 0.0
    held_out: bool = False
    excluded: str = ""
    weight: tuple[str, ...] = ()
    smoothing: float | None = None
    mixture_tokens: int = 0
    clean: CleanOptions | None = None

    def __post_init__(self) -> None:
        self._check_choices()
        object.__setattr__(self, "weight", tuple(sorted(self.weight)))
        self._check_mixture()
        if self.documents == "auto":
            is_section = self.sentences == "wrapped" and not self.document_separator
            object.__setattr__(self, "documents", "section" if is_section else "blank-line")
        self._check_documents()

    def _check_choices(self) -> None:
        require_choice("--input-format", self.input_format, get_args(InputFormat))
        require_choice("--documents", self.documents, get_args(DocumentRule))
        require_choice("--sentences", self.sentences, get_args(SentenceRule))
        require(
            not self.language or self.language in LANGUAGES.split(),
            f"--language must be one of {LANGUAGES}; got {self.language!r}",
        )
        require(
            not self.encoding or _is_encoding(self.encoding),
            "--encoding must be a text encoding that Python knows, such as gb18030 or cp1252; got "
            f"{self.encoding!r}",
        )
        require_choice("--bad-input", self.bad_input, get_args(BadInput))
        require(
            0 <= self.holdout < 1 and (self.holdout > 0 or not self.held_out),
            f"--holdout must be from 0, for none, to below 1; got {self.holdout}",
        )

    def _check_mixture(self) -> None:
        names = [name for name, _ in map(parse_weight, self.weight)]
        require(len(set(names)) == len(names), "--weight names an input twice")
        require(
            self.smoothing is None or 0 <= self.smoothing <= 1,
            f"--smoothing must be from 0, for equal parts, to 1; got {self.smoothing}",
        )
        require(
            self.smoothing is None or not self.weight,
            "--weight and --smoothing both say what the proportions are; give one of them",
        )
        require(
            self.mixture_tokens >= 0
            and (not self.mixture_tokens or bool(self.weight) or self.smoothing is not None),
            "--mixture-tokens is how many there are of a mixture by --weight or --smoothing; got "
            f"{self.mixture_tokens} without one",
        )

    def _check_documents(self) -> None:
        separator = self.document_separator
        require(
            separator == separator.strip() and len(separator) <= 60 and "\n" not in separator,
            "--document-separator must be at most 60 characters without white space around; got "
            f"{separator!r}",
        )
        require(
            not separator or self.documents == "blank-line",
            f"--document-separator and --documents {self.documents} both say what a document is; "
            "give one of them",
        )
        require(
            all(name.strip() for name in self.text_field.split(",")),
            f"--text-field must name a key, or several between commas; got {self.text_field!r}",
        )


def read_config(options: ReadOptions) -> dict[str, Any]:
    """The options as a manifest has them."""
    values = {each.name: (getattr(options, each.name), each.default) for each in fields(options)}
    found = {
        name: value
        for name, (value, usual) in values.items()
        if name not in ReadOptions.LATER or value != usual
    }
    return {**found, "clean": asdict(options.clean)} if options.clean else found
