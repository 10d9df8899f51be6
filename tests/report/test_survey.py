"""What a survey counts, against rows counted by hand, in every container and layout."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.errors import InputError
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.options import Layout, ShardOptions
from bertprep.report.survey import Survey, survey_shard
from bertprep.shards.tfrecord_writing import encode_tfrecord
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.laid_out import lay_out

Columns = dict[str, NDArray[Any]]

VOCABULARY = Vocabulary(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcd"), lowercase=True)
A, B, C, D = range(5, 9)
CONTAINERS = pytest.mark.parametrize("container", ["parquet", "tfrecord"])
LAYOUTS = pytest.mark.parametrize("layout", ["huggingface", "google", "modelgarden"])

# [CLS] a b [SEP] c c [SEP], [CLS] d [SEP] d [SEP], [CLS] a [UNK] [SEP] a [SEP]; of the first b is
# hidden, and a c replaced.
IDS = np.array(
    [[2, A, B, 3, C, C, 3, 0], [2, D, 3, D, 3, 0, 0, 0], [2, A, 1, 3, A, 3, 0, 0]], np.int32
)
LENGTHS = {7: 1, 5: 1, 6: 1}
COUNTS = [0, 1, 3, 6, 0, 3, 1, 2, 2]


def rows_of(is_masked: bool = True) -> tuple[Examples, Masks | None]:
    n = len(IDS)
    second, lengths = np.array([4, 3, 4]), np.array([7, 5, 6])
    joined = np.zeros(IDS.shape, np.bool_)
    keys, labels = np.arange(n, dtype=np.uint64), np.array([0, 1, 0], np.int8)
    examples = Examples(keys, IDS, lengths, second, labels, joined)
    if not is_masked:
        return examples, None
    shown = IDS.copy()
    shown[0, [2, 5]] = 4, D
    positions = np.array([[2, 5], [0, 0], [0, 0]])
    answers = np.array([[B, C], [0, 0], [0, 0]], np.int32)
    return examples, Masks(shown, positions, answers, np.array([2, 0, 0]), np.array([2, 1, 1]))


def columns_of(layout: Layout, is_masked: bool = True) -> Columns:
    return lay_out(*rows_of(is_masked), layout, "nsp")


def shard_of(columns: Columns, container: str, row_group: int = 2) -> tuple[bytes, str]:
    if container == "tfrecord":
        return encode_tfrecord(columns), "x.tfrecord"
    stream = io.BytesIO()
    arrays = {
        name: pa.array(values)
        if values.ndim == 1
        else pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])
        for name, values in columns.items()
    }
    pq.write_table(pa.table(arrays), stream, row_group_size=row_group)
    return stream.getvalue(), "x.parquet"


def surveyed(shard: tuple[bytes, str], rows: int, **options: Any) -> Survey:
    container = shard[1].removeprefix("x.")
    made = ShardOptions(
        max_seq_length=8, max_predictions_per_seq=2, output_format=container, **options
    )
    rules = Rules(made, VOCABULARY)
    survey = Survey.empty(rules)
    survey_shard(io.BytesIO(shard[0]), shard[1], rows, rules, survey)
    return survey


def check(survey: Survey, rows: int, lengths: dict[int, int], counts: list[int]) -> None:
    assert survey.rows == rows
    assert {n: count for n, count in enumerate(survey.lengths.tolist()) if count} == lengths
    assert survey.counts.tolist() == counts


@CONTAINERS
@LAYOUTS
@pytest.mark.parametrize("is_masked", [True, False])
def test_rows_counted_by_hand(layout: Layout, container: str, is_masked: bool) -> None:
    shard = shard_of(columns_of(layout, is_masked), container)
    how = {"layout": layout, "masking": "token" if is_masked else "none"}
    check(surveyed(shard, 3, **how), 3, LENGTHS, COUNTS)
    check(surveyed(shard, 1, **how), 1, {7: 1}, [0, 0, 1, 2, 0, 1, 1, 2, 0])
    check(surveyed(shard, 0, **how), 0, {}, [0] * 9)


@pytest.mark.parametrize("is_masked", [True, False])
def test_rows_of_lddl(is_masked: bool) -> None:
    examples, masks = rows_of(is_masked)
    columns = lay_out(examples, masks, "lddl", "nsp", VOCABULARY)
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    how = {"layout": "lddl", "masking": "token" if is_masked else "none", "num_shards": 2}
    check(surveyed((stream.getvalue(), "x.parquet"), 3, **how), 3, LENGTHS, COUNTS)


@CONTAINERS
def test_rows_of_bert4keras(container: str) -> None:
    shard = shard_of(columns_of("bert4keras"), container)
    check(surveyed(shard, 3, layout="bert4keras", task="none"), 3, LENGTHS, COUNTS)


def test_rows_that_cannot_be_read_back() -> None:
    columns = columns_of("bert4keras")
    columns["mask_ids"][1, 1] = 99
    with pytest.raises(InputError, match=r"shard: mask_ids\[1\]: expected 0 or 1 more than"):
        surveyed(shard_of(columns, "parquet"), 3, layout="bert4keras", task="none")


def test_rows_with_several_examples() -> None:
    ids = np.array([[2, A, 3, 2, B, C, 3, 0], [2, A, 3, 2, 1, 3, 2, D]])
    columns = {
        "input_ids": ids,
        "attention_mask": (ids > 0).astype(np.int64),
        "token_type_ids": np.zeros_like(ids),
        "labels": np.full_like(ids, -100),
        "position_ids": ids,
        "sequence_ids": ids,
    }
    survey = surveyed(shard_of(columns, "parquet"), 2, pack=True, layout="huggingface")
    check(survey, 2, {3: 3, 4: 1, 2: 1}, [0, 1, 5, 4, 0, 2, 1, 1, 1])


def test_a_sample_comes_from_all_over_a_parquet_file() -> None:
    columns = {name: np.repeat(v, 40, axis=0) for name, v in columns_of("huggingface").items()}
    # Row groups of ten rows: four with each of the rows.
    survey = surveyed(shard_of(columns, "parquet", row_group=10), 30)
    check(survey, 30, {7: 10, 5: 10, 6: 10}, [10 * count for count in COUNTS])
    assert surveyed(shard_of(columns, "parquet", row_group=10), 33).rows == 33


@CONTAINERS
def test_a_damaged_shard_is_named(container: str) -> None:
    data, path = shard_of(columns_of("google"), container)
    for damaged in (data[:-7], data[:40] + b"?" + data[41:], bytes(len(data))):
        with pytest.raises(InputError, match=rf"^{path} cannot be read as a shard: "):
            surveyed((damaged, path), 3, layout="google")


@CONTAINERS
def test_what_no_vocabulary_and_no_length_allows(container: str) -> None:
    columns = columns_of("huggingface")
    columns["input_ids"] = columns["input_ids"].copy()
    for wrong in (9, -1):
        columns["input_ids"][1, 1] = wrong
        with pytest.raises(InputError, match=f"shard: expected a token id below 9, got {wrong}"):
            surveyed(shard_of(columns, container), 3, layout="huggingface")
