"""Shards back to text: rows worked by hand, in every layout and container."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.errors import InputError
from bertprep.options import ShardOptions
from bertprep.report import decode
from bertprep.report.decode import DecodedRow, Token, read_rows, text_of
from bertprep.shards.tfrecord_writing import encode_tfrecord
from bertprep.vocabulary.vocabulary import Vocabulary

TOKENS = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *("what", "do", "pandas", "eat", "other", "than", "bam", "##boo", "?", "table", "they", "rest"),
)
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
LAYOUTS = pytest.mark.parametrize("layout", ["huggingface", "google", "modelgarden"])
CONTAINERS = pytest.mark.parametrize("container", ["parquet", "tfrecord"])

# What the model sees; where a token is to be predicted, and which.
SEEN = [
    "[CLS] what do [MASK] table other than bam [MASK] ? [SEP] they rest [SEP] [PAD]",
    "[CLS] ##boo ? [SEP] bam ##boo [SEP] [PAD] [PAD] [PAD] [PAD] [PAD] [PAD] [PAD] [PAD]",
]
TYPES = [[0] * 11 + [1] * 3 + [0], [0] * 4 + [1] * 3 + [0] * 8]
LENGTHS = [14, 7]
ANSWERS = [{3: "pandas", 4: "eat", 8: "##boo", 9: "?"}, {5: "##boo"}]
LABELS = [1, 0]
DECODED = [
    DecodedRow(
        "what do [MASK](pandas) table(eat) other than bam [MASK](##boo) ?(?)", "they rest", 1
    ),
    DecodedRow("##boo ?", "bamboo(##boo)", 0),
]


def columns_of(layout):
    input_ids = np.array([[TOKENS.index(token) for token in row.split()] for row in SEEN])
    mask = (np.arange(15) < np.array(LENGTHS)[:, None]).astype(np.int64)
    labels, positions = np.full((2, 15), -100), np.zeros((2, 5), np.int64)
    masked_ids, weights = np.zeros((2, 5), np.int64), np.zeros((2, 5), np.float32)
    for row, answers in enumerate(ANSWERS):
        for slot, (position, token) in enumerate(answers.items()):
            labels[row, position] = masked_ids[row, slot] = TOKENS.index(token)
            positions[row, slot], weights[row, slot] = position, 1
    if layout == "huggingface":
        return {
            "input_ids": input_ids,
            "token_type_ids": np.array(TYPES),
            "attention_mask": mask,
            "labels": labels,
            "next_sentence_label": np.array(LABELS),
        }
    garden = layout == "modelgarden"
    return {
        "input_word_ids" if garden else "input_ids": input_ids,
        "input_mask": mask,
        "input_type_ids" if garden else "segment_ids": np.array(TYPES),
        "masked_lm_positions": positions,
        "masked_lm_ids": masked_ids,
        "masked_lm_weights": weights,
        "next_sentence_labels": np.array(LABELS)[:, None],
    }


def shard(columns, container):
    """The bytes of a file of them, and a name for it."""
    if container == "tfrecord":
        return encode_tfrecord({k: v.reshape(len(v), -1) for k, v in columns.items()}), "x.tfrecord"
    stream = io.BytesIO()
    pq.write_table(pa.table({name: pa.array(list(v)) for name, v in columns.items()}), stream)
    return stream.getvalue(), "x.parquet"


def rows_of(data, path, limit=10):
    return read_rows(io.BytesIO(data), path, limit, path.removeprefix("x."))


def decode_rows(columns, layout="huggingface"):
    """The rows with A and B as text."""
    rows = decode.decode_rows(columns, ShardOptions(layout=layout), VOCABULARY)
    return [row._replace(a=text_of(row.a), b=row.b and text_of(row.b)) for row in rows]


@CONTAINERS
@LAYOUTS
def test_a_case_worked_by_hand(layout, container):
    data, path = shard(columns_of(layout), container)
    assert decode_rows(rows_of(data, path), layout) == DECODED


@CONTAINERS
def test_no_more_rows_than_asked_for(container):
    data, path = shard(columns_of("google"), container)
    assert decode_rows(rows_of(data, path, limit=1), "google") == DECODED[:1]


def test_a_row_without_a_second_segment_nor_padding():
    columns = {
        name: values[:1, :11]
        for name, values in columns_of("huggingface").items()
        if values.ndim == 2
    }
    columns["token_type_ids"][:] = 0
    assert decode_rows(columns) == [DecodedRow(DECODED[0].a, None, None)]


def test_each_example_of_a_packed_row_is_decoded():
    columns = columns_of("huggingface")
    packed = {
        name: np.concatenate([values[1, :7], values[0, :14]])[None]
        for name, values in columns.items()
        if values.ndim == 2
    }
    packed |= {
        "position_ids": np.array([[*range(7), *range(14)]]),
        "sequence_ids": np.array([[1] * 7 + [2] * 14]),
        "next_sentence_label": np.array([[0, 1, -100, -100]]),
        "cls_positions": np.array([[0, 7, 0, 0]]),
    }
    assert decode_rows(packed) == DECODED[::-1]


def test_the_label_of_sentence_order():
    columns = columns_of("huggingface")
    columns["sentence_order_label"] = columns.pop("next_sentence_label")
    assert decode_rows(columns) == DECODED


@CONTAINERS
def test_a_damaged_shard_is_named(container):
    data, path = shard(columns_of("google"), container)
    with pytest.raises(InputError, match=rf"{path} cannot be read as a shard"):
        rows_of(data[:-9], path)
    with pytest.raises(InputError, match=rf"{path} cannot be read as a shard"):
        rows_of(b"Once upon a time there was a file that is no shard." * 3, path)


def test_an_empty_shard_has_no_rows():
    empty = {name: values[:0] for name, values in columns_of("google").items()}
    stream = io.BytesIO()
    pq.write_table(pa.table({name: pa.array([], pa.list_(pa.int64())) for name in empty}), stream)
    assert rows_of(stream.getvalue(), "x.parquet") == {}
    assert rows_of(b"", "x.tfrecord") == {}


@pytest.mark.parametrize("missing", ["input_ids", "input_mask", "segment_ids", "masked_lm_ids"])
def test_a_missing_column_is_named(missing):
    columns = columns_of("google")
    del columns[missing]
    with pytest.raises(InputError, match=rf"no column .*{missing}.*; its columns: "):
        decode_rows(columns, "google")


def test_what_was_done_to_a_token():
    kinds = [Token(*pair).kind for pair in [("a", None), ("[MASK]", "a"), ("b", "a"), ("a", "a")]]
    assert kinds == [None, "masked", "random", "kept"]


@LAYOUTS
def test_rows_without_masks(layout):
    names = ("labels", "masked_lm_positions", "masked_lm_ids", "masked_lm_weights")
    columns = {name: v for name, v in columns_of(layout).items() if name not in names}
    columns["word_starts"] = np.zeros((2, 15), np.int64)
    first, second = decode_rows(columns, layout)
    assert first.a == "what do [MASK] table other than bam [MASK] ?"
    assert second.b == "bamboo"
    assert decode.rows_of(columns, ShardOptions(layout=layout), VOCABULARY).answers is None


def test_each_example_of_a_packed_row():
    rows = columns_of("huggingface")
    columns = {
        name: np.concatenate([rows[name][0, :14], rows[name][1, :7]])[None]
        for name in ("input_ids", "token_type_ids", "labels")
    }
    columns["attention_mask"] = np.array([[1] * 14 + [2] * 7])
    columns["next_sentence_label"] = np.array([[*LABELS, -100]])
    assert decode_rows(columns) == DECODED
