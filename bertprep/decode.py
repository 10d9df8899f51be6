"""Shards back to readable text, masks and answers shown."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bertprep.errors import InputError
from bertprep.layout import IGNORED_LABEL, LABEL_NAMES
from bertprep.pack import places_of, unpack
from bertprep.tfrecord import TFRecordError, read_columns
from bertprep.vocabulary import CLS, CONTINUING, PAD, SEP


class DecodedRow(NamedTuple):
    """One example: its text, A and B apart, and its label (None where the task has none).

    What the model sees is joined to words; behind what it has to predict stands the answer:
    ``[MASK](pandas)``, ``table(pandas)`` where a random token took its place, ``pandas(pandas)``
    where it was kept, ``bam [MASK](##boo)`` where it continues a word.
    """

    a: str
    b: str | None
    label: int | None


def read_rows(stream: BinaryIO, path: str, limit: int) -> dict[str, NDArray[Any]]:
    """The first rows of a shard, whatever its container and layout, as matrices by column."""
    try:
        if path.endswith(".tfrecord"):
            return read_columns(stream, path, limit)
        with pq.ParquetFile(stream) as file:
            batch = next(file.iter_batches(batch_size=limit), None)
    except (TFRecordError, OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a shard: {error}") from None
    if batch is None:
        return {}
    return {name: _values(batch.column(name)) for name in batch.schema.names}


def _values(column: Any) -> NDArray[Any]:
    # As numpy's bytes, a value would lose the zeros it ends with.
    kind = object if column.type in (pa.string(), pa.binary()) else None
    return np.array(column.to_pylist(), kind)


def decode_rows(columns: Mapping[str, NDArray[Any]], tokens: Sequence[str]) -> list[DecodedRow]:
    """Readable rows of any layout's columns; of packed ones each example is a row."""
    if "A" in columns:
        return _decode_texts(columns)
    if "token_ids" in columns:
        columns = _from_bert4keras(columns, tokens)
    if "sequence_ids" in columns:
        columns = unpack(columns, places_of(columns["sequence_ids"]), pad_id=0)
    ids = _column(columns, "input_ids", "input_word_ids")
    mask = _column(columns, "attention_mask", "input_mask")
    types = _column(columns, "token_type_ids", "segment_ids", "input_type_ids")
    answers = _answers(columns, ids)
    label_column = next((columns[name] for name in LABEL_NAMES if name in columns), None)
    rows = []
    for row in range(len(ids)):
        length = int(mask[row].sum())
        words = [
            _shown(tokens, int(ids[row, i]), int(answers[row, i])) for i in range(1, length - 1)
        ]
        second = np.flatnonzero(types[row, :length] == 1)
        a_end = int(second[0]) - 2 if len(second) else length - 2
        b = _joined(words[a_end + 1 :]) if len(second) else None
        label = None if label_column is None else int(np.ravel(label_column[row])[0])
        rows.append(DecodedRow(_joined(words[:a_end]), b, label))
    return rows


def _decode_texts(columns: Mapping[str, NDArray[Any]]) -> list[DecodedRow]:
    """Rows of the lddl layout."""
    rows = []
    for row, is_random in enumerate(columns["is_random_next"].tolist()):
        a, b = (columns[name][row].split() for name in ("A", "B"))
        words = [CLS, *a, SEP, *b, SEP]
        if "masked_lm_positions" in columns:
            positions = np.load(io.BytesIO(columns["masked_lm_positions"][row])).tolist()
            answers = columns["masked_lm_labels"][row].split()
            for position, answer in zip(positions, answers, strict=True):
                words[position] += f"({answer})"
        end = len(a) + 1
        rows.append(DecodedRow(_joined(words[1:end]), _joined(words[end + 1 : -1]), int(is_random)))
    return rows


def _from_bert4keras(
    columns: Mapping[str, NDArray[Any]], tokens: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Rows of the bert4keras layout in the columns of huggingface's."""
    ids, mask_ids = columns["token_ids"], columns["mask_ids"]
    predicted = mask_ids != 0
    return {
        "input_ids": np.where(predicted, mask_ids - 1, ids),
        "attention_mask": ids != tokens.index(PAD),
        "token_type_ids": np.zeros_like(ids),
        "labels": np.where(predicted, ids, IGNORED_LABEL),
    }


def _column(columns: Mapping[str, NDArray[Any]], *names: str) -> NDArray[Any]:
    for name in names:
        if name in columns:
            return columns[name]
    raise InputError(f"the shard has no column {' or '.join(names)}; its columns: {list(columns)}")


def _answers(columns: Mapping[str, NDArray[Any]], ids: NDArray[Any]) -> NDArray[np.int64]:
    """int64[n, L]: the token to predict at each position, or -100."""
    if "labels" in columns:
        return columns["labels"]
    if "word_starts" in columns:
        return np.full(ids.shape, IGNORED_LABEL, np.int64)
    names = ("masked_lm_weights", "masked_lm_positions", "masked_lm_ids")
    weights, positions, predicted = (_column(columns, name) for name in names)
    answers = np.full(ids.shape, IGNORED_LABEL, np.int64)
    row, slot = np.nonzero(weights > 0)
    answers[row, positions[row, slot]] = predicted[row, slot]
    return answers


def _shown(tokens: Sequence[str], seen: int, answer: int) -> str:
    if answer == IGNORED_LABEL:
        return tokens[seen]
    return f"{tokens[seen]}({tokens[answer]})"


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).replace(f" {CONTINUING}", "")
