"""Checks packed rows: do their examples stand one behind the other, and is each of them right?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bertprep.checks.rules import Findings, Kind, Rules
from bertprep.checks.sift import Block, Check, Checks, equal, sift
from bertprep.layouts.layout import IGNORED_LABEL, LABEL_NAMES, Columns
from bertprep.layouts.pack import like_lengths, places_of, unpack


def check_packed(block: Block, example_checks: Checks, rules: Rules, findings: Findings) -> None:
    """Checks how rows are packed, then each example of the right ones as a row of its own."""
    rows, columns = sift(block, packed_checks, rules, findings)
    places = places_of(columns["sequence_ids"])
    pad_id = int(np.flatnonzero(rules.kinds == Kind.PAD)[0])
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
    label = next((name for name in LABEL_NAMES if name in columns), None)
    if label is not None:
        most = columns[label].shape[1]
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
    padding = int(np.flatnonzero(rules.kinds == Kind.PAD)[0])
    for name, filling in _fillings(columns, padding):
        values = columns[name]
        yield equal(name, values, np.where(is_token, values, filling))
    if label is not None:
        yield from _check_slots(columns, label, begins & is_token)


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


def _fillings(columns: Columns, padding: int) -> Iterator[tuple[str, int]]:
    yield "input_ids", padding
    yield "token_type_ids", 0
    yield ("labels", IGNORED_LABEL) if "labels" in columns else ("word_starts", 0)


def _check_slots(columns: Columns, label: str, begins: NDArray[np.bool_]) -> Iterator[Check]:
    """A label and the place of its [CLS] for each example, and none behind the last."""
    labels, places = columns[label], columns["cls_positions"]
    expected = np.zeros_like(places)
    row, start = np.nonzero(begins)
    expected[row, columns["sequence_ids"][row, start] - 1] = start
    yield equal("cls_positions", places, expected)
    is_used = np.arange(labels.shape[1]) < begins.sum(axis=1)[:, None]
    yield equal(label, labels, np.where(is_used, labels, IGNORED_LABEL))
