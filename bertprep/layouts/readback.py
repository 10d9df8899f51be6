"""Reads rows of lddl and bert4keras back as ids, masks and types, in which all rows are checked.

Each reader is a generator of the checks that its layout alone needs; the columns it returns are for
rows that pass them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.checks.rules import Kind, Rules
from bertprep.checks.sift import Check, is_below
from bertprep.common.ragged import gather_index, positions_within
from bertprep.layouts.layout import IGNORED_LABEL, Columns
from bertprep.layouts.lddl import NPY_HEADER_BYTES, npy_headers
from bertprep.options import Layout
from bertprep.vocabulary.vocabulary import MASK

Reader = Generator[Check, None, Columns]
Words = tuple[NDArray[np.int32], NDArray[np.int64]]  # ids of all rows, and how many each row has


def read_bert4keras(columns: Columns, rules: Rules) -> Reader:
    """As token_ids (what is shown), length (1 for tokens, 0 for padding), types and labels."""
    ids, mask_ids = columns["token_ids"], columns["mask_ids"]
    limit = len(rules.kinds)
    yield (
        is_below(ids, limit),
        lambda row, column: (
            f"token_ids[{column}]: expected an id below {limit}, got {ids[row, column]}"
        ),
    )
    yield (
        is_below(mask_ids, limit + 1),
        lambda row, column: (
            f"mask_ids[{column}]: expected 0 or 1 more than an id below {limit}, "
            f"got {mask_ids[row, column]}"
        ),
    )
    kinds, predicted = rules.kinds[ids], mask_ids != 0
    yield (
        ~predicted | (kinds == Kind.ORDINARY),
        lambda row, column: (
            f"mask_ids[{column}]: expected 0, as token_ids[{column}] is "
            f"{rules.token(ids[row, column])}; got {mask_ids[row, column]}"
        ),
    )
    shown = np.where(predicted, mask_ids - 1, ids)
    yield (
        ~predicted | (rules.kinds[shown] <= Kind.MASK),
        lambda row, column: (
            f"mask_ids[{column}]: expected 1 more than the id of {MASK} or of no special token; "
            f"got that of {rules.token(shown[row, column])}"
        ),
    )
    return {
        "token_ids": shown,
        "length": np.logical_and.accumulate(kinds != Kind.PAD, axis=1),
        "types": np.zeros(ids.shape, np.int8),
        "labels": np.where(predicted, ids, IGNORED_LABEL),
    }


def read_lddl(columns: Columns, rules: Rules) -> Reader:
    """As tokens ([CLS] A [SEP] B [SEP]), num_tokens (1 for each), types, and the slots of google.

    masked_lm_labels are ids; rows without masks have no slots.
    """
    sides = []
    for name in ("A", "B"):
        sides.append((yield from _read_words(name, columns[name], rules)))
    (_, a_lengths), (_, b_lengths) = sides
    lengths, stated = a_lengths + b_lengths + 3, columns["num_tokens"]
    yield (
        stated == lengths,
        lambda row, _: f"num_tokens: expected {lengths[row]}, of A and B; got {stated[row]}",
    )
    most = rules.options.max_seq_length
    yield lengths <= most, lambda row, _: f"expected at most {most} tokens, got {lengths[row]}"
    ids = _assembled(sides, rules)
    place = np.arange(most)
    inside = place < lengths[:, None]
    read = {
        "tokens": ids,
        "num_tokens": inside,
        "types": inside & (place >= a_lengths[:, None] + 2),
    }
    if rules.options.masking != "none":
        read |= yield from _read_slots(columns, rules)
    return read


def _read_words(name: str, texts: pa.Array, rules: Rules) -> Generator[Check, None, Words]:
    """The ids of tokens with one space between two; an empty text has none."""
    words = pc.split_pattern(
        pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts), " "
    )
    lengths = np.array(pc.fill_null(pc.list_value_length(words), 0)).astype(np.int64)
    known = pc.index_in(words.flatten(), value_set=rules.vocabulary.token_array)
    ids = np.array(pc.fill_null(known, -1))
    unknown = np.repeat(np.arange(len(texts)), lengths)[ids < 0]
    good = np.ones(len(texts), np.bool_)
    good[unknown] = False

    def explain(row: int, _: int) -> str:
        place = np.flatnonzero(ids < 0)[np.searchsorted(unknown, row)]
        found = words.flatten()[int(place)].cast(pa.binary()).as_py()
        wanted = "tokens of the vocabulary, one space between two"
        return f"{name}: expected {wanted}; got {found.decode(errors='backslashreplace')!r}"

    yield good, explain
    return ids, lengths


def _assembled(sides: list[Words], rules: Rules) -> NDArray[np.int32]:
    """int32[n, L]: [CLS] A [SEP] B [SEP]."""
    vocabulary, n = rules.vocabulary, len(sides[0][1])
    matrix = np.full((n, rules.options.max_seq_length), vocabulary.pad_id, np.int32)
    matrix[:, 0] = vocabulary.cls_id
    row, starts = np.arange(n), np.ones(n, np.int64)
    for ids, lengths in sides:
        column = np.repeat(starts, lengths) + positions_within(lengths)
        matrix[np.repeat(row, lengths), column] = ids
        starts = starts + lengths + 1
        matrix[row, starts - 1] = vocabulary.sep_id
    return matrix


def _read_slots(columns: Columns, rules: Rules) -> Reader:
    """masked_lm_weights, masked_lm_positions and masked_lm_labels, each [n, P]."""
    name, most = "masked_lm_positions", rules.options.max_predictions_per_seq
    data, starts, sizes = _contents(columns[name])
    counts = (sizes - NPY_HEADER_BYTES) // 2
    yield (
        (counts >= 0) & (counts <= most) & (sizes % 2 == 0),
        lambda row, _: (
            f"{name}: expected a .npy file of at most {most} uint16, {NPY_HEADER_BYTES} bytes and "
            f"2 for each; got {sizes[row]} bytes"
        ),
    )
    headers = data[gather_index(starts, np.full(len(starts), NPY_HEADER_BYTES))]
    yield (
        headers.reshape(-1, NPY_HEADER_BYTES) == npy_headers(counts),
        lambda row, column: (
            f"{name}: expected the header of a .npy file of uint16 [{counts[row]}]; "
            f"got another byte {column}"
        ),
    )
    ids, found = yield from _read_words("masked_lm_labels", columns["masked_lm_labels"], rules)
    yield (
        found == counts,
        lambda row, _: (
            f"masked_lm_labels: expected {counts[row]} tokens, as there are {name}; "
            f"got {found[row]}"
        ),
    )
    positions = data[gather_index(starts + NPY_HEADER_BYTES, 2 * counts)].view("<u2")
    used = np.arange(most) < counts[:, None]
    slots = {"masked_lm_weights": used}
    for key, values in ((name, positions), ("masked_lm_labels", ids)):
        slots[key] = np.zeros(used.shape, np.int64)
        slots[key][used] = values
    return slots


def _contents(column: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The bytes of a binary column; where each value begins in them, and its size."""
    _, offsets, data = column.buffers()
    edges = np.frombuffer(offsets, np.int32)[column.offset :][: len(column) + 1].astype(np.int64)
    return np.frombuffer(data or b"", np.uint8), edges[:-1], np.diff(edges)


READERS: dict[Layout, Callable[[Columns, Rules], Reader]] = {
    "lddl": read_lddl,
    "bert4keras": read_bert4keras,
}
