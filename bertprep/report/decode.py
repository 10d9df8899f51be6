"""Shards back to readable text, masks and answers shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.errors import InputError
from bertprep.layouts.columns import Columns
from bertprep.layouts.registry import layout_of
from bertprep.layouts.spec import LayoutSpec, Readout, WrongRowsError
from bertprep.layouts.values import IGNORED_LABEL, Role
from bertprep.options import OutputFormat, ShardOptions
from bertprep.shards.containers.registry import container_of
from bertprep.shards.unreadable import UNREADABLE, brief
from bertprep.vocabulary.reading_settings import MASK
from bertprep.vocabulary.vocabulary import Vocabulary, continued

_ALWAYS: tuple[Role, ...] = ("ids", "mask", "types", "text", "count", "shown")
_SLOTS: tuple[Role, ...] = ("weights", "positions", "answers")

_MEANINGS = {
    ("nsp", 0): "B follows A",
    ("nsp", 1): "B is random",
    ("sop", 0): "in order",
    ("sop", 1): "swapped",
}


class Token(NamedTuple):
    """A token that the model sees, and what it has to predict there (None: nothing)."""

    seen: str
    answer: str | None

    @property
    def kind(self) -> str | None:
        """How a token to predict is shown: ``masked``, ``random`` or ``kept``; None for others."""
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


def read_rows(stream: BinaryIO, path: str, limit: int, container: OutputFormat) -> Columns:
    """The first rows of a shard of any layout.

    Args:
        stream: the shard, seekable.
        path: its path, for messages.
        limit: how many rows, if there are so many.
        container: the shard's.

    Returns:
        The columns by name, [n] or [n, k]; Arrow lists where rows are of their own lengths.

    Raises:
        InputError: if the shard cannot be read.
    """
    try:
        return container_of(container).first(stream, path, limit)
    except UNREADABLE as error:
        raise InputError(f"{path} cannot be read as a shard: {brief(error)}") from None


def rows_of(columns: Columns, options: ShardOptions, vocabulary: Vocabulary) -> Rows:
    """The rows in columns of the options' layout.

    Args:
        columns: of n rows, by name.
        options: what the rows were made by.
        vocabulary: what the ids mean.

    Raises:
        InputError: if a column is missing that the layout has.
        WrongRowsError: if rows are not as it lays them out.
    """
    layout = layout_of(options.column_layout)
    _check_names(columns, layout)
    read = layout.read_back(columns, options, vocabulary)
    ids = read["ids"].values
    return Rows(
        ids,
        read["mask"].values > 0,
        read["types"].values == 1,
        _answers(read),
        read["pair"].values.reshape(len(ids), -1) if "pair" in read else None,
    )


def decode_rows(
    columns: Columns, options: ShardOptions, vocabulary: Vocabulary
) -> list[DecodedRow]:
    """The examples in columns of the options' layout; of a row with several, each of them.

    Args:
        columns: of n rows, by name.
        options: what the rows were made by.
        vocabulary: what the ids mean.

    Raises:
        InputError: if the rows are not as the layout has them.
    """
    if not columns:
        return []
    try:
        rows = rows_of(columns, options, vocabulary)
    except WrongRowsError as error:
        raise InputError(f"the rows of the shard cannot be shown: {error}") from None
    return [
        example
        for row in range(len(rows.ids))
        for example in _decode_row(rows, row, vocabulary.shown_tokens, vocabulary.cls_id)
    ]


def meaning_of(label: int | None, task: str) -> str | None:
    """The meaning of a pair's label, in words; None where it has none."""
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
        letters = continued(token.seen) if text else None
        seen = token.seen if letters is None else letters
        shown = seen if token.answer is None else styled(token, f"{seen}({token.answer})")
        text += shown if letters is not None or not text else f" {shown}"
    return text


def _check_names(columns: Columns, layout: LayoutSpec) -> None:
    """Raises InputError: for a column that rows have in any case, or part of the predictions'."""
    slots = [column for column in layout.every if column.role in _SLOTS]
    wanted = slots if any(column.name in columns for column in slots) else []
    for column in (*layout.every, *wanted):
        if (column.role in _ALWAYS or column in wanted) and column.name not in columns:
            raise InputError(f"the shard has no column {column.name}; its columns: {list(columns)}")


def _answers(read: Readout) -> NDArray[Any] | None:
    """int[n, L]: what is to predict at each position; None in rows without masks."""
    if "labels" in read:
        return read["labels"].values
    if "weights" not in read:
        return None
    weights, positions, predicted = (read[role].values for role in _SLOTS)
    answers = np.full(read["ids"].values.shape, IGNORED_LABEL, np.int64)
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
