"""Options are valid once they exist; what is not is told with the flag and the way out."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from bertprep.errors import UsageError
from bertprep.options import (
    MaskingOptions,
    ReadOptions,
    ShardOptions,
    VocabOptions,
)

LDDL = {"layout": "lddl"}
BERT4KERAS = {"layout": "bert4keras", "task": "none"}

WRONG = [
    (ReadOptions, {"input_format": "pdf"}, "--input-format must be one of auto, text,", "'pdf'"),
    (
        ReadOptions,
        {"documents": "page"},
        "--documents must be one of blank-line, line, f",
        "'page'",
    ),
    (ReadOptions, {"sentences": "words"}, "--sentences must be one of rules, wrapped,", "'words'"),
    (ReadOptions, {"bad_input": "skip"}, "--bad-input must be one of fail, drop", "'skip'"),
    (ReadOptions, {"text_field": ""}, "--text-field must name a key", "''"),
    (VocabOptions, {"unused_tokens": -1}, "--unused-tokens must be >= 0", "-1"),
    (VocabOptions, {"vocab_size": 5}, "--vocab-size must be over 5 (the special and", "5"),
    (VocabOptions, {"vocab_size": 99, "unused_tokens": 94}, "--vocab-size must be over 99", "99"),
    (VocabOptions, {"vocab_size": 2**31}, "--vocab-size must be", "2147483648"),
    (VocabOptions, {"min_frequency": 0}, "--min-frequency must be >= 1", "0"),
    (VocabOptions, {"limit_alphabet": 0}, "--limit-alphabet must be >= 1", "0"),
    (VocabOptions, {"max_token_length": 0}, "--max-token-length must be >= 1", "0"),
    (ShardOptions, {"task": "mlm"}, "--task must be one of nsp, sop, none", "'mlm'"),
    (ShardOptions, {"masking": "word"}, "--masking must be one of token, whole-word", "'word'"),
    (ShardOptions, {"output_format": "csv"}, "--output-format must be one of parquet, ", "'csv'"),
    (ShardOptions, {"layout": "torch"}, "--layout must be one of huggingface, google,", "'torch'"),
    (ShardOptions, {"dupe_factor": 0}, "--dupe-factor must be >= 1", "0"),
    (ShardOptions, {"num_shards": 0}, "--num-shards must be >= 1 or 'auto'", "0"),
    (ShardOptions, {"bin_size": 0}, "--bin-size must be 8 or more and divide --max-seq-l", "0"),
    (ShardOptions, {"bin_size": 48}, "divide --max-seq-length 128, so that the last bin", "48"),
    (ShardOptions, {"bin_size": 256}, "--bin-size must be 8 or more and divide", "256"),
    (ShardOptions, {"pack": True, "bin_size": 32}, "--pack leaves no short rows for", "32"),
    (ShardOptions, {"pack": True, "layout": "google"}, "--pack needs --layout hugging", "google"),
    (
        ShardOptions,
        {"pack": True, "output_format": "tfrecord"},
        "--pack needs --layout huggingface, which is the default for",
        "google",
    ),
    (ShardOptions, {"seed": 2**63}, "--seed must fit a 64-bit integer", "9223372036854775808"),
    (ShardOptions, {"max_seq_length": 7}, "--max-seq-length must be from 8 to 8192 tokens", "7"),
    (ShardOptions, {"max_seq_length": 8193}, "--max-seq-length must be from 8 to 8192", "8193"),
    (ShardOptions, {"max_predictions_per_seq": 0}, "--max-predictions-per-seq must be fr", "0"),
    (ShardOptions, {"max_predictions_per_seq": 128}, "from 1 to 127 with --max-seq-length", "128"),
    # The default of 20 does not fit a row of 16: the message must say which two options clash.
    (
        ShardOptions,
        {"max_seq_length": 16, "max_predictions_per_seq": 20},
        "per-seq must be from 1 to 15 with --max-seq-length 16",
        "20",
    ),
    (ShardOptions, {"masked_lm_prob": 0.0}, "--masked-lm-prob must be between 0 and 1", "0.0"),
    (ShardOptions, {"masked_lm_prob": 1.0}, "--masked-lm-prob must be between 0 and 1", "1.0"),
    (ShardOptions, {"masked_lm_prob": float("nan")}, "--masked-lm-prob must be between 0", "nan"),
    (MaskingOptions, {"masking": "none"}, "--masking must be one of token, whole-word", "'none'"),
    (MaskingOptions, {"max_predictions_per_seq": 0}, "--max-predictions-per-seq must be >=", "0"),
    (MaskingOptions, {"mask_replace_prob": 0.95}, "together at most 1", "0.95 and 0.1"),
    (MaskingOptions, {"random_replace_prob": -0.1}, "must be >= 0 and", "0.8 and -0.1"),
    (ShardOptions, {"mask_replace_prob": float("nan")}, "together at most 1", "nan and 0.1"),
    (ShardOptions, {"short_seq_prob": -0.1}, "--short-seq-prob must be from 0 to 1", "-0.1"),
    (ShardOptions, {"short_seq_prob": 1.5}, "--short-seq-prob must be from 0 to 1", "1.5"),
    (ShardOptions, LDDL | {"output_format": "tfrecord"}, "lddl is for --output-f", "tfrecord"),
    (ShardOptions, LDDL | {"task": "none"}, "lddl is for pairs, as its loader puts", "none"),
    (ShardOptions, LDDL | {"num_shards": 1}, "lddl needs --num-shards 2 or more", "1"),
    (ShardOptions, BERT4KERAS | {"task": "nsp"}, "has no columns for pairs; use --task n", "nsp"),
    (ShardOptions, BERT4KERAS | {"task": "sop"}, "has no columns for pairs; use --task n", "sop"),
    (ShardOptions, BERT4KERAS | {"masking": "none"}, "bert4keras is for masked rows", "none"),
]


@pytest.mark.parametrize(("kind", "values", "expected", "got"), WRONG)
def test_a_wrong_value_is_a_usage_error_with_the_flag_what_is_expected_and_what_came(
    kind: type, values: dict[str, Any], expected: str, got: str
) -> None:
    with pytest.raises(UsageError) as error:
        kind(**values)
    assert expected in str(error.value)
    assert str(error.value).endswith(f"; got {got}")
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (VocabOptions, {"vocab_size": 6}),
        (VocabOptions, {"vocab_size": 100, "unused_tokens": 94}),
        (VocabOptions, {"min_frequency": 1, "limit_alphabet": 1, "max_token_length": 1}),
        (ShardOptions, {"max_seq_length": 8, "max_predictions_per_seq": 7}),
        (ShardOptions, {"max_seq_length": 8192}),
        (ShardOptions, {"max_predictions_per_seq": 1}),
        (ShardOptions, {"short_seq_prob": 0.0}),
        (ShardOptions, {"short_seq_prob": 1.0}),
        (ShardOptions, {"seed": -(2**63)}),
        (ShardOptions, {"seed": 2**63 - 1}),
        (ShardOptions, {"num_shards": 1, "dupe_factor": 1}),
        (MaskingOptions, {"mask_replace_prob": 0.9, "random_replace_prob": 0.1}),
        (MaskingOptions, {"mask_replace_prob": 0.0, "random_replace_prob": 0.0}),
        (ShardOptions, LDDL | {"num_shards": 2, "task": "sop", "masking": "none"}),
        (ShardOptions, BERT4KERAS | {"output_format": "tfrecord", "masking": "span"}),
        (ShardOptions, BERT4KERAS | {"output_format": "parquet", "num_shards": 1}),
        # Google's own second phase.
        (ShardOptions, {"max_seq_length": 512, "max_predictions_per_seq": 76}),
    ],
)
def test_values_at_the_edge_are_taken(kind: type, values: dict[str, Any]) -> None:
    options = kind(**values)
    assert {name: getattr(options, name) for name in values} == values


def test_the_defaults_are_those_of_google_research_bert() -> None:
    options = ShardOptions()
    assert options.max_seq_length == 128
    assert options.max_predictions_per_seq == 20
    assert options.masked_lm_prob == 0.15
    assert options.short_sequence_share == 0.1
    assert options.dupe_factor == 10
    assert options.seed == 12345
    assert (options.task, options.masking) == ("nsp", "token")
    assert VocabOptions().vocab_size == 30522


@pytest.mark.parametrize("options", [ReadOptions(), VocabOptions(), ShardOptions()])
def test_options_do_not_change(options: Any) -> None:
    name = next(iter(options.__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(options, name, getattr(options, name))


@pytest.mark.parametrize(
    ("values", "layout"),
    [
        ({"output_format": "parquet"}, "huggingface"),
        ({"output_format": "tfrecord"}, "google"),
        ({"output_format": "parquet", "layout": "modelgarden"}, "modelgarden"),
        ({"output_format": "tfrecord", "layout": "huggingface"}, "huggingface"),
    ],
)
def test_a_container_has_a_usual_layout(values: dict[str, Any], layout: str) -> None:
    assert ShardOptions(**values).column_layout == layout


def test_lddls_loader_masks_no_words() -> None:
    segmented = {**LDDL, "word_segmenter": "jieba"}
    ShardOptions(**segmented, masking="whole-word")
    with pytest.raises(UsageError, match="jieba has no effect with --layout lddl and --masking n"):
        ShardOptions(**segmented, masking="none")


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ({"task": "nsp"}, 0.1),
        ({"task": "sop"}, 0.1),
        ({"task": "none"}, 0.0),
        ({"task": "none", "short_seq_prob": 0.3}, 0.3),
        ({"task": "nsp", "short_seq_prob": 0.0}, 0.0),
    ],
)
def test_full_sentences_are_not_shortened_unless_asked(
    values: dict[str, Any], share: float
) -> None:
    assert ShardOptions(**values).short_sequence_share == share


def test_a_row_has_room_besides_its_special_tokens() -> None:
    assert ShardOptions(max_seq_length=64, task="nsp").max_num_tokens == 61  # [CLS] A [SEP] B [SEP]
    assert ShardOptions(max_seq_length=64, task="sop").max_num_tokens == 61
    assert ShardOptions(max_seq_length=64, task="none").max_num_tokens == 62  # [CLS] A [SEP]
