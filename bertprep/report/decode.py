"""Shards back to readable text, masks and answers shown."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.errors import InputError
from bertprep.layouts.layout import IDS_NAMES, IGNORED_LABEL, LABEL_NAMES, MASK_NAMES, TYPES_NAMES
from bertprep.shards.blocks import UNREADABLE, brief, open_parquet
from bertprep.shards.tfrecord import read_columns
from bertprep.vocabulary.vocabulary import CLS, CONTINUING, MASK, PAD

_ANSWER_COLUMN = "labels"
_SLOT_COLUMNS = ("masked_lm_weights", "masked_lm_positions", "masked_lm_ids")

_MEANINGS = {
    ("nsp", 0): "B follows A",
    ("nsp", 1): "B is random",
    ("sop", 0): "in order",
    ("sop", 1): "swapped",
}


class Token(NamedTuple):
    """What the model sees, and what it has to predict there (None: nothing)."""

    seen: str
    answer: str | None

    @property
    def kind(self) -> str | None:
        """What was done to what is to be predicted: ``masked``, ``random`` or ``kept``."""
        if self.answer is None:
            return None
        if self.seen == MASK:
            return "masked"
        return "kept" if self.seen == self.answer else "random"


class DecodedRow(NamedTuple):
    """One example: its tokens, A and B apart, and its label (None where the task has none)."""

    a: list[Token]
    b: list[Token] | None
    label: int | None


class Rows(NamedTuple):
    """n rows, whatever their layout calls their columns.

    Attributes:
        ids: int[n, L], what the model sees.
        inside: bool[n, L], what is no padding.
        is_second: bool[n, L], B and its [SEP].
        answers: int[n, L], what is to predict at each position, or -100; None where that is
            decided when a row is read.
        labels: int[n, k] of k pairs in each row; None where there are none.
    """

    ids: NDArray[Any]
    inside: NDArray[np.bool_]
    is_second: NDArray[np.bool_]
    answers: NDArray[Any] | None
    labels: NDArray[Any] | None


def read_rows(stream: BinaryIO, path: str, limit: int) -> dict[str, NDArray[Any]]:
    """The first rows of a shard, whatever its container and layout, as matrices by column."""
    try:
        if path.endswith(".tfrecord"):
            return read_columns(stream, path, limit)
        with open_parquet(stream) as file:
            batch = next(file.iter_batches(batch_size=limit), None)
    except UNREADABLE as error:
        raise InputError(f"{path} cannot be read as a shard: {brief(error)}") from None
    if batch is None:
        return {}
    return {name: _values(batch.column(name)) for name in batch.schema.names}


def _values(column: Any) -> NDArray[Any]:
    # As numpy's bytes, a value would lose the zeros it ends with.
    kind = object if column.type in (pa.string(), pa.binary()) else None
    return np.array(column.to_pylist(), kind)


def rows_of(columns: Mapping[str, NDArray[Any]]) -> Rows:
    """What any layout's columns hold.

    Raises:
        InputError: if a column is missing that every layout has.
    """
    ids = _column(columns, *IDS_NAMES)
    labels = next((columns[name] for name in LABEL_NAMES if name in columns), None)
    return Rows(
        ids,
        _column(columns, *MASK_NAMES) > 0,
        _column(columns, *TYPES_NAMES) == 1,
        _answers(columns, ids),
        None if labels is None else labels.reshape(len(ids), -1),
    )


def decode_rows(columns: Mapping[str, NDArray[Any]], tokens: Sequence[str]) -> list[DecodedRow]:
    """The examples in any layout's columns; of a row with several packed in it, each of them."""
    if "A" in columns:
        return _decode_texts(columns)
    if "token_ids" in columns:
        columns = _from_bert4keras(columns, tokens)
    rows, cls_id = rows_of(columns), tokens.index(CLS)
    return [
        example
        for row in range(len(rows.ids))
        for example in _decode_row(rows, row, tokens, cls_id)
    ]


def meaning_of(label: int | None, task: str) -> str | None:
    """What the label of a pair says, in words; None where there is nothing to say."""
    return None if label is None else _MEANINGS.get((task, label))


def text_of(
    tokens: Sequence[Token], styled: Callable[[Token, str], str] = lambda token, text: text
) -> str:
    """Tokens as words; behind what the model has to predict stands the answer.

    ``[MASK](pandas)``, ``table(pandas)`` where a random token took its place, ``pandas(pandas)``
    where it was kept, ``bam [MASK](##boo)`` where it continues a word.  ``styled`` may dress these.
    """
    text = ""
    for token in tokens:
        joins = text and token.seen.startswith(CONTINUING)
        seen = token.seen.removeprefix(CONTINUING) if joins else token.seen
        shown = seen if token.answer is None else styled(token, f"{seen}({token.answer})")
        text += shown if joins or not text else f" {shown}"
    return text


def _decode_texts(columns: Mapping[str, NDArray[Any]]) -> list[DecodedRow]:
    """Rows of the lddl layout."""
    rows = []
    for row, is_random in enumerate(columns["is_random_next"].tolist()):
        a, b = (columns[name][row].split() for name in ("A", "B"))
        answers = _answers_in_text(columns, row)
        # Positions count [CLS], and the [SEP] behind A.
        sides = [
            [Token(token, answers.get(place)) for place, token in enumerate(tokens, start)]
            for tokens, start in ((a, 1), (b, len(a) + 2))
        ]
        rows.append(DecodedRow(sides[0], sides[1], int(is_random)))
    return rows


def _answers_in_text(columns: Mapping[str, NDArray[Any]], row: int) -> dict[int, str]:
    if "masked_lm_positions" not in columns:
        return {}
    positions = np.load(io.BytesIO(columns["masked_lm_positions"][row])).tolist()
    return dict(zip(positions, columns["masked_lm_labels"][row].split(), strict=True))


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


def _answers(columns: Mapping[str, NDArray[Any]], ids: NDArray[Any]) -> NDArray[Any] | None:
    if _ANSWER_COLUMN in columns:
        return columns[_ANSWER_COLUMN]
    if not any(name in columns for name in _SLOT_COLUMNS):
        return None
    weights, positions, predicted = (_column(columns, name) for name in _SLOT_COLUMNS)
    answers = np.full(ids.shape, IGNORED_LABEL, np.int64)
    row, slot = np.nonzero(weights > 0)
    answers[row, positions[row, slot]] = predicted[row, slot]
    return answers


def _decode_row(rows: Rows, row: int, tokens: Sequence[str], cls_id: int) -> Iterator[DecodedRow]:
    length = int(rows.inside[row].sum())
    ids, is_second = rows.ids[row, :length], rows.is_second[row, :length]
    answers = np.full(length, IGNORED_LABEL) if rows.answers is None else rows.answers[row]
    shown = [
        Token(tokens[seen], None if answer == IGNORED_LABEL else tokens[answer])
        for seen, answer in zip(ids.tolist(), answers[:length].tolist(), strict=True)
    ]
    labels = [] if rows.labels is None else rows.labels[row].tolist()
    # Every example begins with [CLS], and no text has it.
    starts = np.flatnonzero(ids[1:] == cls_id) + 1
    for number, (start, end) in enumerate(pairwise([0, *starts.tolist(), length])):
        second = start + np.flatnonzero(is_second[start:end])
        a_end = int(second[0]) - 1 if len(second) else end - 1
        b = shown[a_end + 1 : end - 1] if len(second) else None
        label = labels[number] if number < len(labels) else None
        yield DecodedRow(shown[start + 1 : a_end], b, label)
