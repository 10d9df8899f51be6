"""Which rows are to be made, checked once it is said."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.errors import UsageError
from bertprep.settings.sharding import ShardOptions
from tests.refusals import check_refused, check_taken

LDDL = {"layout": "lddl"}
BERT4KERAS = {"layout": "bert4keras", "task": "none"}

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"task": "mlm"}, "--task must be one of nsp, sop, none", "'mlm'"),
    ({"masking": "word"}, "--masking must be one of token, whole-word", "'word'"),
    ({"output_format": "csv"}, "--output-format must be one of parquet, ", "'csv'"),
    ({"layout": "torch"}, "--layout must be one of huggingface, google,", "'torch'"),
    ({"dupe_factor": 0}, "--dupe-factor must be >= 1", "0"),
    ({"num_shards": 0}, "--num-shards must be >= 1 or 'auto'", "0"),
    ({"bin_size": 0}, "--bin-size must be 8 or more and divide --max-seq-l", "0"),
    ({"bin_size": 48}, "divide --max-seq-length 128, so that the last bin", "48"),
    ({"bin_size": 256}, "--bin-size must be 8 or more and divide", "256"),
    ({"pack": True, "bin_size": 32}, "--pack leaves no short rows for", "32"),
    ({"pack": True, "layout": "google"}, "--pack needs --layout hugging", "google"),
    (
        {"pack": True, "output_format": "tfrecord"},
        "--pack needs --layout huggingface, which is the default for",
        "google",
    ),
    ({"seed": 2**63}, "--seed must fit a 64-bit integer", "9223372036854775808"),
    ({"max_seq_length": 7}, "--max-seq-length must be from 8 to 8192 tokens", "7"),
    ({"max_seq_length": 8193}, "--max-seq-length must be from 8 to 8192", "8193"),
    ({"max_predictions_per_seq": 0}, "--max-predictions-per-seq must be fr", "0"),
    ({"max_predictions_per_seq": 128}, "from 1 to 127 with --max-seq-length", "128"),
    (
        {"max_seq_length": 16, "max_predictions_per_seq": 20},
        "per-seq must be from 1 to 15 with --max-seq-length 16",
        "20",
    ),
    ({"masked_lm_prob": 0.0}, "--masked-lm-prob must be between 0 and 1", "0.0"),
    ({"masked_lm_prob": 1.0}, "--masked-lm-prob must be between 0 and 1", "1.0"),
    ({"masked_lm_prob": float("nan")}, "--masked-lm-prob must be between 0", "nan"),
    ({"mask_replace_prob": float("nan")}, "together at most 1", "nan and 0.1"),
    ({"short_seq_prob": -0.1}, "--short-seq-prob must be from 0 to 1", "-0.1"),
    ({"short_seq_prob": 1.5}, "--short-seq-prob must be from 0 to 1", "1.5"),
    (LDDL | {"output_format": "tfrecord"}, "lddl is for --output-f", "tfrecord"),
    (LDDL | {"task": "none"}, "lddl is for pairs, as its loader puts", "none"),
    (LDDL | {"num_shards": 1}, "lddl needs --num-shards 2 or more", "1"),
    (BERT4KERAS | {"task": "nsp"}, "has no columns for pairs; use --task n", "nsp"),
    (BERT4KERAS | {"task": "sop"}, "has no columns for pairs; use --task n", "sop"),
    (BERT4KERAS | {"masking": "none"}, "bert4keras is for masked rows", "none"),
]


@pytest.mark.parametrize(("values", "expected", "got"), WRONG)
def test_a_wrong_value_is_told(values: dict[str, Any], expected: str, got: str) -> None:
    check_refused(ShardOptions, values, expected, got)


@pytest.mark.parametrize(
    "values",
    [
        {"max_seq_length": 8, "max_predictions_per_seq": 7},
        {"max_seq_length": 8192},
        {"max_predictions_per_seq": 1},
        {"short_seq_prob": 0.0},
        {"short_seq_prob": 1.0},
        {"seed": -(2**63)},
        {"seed": 2**63 - 1},
        {"num_shards": 1, "dupe_factor": 1},
        LDDL | {"num_shards": 2, "task": "sop", "masking": "none"},
        BERT4KERAS | {"output_format": "tfrecord", "masking": "span"},
        BERT4KERAS | {"output_format": "parquet", "num_shards": 1},
        {"max_seq_length": 512, "max_predictions_per_seq": 76},
    ],
)
def test_values_at_the_edge_are_taken(values: dict[str, Any]) -> None:
    check_taken(ShardOptions, values)


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
