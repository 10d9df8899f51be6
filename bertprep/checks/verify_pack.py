"""Checks packed rows: do their examples stand one behind the other, and is each of them right?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.checks.run_checks import Block, Check, Checks, equal, sift
from bertprep.layouts.columns import Columns
from bertprep.layouts.pack import like_lengths, places_of, unpack
from bertprep.layouts.registry import schema_of
from bertprep.shards.findings import Findings

# What says where the examples stand is checked by itself.
_PLACES = ("attention_mask", "position_ids", "sequence_ids")


def check_packed(block: Block, example_checks: Checks, rules: Rules, findings: Findings) -> None:
    """Checks how rows are packed, then each example of the right ones as a row of its own.

    Args:
        block: the numbers of the rows, int64[n], and their columns.
        example_checks: those of examples.
        rules: what the rows were made by.
        findings: takes the problems; one of an example says which of its row it is.
    """
    rows, columns = sift(block, packed_checks, rules, findings)
    places = places_of(columns["sequence_ids"])
    pad_id = rules.vocabulary.pad_id
    of_examples = Findings()
    for members in like_lengths(places.lengths):
        examples = unpack(columns, places.take(members), pad_id)
        sift((members, examples), example_checks, rules, of_examples)
    for example, message in sorted(of_examples.problems, key=lambda problem: problem[0] or 0):
        number, row = places.numbers[example] + 1, int(rows[places.rows[example]])
        findings.add(f"example {number}: {message}", row)
    findings.count += of_examples.count - len(of_examples.problems)


def packed_checks(columns: Columns, rules: Rules) -> Iterator[Check]:
    """1, 2, ... for the examples of a row and 0 behind them, and what that says of the others."""
    sequence = columns["sequence_ids"]
    yield _in_order(sequence)
    schema = schema_of(rules.options)
    if schema.max_examples and schema.of_role("pair"):
        most = schema.max_examples
        yield (
            sequence <= most,
            lambda row, column: (
                f"sequence_ids[{column}]: expected at most {most} examples, "
                f"got {sequence[row, column]}"
            ),
        )
    is_token = sequence > 0
    place = np.arange(sequence.shape[1])
    begins = np.ones(sequence.shape, bool)
    begins[:, 1:] = sequence[:, 1:] != sequence[:, :-1]
    starts = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    positions = np.where(is_token, place - starts, 0)
    yield equal("position_ids", columns["position_ids"], positions)
    yield equal("attention_mask", columns["attention_mask"], is_token)
    for column in schema.columns:
        if column.per == "token" and column.name not in _PLACES:
            values, filling = columns[column.name], column.filling(rules.vocabulary.pad_id)
            yield equal(column.name, values, np.where(is_token, values, filling))
    if pair := schema.of_role("pair"):
        padding = pair.filling(rules.vocabulary.pad_id)
        yield from _check_slots(columns, pair.name, padding, begins & is_token)


def _in_order(sequence: NDArray[np.integer]) -> Check:
    before = np.zeros_like(sequence)
    before[:, 1:] = sequence[:, :-1]
    goes_on = (sequence == before) | (sequence == 0)
    begins = (sequence == before + 1) & (before > 0)
    good = goes_on | begins
    good[:, 0] = sequence[:, 0] == 1

    def explain(row: int, column: int) -> str:
        last = before[row, column]
        wanted = f"{last}, {last + 1} or 0" if last else str(int(column == 0))
        return f"sequence_ids[{column}]: expected {wanted}, got {sequence[row, column]}"

    return good, explain


def _check_slots(
    columns: Columns, label: str, padding: int, begins: NDArray[np.bool_]
) -> Iterator[Check]:
    """A label and the place of its [CLS] for each example, and none behind the last."""
    labels, places = columns[label], columns["cls_positions"]
    expected = np.zeros_like(places)
    row, start = np.nonzero(begins)
    expected[row, columns["sequence_ids"][row, start] - 1] = start
    yield equal("cls_positions", places, expected)
    is_used = np.arange(labels.shape[1]) < begins.sum(axis=1)[:, None]
    yield equal(label, labels, np.where(is_used, labels, padding))
