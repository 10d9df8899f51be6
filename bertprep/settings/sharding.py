"""Which examples are made, and how they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, get_args

from bertprep.errors import UsageError
from bertprep.settings.choices import Layout, Masking, OutputFormat, Task
from bertprep.settings.defaults import (
    DEFAULT_SEED,
    DEFAULT_SHORT_SEQ_PROB,
    MAX_SEQ_LENGTH,
    MIN_SEQ_LENGTH,
)
from bertprep.settings.masking import MaskingOptions, usual_predictions
from bertprep.settings.preparing import PrepareOptions
from bertprep.settings.require import require, require_choice
from bertprep.settings.row_length import special_tokens


@dataclass(frozen=True)
class ShardOptions:
    """The options of examples: which to make and how to store them.

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
    masked_lm_prob: float = MaskingOptions.masked_lm_prob
    mask_replace_prob: float = MaskingOptions.mask_replace_prob
    random_replace_prob: float = MaskingOptions.random_replace_prob
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
        require_choice("--task", self.task, get_args(Task))
        require_choice("--masking", self.masking, get_args(Masking))
        _ = self.preparation  # checks what it takes
        require(
            self.word_segmenter == "none" or self.masking != "token",
            f"--word-segmenter {self.word_segmenter} has no effect with --masking token; use "
            "--masking whole-word or span, or none to mask by words when the shards are read",
        )
        require_choice("--output-format", self.output_format, get_args(OutputFormat))
        if self.layout is not None:
            require_choice("--layout", self.layout, get_args(Layout))
        self._check_layout()
        self._check_lengths()
        _ = self.masking_options  # checks what it takes
        require(
            self.short_seq_prob is None or 0 <= self.short_seq_prob <= 1,
            f"--short-seq-prob must be from 0 to 1; got {self.short_seq_prob}",
        )
        require(self.dupe_factor >= 1, f"--dupe-factor must be >= 1; got {self.dupe_factor}")
        require(
            self.num_shards is None or self.num_shards >= 1,
            f"--num-shards must be >= 1 or 'auto'; got {self.num_shards}",
        )

    def _check_lengths(self) -> None:
        require(
            MIN_SEQ_LENGTH <= self.max_seq_length <= MAX_SEQ_LENGTH,
            f"--max-seq-length must be from {MIN_SEQ_LENGTH} to {MAX_SEQ_LENGTH} tokens; "
            f"got {self.max_seq_length}",
        )
        if self.max_predictions_per_seq is None and not 0 < self.masked_lm_prob < 1:
            object.__setattr__(self, "max_predictions_per_seq", 1)  # it is told below
        if self.max_predictions_per_seq is None:
            most = usual_predictions(self.max_seq_length, self.masked_lm_prob)
            object.__setattr__(self, "max_predictions_per_seq", most)
        require(
            1 <= self.max_predictions_per_seq < self.max_seq_length,
            f"--max-predictions-per-seq must be from 1 to {self.max_seq_length - 1} with "
            f"--max-seq-length {self.max_seq_length}; got {self.max_predictions_per_seq}",
        )
        require(
            self.bin_size is None or self._is_bin_size(self.bin_size),
            f"--bin-size must be {MIN_SEQ_LENGTH} or more and divide --max-seq-length "
            f"{self.max_seq_length}, so that the last bin ends there; got {self.bin_size}",
        )

    def _check_layout(self) -> None:
        # Here, as layouts stand on options: each says which of them it has rows for.
        from bertprep.layouts.registry import NAMES, layout_of

        layout = layout_of(self.column_layout)
        layout.check(self)
        if self.pack and not layout.may_pack:
            packable = [name for name in NAMES if layout_of(name).may_pack]
            raise UsageError(
                f"--pack needs --layout {' or '.join(packable)}, which is the default for "
                f"--output-format parquet; got {self.column_layout}"
            )
        require(
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
        """The options that documents are prepared by, before any example is made."""
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
        return DEFAULT_SHORT_SEQ_PROB if self.is_paired else 0.0

    @property
    def is_paired(self) -> bool:
        """Whether each example has an A and a B."""
        return self.task != "none"

    @property
    def special_tokens(self) -> int:
        """How many an example has: [CLS] and its [SEP]s."""
        return special_tokens(self.is_paired)

    @property
    def max_num_tokens(self) -> int:
        """Tokens a row has room for besides [CLS] and its [SEP]s."""
        return self.max_seq_length - self.special_tokens
