"""The options of a run: frozen, and valid once they exist.

Every rule below the command line takes these (or single values of them) as arguments; nothing reads
a flag.  The names are those of google-research/bert's ``create_pretraining_data.py`` where it has
one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal, get_args

from bertprep.errors import UsageError

FileFormat = Literal[
    "text",
    "wikiextractor",
    "mediawiki",
    "jsonl",
    "json-strings",
    "json",
    "wikitext",
    "sentence-pairs",
    "ptb",
    "parquet",
    "arrow",
    "csv",
    "tsv",
    "warc",
    "html",
    "gutenberg",
    "mail",
    "imdb",
    "bookcorpus",
]
InputFormat = Literal["auto", FileFormat]
DocumentRule = Literal["blank-line", "line", "file", "section", "auto"]
SentenceRule = Literal["rules", "wrapped", "lines"]
BadInput = Literal["fail", "drop", "replace"]
Duplicates = Literal["none", "documents", "paragraphs", "lines"]
Normalize = Literal["none", "nfc"]
Task = Literal["nsp", "sop", "none"]
MaskingUnit = Literal["token", "whole-word", "span"]
Masking = Literal["token", "whole-word", "span", "none"]
OutputFormat = Literal["parquet", "tfrecord", "mds"]
Layout = Literal["huggingface", "google", "modelgarden", "lddl", "bert4keras", "ragged", "mds"]

RULES = ("gopher", "c4")

MIN_SEQ_LENGTH = 8
MAX_SEQ_LENGTH = 8192
OFFICIAL_POSITIONS = 512
DEFAULT_SHORT_SEQ_PROB = 0.1
DEFAULT_SEED = 12345


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise UsageError(message)


def usual_predictions(max_seq_length: int, masked_lm_prob: float) -> int:
    """How many tokens of a row are predicted at most, if nothing else is said.

    >>> usual_predictions(128, 0.15), usual_predictions(512, 0.15)
    (20, 77)
    """
    return max(1, min(max_seq_length - 1, math.ceil(max_seq_length * masked_lm_prob - 1e-9)))


def parse_weight(given: str) -> tuple[str, float]:
    """The name and the number of ``NAME=NUMBER``.

    Raises:
        UsageError: if it is none.

    >>> parse_weight("wiki=2.5")
    ('wiki', 2.5)
    """
    name, _, number = given.partition("=")
    _require(
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
# Those with abbreviations of their own, and some whose scripts need none.
_LANGUAGES = (
    "af am ar be bg bn ca cs da de el en es et eu fa fi fr ga gl he hi hr hu hy id is "
    "it ja ka kk ko lt lv mk ml mr nl no pl pt ro ru sk sl sr sv ta te th tr uk ur vi "
    "zh"
)
_WORD_SEGMENTER = re.compile(r"none|jieba(?::.+)?|fugashi|(?!jieba:)\w+(?:\.\w+)*:\w+(?:\.\w+)*")


def _require_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    _require(value in choices, f"{name} must be one of {', '.join(choices)}; got {value!r}")


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
            ``lines`` takes each line as one sentence (the format of Google's script).
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
        LATER: fields that a manifest has only where they say something.
    """

    LATER: ClassVar = (
        "holdout",
        "held_out",
        "excluded",
        "weight",
        "smoothing",
        "mixture_tokens",
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

    def __post_init__(self) -> None:
        _require_choice("--input-format", self.input_format, get_args(InputFormat))
        _require_choice("--documents", self.documents, get_args(DocumentRule))
        _require_choice("--sentences", self.sentences, get_args(SentenceRule))
        _require(
            not self.language or self.language in _LANGUAGES.split(),
            f"--language must be one of {_LANGUAGES}; got {self.language!r}",
        )
        _require(
            not self.encoding or _is_encoding(self.encoding),
            "--encoding must be a text encoding that Python knows, such as gb18030 or cp1252; got "
            f"{self.encoding!r}",
        )
        _require_choice("--bad-input", self.bad_input, get_args(BadInput))
        _require(
            0 <= self.holdout < 1 and (self.holdout > 0 or not self.held_out),
            f"--holdout must be from 0, for none, to below 1; got {self.holdout}",
        )
        object.__setattr__(self, "weight", tuple(sorted(self.weight)))
        names = [name for name, _ in map(parse_weight, self.weight)]
        _require(len(set(names)) == len(names), "--weight names an input twice")
        _require(
            self.smoothing is None or 0 <= self.smoothing <= 1,
            f"--smoothing must be from 0, for equal parts, to 1; got {self.smoothing}",
        )
        _require(
            self.smoothing is None or not self.weight,
            "--weight and --smoothing both say what the proportions are; give one of them",
        )
        _require(
            self.mixture_tokens >= 0
            and (not self.mixture_tokens or bool(self.weight) or self.smoothing is not None),
            "--mixture-tokens is how many there are of a mixture by --weight or --smoothing; got "
            f"{self.mixture_tokens} without one",
        )
        separator = self.document_separator
        if self.documents == "auto":
            is_section = self.sentences == "wrapped" and not separator
            object.__setattr__(self, "documents", "section" if is_section else "blank-line")
        _require(
            separator == separator.strip() and len(separator) <= 60 and "\n" not in separator,
            "--document-separator must be at most 60 characters without white space around; got "
            f"{separator!r}",
        )
        _require(
            not separator or self.documents == "blank-line",
            f"--document-separator and --documents {self.documents} both say what a document is; "
            "give one of them",
        )
        _require(
            all(name.strip() for name in self.text_field.split(",")),
            f"--text-field must name a key, or several between commas; got {self.text_field!r}",
        )


def read_config(options: ReadOptions) -> dict[str, Any]:
    """The options as a manifest has them."""
    values = {each.name: (getattr(options, each.name), each.default) for each in fields(options)}
    return {
        name: value
        for name, (value, usual) in values.items()
        if name not in ReadOptions.LATER or value != usual
    }


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
    decontaminate: tuple[str, ...] = ()
    normalize: Normalize = "none"
    drop_controls: bool = True
    fix_mojibake: bool = False

    def __post_init__(self) -> None:
        _require_choice("--duplicates", self.duplicates, get_args(Duplicates))
        _require_choice("--normalize", self.normalize, get_args(Normalize))
        for name in self.rules:
            _require_choice("--rules", name, RULES)
        near = self.near_duplicates
        _require(
            near is None or 0.3 <= near <= 1,
            f"--near-duplicates must be a share from 0.3 to 1; got {near}",
        )
        _require(
            self.repeated_lines is None or self.repeated_lines >= 1,
            f"--repeated-lines must be >= 1; got {self.repeated_lines}",
        )
        _require(
            self.repeated_lines is None or self.duplicates in ("paragraphs", "lines"),
            "--repeated-lines needs --duplicates lines, or paragraphs: it tells from how many "
            "copies on none is kept",
        )
        _require(self.min_words >= 0, f"--min-words must be >= 0; got {self.min_words}")
        _require(
            self.max_words is None or self.max_words >= max(1, self.min_words),
            f"--max-words must be at least --min-words; got {self.max_words}",
        )
        _require(
            0 <= self.min_script <= 1,
            f"--min-script must be a share from 0 to 1; got {self.min_script}",
        )


@dataclass(frozen=True)
class PrepareOptions:
    """What, besides how they are read and the vocabulary, decides the documents as tokens.

    Attributes:
        word_segmenter: what tells which Chinese or Japanese characters make a word: ``jieba``,
            ``jieba:PATH`` with a dictionary of one's own, ``fugashi``, or ``module:function``, a
            function of one's own from a text to its words.
        seed: of everything random; the documents' keys derive from it, and all else from them.
    """

    word_segmenter: str = "none"
    seed: int = DEFAULT_SEED

    def __post_init__(self) -> None:
        _require(
            _WORD_SEGMENTER.fullmatch(self.word_segmenter) is not None,
            "--word-segmenter must be none, jieba, jieba:PATH (with a dictionary), fugashi or "
            f"module:function; got {self.word_segmenter!r}",
        )
        _require(
            -(2**63) <= self.seed < 2**63, f"--seed must fit a 64-bit integer; got {self.seed}"
        )


@dataclass(frozen=True)
class VocabOptions:
    """What vocabulary to learn.

    Attributes:
        vocab_size: lines of vocab.txt, special and unused tokens included.
        lowercase: lower-case and strip accents (BERT's uncased models).
        min_frequency: a piece of several characters must occur at least so often in the corpus.
        limit_alphabet: how many different characters words may be spelled with; None for as many
            as the text needs.
        max_token_length: characters of the longest piece, without ``##``; None for no limit.
        unused_tokens: how many ``[unusedN]`` to reserve; with 99 or more the special tokens have
            the ids of the official vocabularies (100 to 103).
        keep_accents: lower-case, but keep the accents.
    """

    vocab_size: int = 30522
    lowercase: bool = True
    min_frequency: int = 2
    limit_alphabet: int | None = None
    max_token_length: int | None = None
    unused_tokens: int = 0
    keep_accents: bool = False

    def __post_init__(self) -> None:
        _require(
            self.lowercase or not self.keep_accents,
            "--keep-accents is for --uncased: --cased keeps accents anyway",
        )
        reserved = 5 + self.unused_tokens
        _require(self.unused_tokens >= 0, f"--unused-tokens must be >= 0; got {self.unused_tokens}")
        _require(
            reserved < self.vocab_size < 2**31,
            f"--vocab-size must be over {reserved} (the special and unused tokens); "
            f"got {self.vocab_size}",
        )
        _require(self.min_frequency >= 1, f"--min-frequency must be >= 1; got {self.min_frequency}")
        _require(
            self.limit_alphabet is None or self.limit_alphabet >= 1,
            f"--limit-alphabet must be >= 1; got {self.limit_alphabet}",
        )
        _require(
            self.max_token_length is None or self.max_token_length >= 1,
            f"--max-token-length must be >= 1; got {self.max_token_length}",
        )


@dataclass(frozen=True)
class RunOptions:
    """How to run: on what, with how many processes, and where to.

    Attributes:
        output: the folder to write; it must be empty or new.
        overwrite: replace what bertprep wrote there before.
        resume: go on with a run that was broken off.
        work_dir: a folder for the work files; None for below the output.
        workers: processes on this machine; None for one per core, as far as the input is worth it.
        strict: take warnings for errors, and write nothing.
        wait: go on until the job is done; if not, it is left to the runner it was given to.
        dry_run: say what would be read and written, and write nothing.
        beam_args: options of Beam, as they are typed.
        command: the arguments that were typed, for the record of the run.
    """

    output: str
    overwrite: bool = False
    resume: bool = False
    work_dir: str | None = None
    workers: int | None = None
    strict: bool = False
    wait: bool = True
    dry_run: bool = False
    beam_args: Sequence[str] = field(default_factory=tuple)
    command: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class MaskingOptions:
    """What is masked, how much of it, and what is shown instead.

    Attributes:
        masking: the unit that is masked: a token, all pieces of a word, or a span of words.
        masked_lm_prob: share of a row's tokens to predict.
        max_predictions_per_seq: P, the most tokens of a row to predict; None for no limit.
        mask_replace_prob: share of the predicted tokens that are shown as [MASK].
        random_replace_prob: share that is shown as a random token; the others stay as they are.
    """

    masking: MaskingUnit = "token"
    masked_lm_prob: float = 0.15
    max_predictions_per_seq: int | None = None
    mask_replace_prob: float = 0.8
    random_replace_prob: float = 0.1

    def __post_init__(self) -> None:
        _require_choice("--masking", self.masking, get_args(MaskingUnit))
        _require(
            0 < self.masked_lm_prob < 1,
            f"--masked-lm-prob must be between 0 and 1; got {self.masked_lm_prob}",
        )
        _require(
            self.max_predictions_per_seq is None or self.max_predictions_per_seq >= 1,
            f"--max-predictions-per-seq must be >= 1; got {self.max_predictions_per_seq}",
        )
        shares = self.mask_replace_prob, self.random_replace_prob
        _require(
            min(shares) >= 0 and sum(shares) <= 1 + 1e-9,
            "--mask-replace-prob and --random-replace-prob must be >= 0 and together at most 1; "
            f"got {shares[0]} and {shares[1]}",
        )


@dataclass(frozen=True)
class ShardOptions:
    """What examples to make and how to store them.

    Attributes:
        task: ``nsp`` (BERT's next sentence prediction), ``sop`` (ALBERT's sentence order) or
            ``none`` (full sentences, no pairs: RoBERTa).
        masking: the unit that is masked: a token, all pieces of a word, or a span of words;
            ``none`` stores rows without masks, for a loader to mask whenever it reads them.
        word_segmenter: what tells which Chinese or Japanese characters make a word, as in
            PrepareOptions, for whole-word masking.
        max_seq_length: L, tokens of a row with [CLS] and [SEP]s.
        max_predictions_per_seq: P, the most tokens of a row to predict; None for that share of L,
            rounded up, so that no row is capped: 20 for 128, 77 for 512.
        masked_lm_prob: share of a row's tokens to predict.
        mask_replace_prob, random_replace_prob: what is shown of them, as in MaskingOptions.
        short_seq_prob: share of documents, per pass, with a randomly shorter target length; None
            means 0.1, and 0 for the task ``none``, as in RoBERTa.
        dupe_factor: passes over the corpus, each with its own pairs and masks.
        seed: of everything random.
        output_format: the container.
        layout: column names and types; None takes the container's usual one.
        num_shards: output files; None lets the amount of data decide.
        bin_size: N, for shards by length: rows of 1 to N tokens, of N + 1 to 2N, ...; None for one
            bin of all.
        pack: put several examples into one row, so that next to nothing is padding.
        origins: write which documents each row comes from, beside the shards.
    """

    LATER: ClassVar[tuple[str, ...]] = ("origins",)

    task: Task = "nsp"
    masking: Masking = "token"
    word_segmenter: str = "none"
    max_seq_length: int = 128
    max_predictions_per_seq: int = None  # type: ignore[assignment]  # until it is checked
    masked_lm_prob: float = 0.15
    mask_replace_prob: float = 0.8
    random_replace_prob: float = 0.1
    short_seq_prob: float | None = None
    dupe_factor: int = 10
    seed: int = DEFAULT_SEED
    output_format: OutputFormat = "parquet"
    layout: Layout | None = None
    num_shards: int | None = None
    bin_size: int | None = None
    pack: bool = False
    origins: bool = False

    def __post_init__(self) -> None:
        _require_choice("--task", self.task, get_args(Task))
        _require_choice("--masking", self.masking, get_args(Masking))
        _ = self.preparation  # checks what it takes
        _require(
            self.word_segmenter == "none" or self.masking != "token",
            f"--word-segmenter {self.word_segmenter} has no effect with --masking token; use "
            "--masking whole-word or span, or none to mask by words when the shards are read",
        )
        _require_choice("--output-format", self.output_format, get_args(OutputFormat))
        if self.layout is not None:
            _require_choice("--layout", self.layout, get_args(Layout))
        self._check_layout()
        self._check_lengths()
        _ = self.masking_options  # checks what it takes
        _require(
            self.short_seq_prob is None or 0 <= self.short_seq_prob <= 1,
            f"--short-seq-prob must be from 0 to 1; got {self.short_seq_prob}",
        )
        _require(self.dupe_factor >= 1, f"--dupe-factor must be >= 1; got {self.dupe_factor}")
        _require(
            self.num_shards is None or self.num_shards >= 1,
            f"--num-shards must be >= 1 or 'auto'; got {self.num_shards}",
        )

    def _check_lengths(self) -> None:
        _require(
            MIN_SEQ_LENGTH <= self.max_seq_length <= MAX_SEQ_LENGTH,
            f"--max-seq-length must be from {MIN_SEQ_LENGTH} to {MAX_SEQ_LENGTH} tokens; "
            f"got {self.max_seq_length}",
        )
        if self.max_predictions_per_seq is None and not 0 < self.masked_lm_prob < 1:
            object.__setattr__(self, "max_predictions_per_seq", 1)  # it is told below
        if self.max_predictions_per_seq is None:
            most = usual_predictions(self.max_seq_length, self.masked_lm_prob)
            object.__setattr__(self, "max_predictions_per_seq", most)
        _require(
            1 <= self.max_predictions_per_seq < self.max_seq_length,
            f"--max-predictions-per-seq must be from 1 to {self.max_seq_length - 1} with "
            f"--max-seq-length {self.max_seq_length}; got {self.max_predictions_per_seq}",
        )
        _require(
            self.bin_size is None or self._is_bin_size(self.bin_size),
            f"--bin-size must be {MIN_SEQ_LENGTH} or more and divide --max-seq-length "
            f"{self.max_seq_length}, so that the last bin ends there; got {self.bin_size}",
        )

    def _check_layout(self) -> None:
        # Here, as layouts stand on options: each says which of them it has rows for.
        from bertprep.layouts.registry import LAYOUTS

        LAYOUTS[self.column_layout].check(self)
        _require(
            self.output_format != "mds" or LAYOUTS[self.column_layout].usual_container == "mds",
            f"--output-format mds is for --layout mds; got {self.column_layout}",
        )
        packable = [layout.name for layout in LAYOUTS.values() if layout.may_pack]
        _require(
            not self.pack or self.column_layout in packable,
            f"--pack needs --layout {' or '.join(packable)}, which is the default for "
            f"--output-format parquet; got {self.column_layout}",
        )
        _require(
            not self.pack or self.bin_size is None,
            f"--pack leaves no short rows for --bin-size; give one of them; got {self.bin_size}",
        )

    def _is_bin_size(self, size: int) -> bool:
        return size >= MIN_SEQ_LENGTH and self.max_seq_length % size == 0

    @property
    def masking_options(self) -> MaskingOptions | None:
        """How the stored rows are masked; None for rows without masks."""
        if self.masking == "none":
            return None
        return MaskingOptions(
            self.masking,
            self.masked_lm_prob,
            self.max_predictions_per_seq,
            self.mask_replace_prob,
            self.random_replace_prob,
        )

    @property
    def preparation(self) -> PrepareOptions:
        """What of these the documents are prepared by, before any example is made."""
        return PrepareOptions(self.word_segmenter, self.seed)

    @property
    def column_layout(self) -> Layout:
        """The layout asked for, or the one its container's readers expect."""
        if self.layout is not None:
            return self.layout
        usual: dict[OutputFormat, Layout] = {"tfrecord": "google", "mds": "mds"}
        return usual.get(self.output_format, "huggingface")

    @property
    def short_sequence_share(self) -> float:
        """short_seq_prob with its default resolved for the task."""
        if self.short_seq_prob is not None:
            return self.short_seq_prob
        return 0.0 if self.task == "none" else DEFAULT_SHORT_SEQ_PROB

    @property
    def max_num_tokens(self) -> int:
        """Tokens a row has room for besides [CLS] and its [SEP]s."""
        return self.max_seq_length - (2 if self.task == "none" else 3)
