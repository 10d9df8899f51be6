"""Checks the rows of a shard: is each as bertprep writes it?

A shard is read in blocks of columns, and a check compares a block's columns as a whole; only a row
that fails one is looked at by itself, to say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.checks.run_checks import Check, equal, sift
from bertprep.checks.verify_pack import check_packed
from bertprep.common.bounds import is_below
from bertprep.examples.mask_positions import num_to_predict
from bertprep.layouts.columns import Columns
from bertprep.layouts.registry import layout_of, schema_of
from bertprep.layouts.spec import Readout, WrongRowsError
from bertprep.layouts.values import IGNORED_LABEL, Role
from bertprep.shards.containers.registry import container_of
from bertprep.shards.findings import Findings
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.vocabulary.reading_settings import MASK, UNK
from bertprep.vocabulary.vocabulary import KIND_NAMES, Kind

_SLOTS: tuple[Role, ...] = ("weights", "positions", "answers")


def verify_rows(stream: BinaryIO, rules: Rules, findings: Findings, sizes: Sizes = SIZES) -> None:
    """Checks all rows of a shard, whatever its container and layout; holds one block at a time.

    Args:
        stream: the shard, seekable.
        rules: what its rows were made by.
        findings: takes the problems, and how many rows there are.
        sizes: how much of it is read at once.
    """
    container = container_of(rules.options.output_format)
    for rows, columns in container.blocks(stream, schema_of(rules.options), findings, sizes):
        check_rows(rows, columns, rules, findings)


def check_rows(rows: NDArray[np.int64], columns: Columns, rules: Rules, findings: Findings) -> None:
    """Checks a block of rows; of each that is wrong the first problem counts.

    In a packed row each of its examples may be wrong.

    Args:
        rows: int64[n], their numbers in the shard.
        columns: their columns by name, [n] or [n, k].
        rules: what they were made by.
        findings: takes the problems.
    """
    if rules.options.pack:
        check_packed((rows, columns), _checks, rules, findings)
    else:
        sift((rows, columns), _checks, rules, findings)


class _Tokens(NamedTuple):
    """The tokens of rows of any layout: their column's name, ids and kinds [n, L], and lengths."""

    name: str
    ids: NDArray[Any]
    kinds: NDArray[np.uint8]
    lengths: NDArray[np.int64]


def _checks(columns: Columns, rules: Rules) -> Iterator[Check]:
    layout = layout_of(rules.options.column_layout)
    try:
        read = layout.read_back(columns, rules.options, rules.vocabulary)
    except WrongRowsError as wrong:
        yield wrong.good, wrong.explain
        return
    (ids_name, ids), (mask_name, mask), (types_name, types) = (
        read[role] for role in ("ids", "mask", "types")
    )
    lengths = _leading(mask)
    yield (
        _is_token(ids, rules),
        lambda row, column: (
            f"{ids_name}[{column}]: expected an id below {len(rules.kinds)}, got {ids[row, column]}"
        ),
    )
    place = np.arange(ids.shape[1], dtype=np.int16)  # the narrower, the faster
    inside = place < lengths[:, None].astype(np.int16)
    yield equal(mask_name, mask, inside)
    shortest, longest = rules.lengths
    yield (
        (lengths >= shortest) & (lengths <= longest),
        lambda row, _: f"{mask_name}: expected {shortest} to {longest} tokens, got {lengths[row]}",
    )
    tokens = _Tokens(ids_name, ids, rules.kinds[ids], lengths)
    firsts = (tokens.kinds == Kind.SEP).argmax(axis=1) if rules.is_paired else lengths - 1
    yield from _check_tokens(tokens, inside, firsts, rules)
    is_second = inside & (place > firsts[:, None].astype(np.int16))
    yield equal(types_name, types, is_second)
    if rules.options.masking == "none":
        yield from _check_unmasked(read, tokens, rules)
    else:
        check_predictions = _check_labels if "labels" in read else _check_slots
        predicted = yield from check_predictions(read, tokens, rules)
        yield from _check_predicted(tokens, predicted, rules)
    if "pair" in read:
        yield _check_pair_label(*read["pair"], rules)


def _check_tokens(
    tokens: _Tokens, inside: NDArray[np.bool_], firsts: NDArray[np.int64], rules: Rules
) -> Iterator[Check]:
    """[CLS] A [SEP], B [SEP] if there are pairs, and [PAD]; text in A and B."""
    name, ids, kinds, lengths = tokens
    if rules.is_paired:
        # The first [SEP] is missing, is the last token, or A or B is empty.
        yield (
            (firsts > 1) & (firsts < lengths - 2),
            lambda row, _: (
                f"{name}: expected [CLS] A [SEP] B [SEP], {lengths[row]} tokens; "
                f"got the first [SEP] {f'at {firsts[row]}' if firsts[row] else 'nowhere'}"
            ),
        )
    expected = np.where(inside, np.uint8(Kind.ORDINARY), np.uint8(Kind.PAD))
    expected[:, 0] = Kind.CLS
    for ends in (firsts, lengths - 1):
        expected[np.arange(len(ids)), ends] = Kind.SEP
    found = np.where(kinds <= Kind.UNK, np.uint8(Kind.ORDINARY), kinds)
    shown = rules.vocabulary.shown

    def explain(row: int, column: int) -> str:
        kind = expected[row, column]
        wanted = KIND_NAMES[kind] if kind else f"a token of the text, {MASK} or {UNK}"
        return f"{name}[{column}]: expected {wanted}, got {shown(ids[row, column])}"

    yield found == expected, explain


def _check_unmasked(read: Readout, tokens: _Tokens, rules: Rules) -> Iterator[Check]:
    """No [MASK], and word_starts: 1 at the first token of A and of B and of each word."""
    name, ids, kinds, _ = tokens
    yield (
        kinds != Kind.MASK,
        lambda row, column: f"{name}[{column}]: expected any token but {MASK}, got it",
    )
    if "starts" not in read:
        return
    starts_name, starts = read["starts"]
    is_text = kinds <= Kind.UNK
    must_start = is_text.copy()
    must_start[:, 1:] &= ~(rules.vocabulary.continuing[ids[:, 1:]] & is_text[:, :-1])
    may_start = must_start.copy()
    settings = rules.vocabulary.settings
    segmented = rules.options.word_segmenter != "none"
    # The first word of a sentence may have no mark, or none has; words of kana may begin anywhere.
    if settings.whole or segmented:
        may_start = is_text
    if segmented or not settings.marks_words:
        must_start[:, 1:] &= ~is_text[:, :-1]
    good = ((starts == 0) & ~must_start) | ((starts == 1) & may_start)

    def explain(row: int, column: int) -> str:
        least, most = int(must_start[row, column]), int(may_start[row, column])
        wanted = str(least) if least == most else f"{least} or {most}"
        return f"{starts_name}[{column}]: expected {wanted}, got {starts[row, column]}"

    yield good, explain


def _check_labels(
    read: Readout, tokens: _Tokens, rules: Rules
) -> Generator[Check, None, NDArray[np.bool_]]:
    """Returns bool[n, L]: what is predicted, by one label a token."""
    name, labels = read["labels"]
    predicted: NDArray[np.bool_] = labels != IGNORED_LABEL
    good, cells = ~predicted, np.flatnonzero(predicted)
    good.reshape(-1)[cells] = _is_ordinary(labels.reshape(-1)[cells], rules)
    wanted, shown = f"{IGNORED_LABEL} or the id of no special token", rules.vocabulary.shown
    yield (
        good,
        lambda row, column: (
            f"{name}[{column}]: expected {wanted}, got {shown(labels[row, column])}"
        ),
    )
    return predicted


def _check_slots(
    read: Readout, tokens: _Tokens, rules: Rules
) -> Generator[Check, None, NDArray[np.bool_]]:
    """Returns bool[n, L]: what is predicted, by P slots a row."""
    slots = [read[role] for role in _SLOTS]
    names = [name for name, _ in slots]
    weights, positions, answers = (values for _, values in slots)
    used = np.arange(weights.shape[1]) < _leading(weights)[:, None]
    yield equal(names[0], weights, used)
    before = np.zeros_like(positions)
    before[:, 1:] = positions[:, :-1]
    end = tokens.lengths - 1

    def explain_position(row: int, slot: int) -> str:
        wanted = f"over {before[row, slot]} and below {end[row]}" if used[row, slot] else "0"
        return f"{names[1]}[{slot}]: expected {wanted}, got {positions[row, slot]}"

    fits = (positions > before) & (positions < end[:, None])
    yield np.where(used, fits, positions == 0), explain_position

    shown = rules.vocabulary.shown

    def explain_answer(row: int, slot: int) -> str:
        wanted = "the id of no special token" if used[row, slot] else "0"
        return f"{names[2]}[{slot}]: expected {wanted}, got {shown(answers[row, slot])}"

    yield np.where(used, _is_ordinary(answers, rules), answers == 0), explain_answer
    predicted = np.zeros(tokens.ids.shape, np.bool_)
    row, slot = np.nonzero(used)
    predicted[row, positions[row, slot]] = True
    return predicted


def _check_predicted(
    tokens: _Tokens, predicted: NDArray[np.bool_], rules: Rules
) -> Iterator[Check]:
    """Tokens that may stand where one is predicted, and where none is; how many are predicted."""

    def explain(row: int, column: int) -> str:
        is_predicted = predicted[row, column]
        wanted = f"{MASK} or no special token" if is_predicted else f"any token but {MASK}"
        reason = "is predicted" if is_predicted else "is not predicted"
        found = rules.vocabulary.shown(tokens.ids[row, column])
        return f"{tokens.name}[{column}]: expected {wanted}, as it {reason}; got {found}"

    yield np.where(predicted, tokens.kinds <= Kind.MASK, tokens.kinds != Kind.MASK), explain
    counts = np.count_nonzero(predicted, axis=1)
    least, most = _predictions(tokens, counts, rules)
    yield (
        (counts >= least) & (counts <= most),
        lambda row, _: (
            f"expected {least[row]}"
            + (f" to {most[row]}" if least[row] < most[row] else "")
            + f" predictions in {tokens.lengths[row]} tokens, got {counts[row]}"
        ),
    )


def _check_pair_label(name: str, values: NDArray[Any], rules: Rules) -> Check:
    labels = values.reshape(-1)
    wanted = "0 or 1" if rules.is_paired else "0"
    good = is_below(labels, 1 + rules.is_paired)
    return good, lambda row, _: f"{name}: expected {wanted}, got {labels[row]}"


def _predictions(
    tokens: _Tokens, counts: NDArray[np.int64], rules: Rules
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The fewest and the most predictions each row may have."""
    options = rules.options
    wanted = num_to_predict(tokens.lengths, options.masked_lm_prob)
    most = np.minimum(wanted, options.max_predictions_per_seq)
    if options.masking == "whole-word":  # a word longer than what is left is passed by
        return np.zeros_like(most), most
    if (counts < most).any():  # as there may be where [UNK]s leave no more to predict
        maskable = tokens.lengths - options.special_tokens
        most = np.minimum(most, maskable - np.count_nonzero(tokens.kinds == Kind.UNK, axis=1))
    return most, most


def _leading(values: NDArray[Any]) -> NDArray[np.int64]:
    """int64[n]: how many values of each row come before the first 0."""
    zeros = values == 0
    first: NDArray[np.int64] = zeros.argmax(axis=1)
    first[~zeros[np.arange(len(zeros)), first]] = values.shape[1]
    return first


def _is_token(values: NDArray[Any], rules: Rules) -> NDArray[np.bool_]:
    return is_below(values, len(rules.kinds))


def _is_ordinary(values: NDArray[Any], rules: Rules) -> NDArray[np.bool_]:
    is_ordinary: NDArray[np.bool_] = rules.kinds.take(values, mode="clip") == Kind.ORDINARY
    return is_ordinary & _is_token(values, rules)
