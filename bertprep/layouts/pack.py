"""Packed rows: several examples in one row, and what a trainer needs to keep them apart.

A packed row has, besides the huggingface columns, ``sequence_ids`` (1, 2, ... for its examples)
and ``position_ids`` (from 0 in each).  With these positions, and attention within each example
alone (``bertprep.torch.keep_apart``), a model gives each example what it gives for it alone (Krell
et al., "Efficient sequence packing without cross-contamination", 2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import PACK_ORDER, PACKED_KEY, Keys, random_bits
from bertprep.common.ragged import Ints, gather_index
from bertprep.examples.mask import Masker
from bertprep.layouts.columns import Column, Columns
from bertprep.layouts.fit import best_fit
from bertprep.layouts.huggingface import HUGGINGFACE
from bertprep.layouts.spec import unmasked_examples
from bertprep.layouts.values import IGNORED_LABEL, labels
from bertprep.settings.row_length import shortest_row

# [CLS] a [SEP] b [SEP]: as many of them as fit decide how many labels a packed row has room for.
SHORTEST_PAIR = shortest_row(has_b=True)
# The columns that only packed rows have: per token, and per example where examples have a label.
_OF_TOKENS = (
    Column("position_ids", "position_ids", "int16"),
    Column("sequence_ids", "sequence_ids", "int16"),
)
_OF_LABELS = (Column("cls_positions", "cls_positions", "int16", "example"),)
_OF_EXAMPLES = {column.name: column for column in HUGGINGFACE.every}
_SHORTEST_BLOCK = 8
_BLOCK_CELLS = 1 << 17


@dataclass(frozen=True)
class Places:
    """Where m examples stand in n packed rows of L tokens, each an int64[m].

    Attributes:
        rows: the row of each.
        numbers: which example of its row it is, from 0.
        starts: its first column, that of its [CLS].
        lengths: its tokens.
    """

    rows: Ints
    numbers: Ints
    starts: Ints
    lengths: Ints

    def take(self, examples: Ints) -> Places:
        """Those of some of the examples, by their numbers int64[k]."""
        return Places(*(part[examples] for part in vars(self).values()))


def pack(lengths: Ints, keys: Keys, max_seq_length: int) -> Places:
    """Where examples go, so that as few slots as may be are left over.

    Rows are in random order, by the key of the first example in each.

    Args:
        lengths: int64[m], tokens of each example.
        keys: uint64[m], theirs.
        max_seq_length: L, tokens that a row has room for.
    """
    fit = best_fit(lengths, max_seq_length)
    first = np.flatnonzero(fit.numbers == 0)
    order = np.argsort(random_bits(keys[first], PACK_ORDER, np.array(0)), kind="stable")
    shuffled = np.empty_like(first)
    shuffled[fit.rows[first[order]]] = np.arange(len(first))
    return Places(shuffled[fit.rows], fit.numbers, fit.starts, lengths)


def places_of(sequence_ids: NDArray[np.integer]) -> Places:
    """Where the examples of packed rows stand, row after row, by their sequence_ids int[n, L]."""
    edges = np.zeros((len(sequence_ids), sequence_ids.shape[1] + 1), bool)
    edges[:, 0] = edges[:, -1] = True
    edges[:, 1:-1] = sequence_ids[:, 1:] != sequence_ids[:, :-1]
    is_token = sequence_ids > 0
    rows, starts = np.nonzero(edges[:, :-1] & is_token)
    _, lasts = np.nonzero(edges[:, 1:] & is_token)
    numbers = sequence_ids[rows, starts].astype(np.int64) - 1
    return Places(rows, numbers, starts, lasts + 1 - starts)


def packed_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of packed rows, in their order, of those of their examples."""
    tokens = [column for column in columns if column.per == "token"]
    pairs = [column for column in columns if column.per == "example"]
    return *tokens, *_OF_TOKENS, *pairs, *(_OF_LABELS if pairs else ())


def unpack(columns: Mapping[str, NDArray[Any]], places: Places, pad_id: int) -> Columns:
    """The huggingface columns of packed examples, one row each.

    The columns that only packed rows have are left out.

    Args:
        columns: of the packed rows, [n, L] or [n, K].
        places: where the m examples stand in them.
        pad_id: the id of [PAD].

    Returns:
        The columns by name, [m, k] with k tokens of the longest of these examples, or [m].
    """
    inside = np.arange(places.lengths.max(initial=1)) < places.lengths[:, None]
    row, column = np.nonzero(inside)
    cells = places.rows[row], places.starts[row] + column
    unpacked: Columns = {}
    for name, values in columns.items():
        stored = _OF_EXAMPLES.get(name)
        if stored and stored.per == "example":
            unpacked[name] = values[places.rows, places.numbers]
        elif stored:
            unpacked[name] = np.full(inside.shape, stored.filling(pad_id), values.dtype)
            unpacked[name][row, column] = values[cells]
    return unpacked


def repack(
    blocks: Iterable[tuple[Columns, Places]], shape: tuple[int, int], pad_id: int
) -> Columns:
    """Packed rows of examples.

    Args:
        blocks: the huggingface columns of some examples, [m, k] or [m], and where each of them
            goes.
        shape: n rows of L tokens.
        pad_id: the id of [PAD].

    Returns:
        The examples' columns as [n, L], and position_ids and sequence_ids int16[n, L].  An
        example's label is one of [n, K], with K the most pairs a row has room for and -100 where
        there is no example, and cls_positions int16[n, K] says where the [CLS] of each stands (0
        where none is).
    """
    packed: Columns = {}
    for columns, places in blocks:
        packed = packed or _empty_rows(columns, shape, pad_id)
        _put(packed, columns, places)
    return packed


def _empty_rows(columns: Columns, shape: tuple[int, int], pad_id: int) -> Columns:
    stored = packed_columns([_OF_EXAMPLES[name] for name in columns])
    shapes = {"token": shape, "example": (shape[0], shape[1] // SHORTEST_PAIR)}
    return {
        c.name: np.full(
            shapes[c.per],
            c.filling(pad_id),
            columns[c.name].dtype if c.name in columns else c.dtype,
        )
        for c in stored
    }


def _put(packed: Columns, columns: Columns, places: Places) -> None:
    """Writes examples to their places."""
    shape = columns["input_ids"].shape
    tokens = {n: values for n, values in columns.items() if _OF_EXAMPLES[n].per == "token"}
    own = {
        "position_ids": np.broadcast_to(np.arange(shape[1]), shape),
        "sequence_ids": np.broadcast_to(places.numbers[:, None] + 1, shape),
    }
    _put_tokens(packed, {**tokens, **own}, places)
    for name in columns.keys() - tokens.keys():
        packed[name][places.rows, places.numbers] = columns[name]
        packed["cls_positions"][places.rows, places.numbers] = places.starts


def _put_tokens(packed: Columns, columns: Columns, places: Places) -> None:
    """Writes the columns that have a value for each token; those of ``packed`` are contiguous."""
    length = next(iter(columns.values())).shape[1]
    inside = np.arange(length) < places.lengths[:, None]
    first_cells = places.rows * packed["input_ids"].shape[1] + places.starts
    cells = gather_index(first_cells, places.lengths)
    for name, values in columns.items():
        packed[name].reshape(-1)[cells] = values[inside]


def example_keys(keys: Keys, places: Places) -> Keys:
    """uint64[m]: the keys of the examples in packed rows with keys uint64[n]."""
    return random_bits(keys[places.rows], PACKED_KEY, places.numbers)


def mask_packed(columns: Columns, keys: Keys, masker: Masker, pad_id: int) -> Columns:
    """Packed rows that were stored without masks, masked: each example by its own quota.

    What is masked of an example depends on it and its ``example_keys`` alone, not on what shares
    its row.

    Args:
        columns: of the rows, [n, L] or [n, K].
        keys: uint64[n], the rows' own.
        masker: masks their examples.
        pad_id: the id of [PAD].

    Returns:
        The columns with input_ids as int32[n, L] and labels int64[n, L], without word_starts.
    """
    places = places_of(columns["sequence_ids"])
    keys = example_keys(keys, places)
    masked = {name: values for name, values in columns.items() if name != "word_starts"}
    masked["input_ids"] = columns["input_ids"].astype(np.int32, order="C")
    masked["labels"] = np.full(columns["input_ids"].shape, IGNORED_LABEL, np.int64)
    for members in like_lengths(places.lengths):
        part = places.take(members)
        read = HUGGINGFACE.by_role(unpack(columns, part, pad_id))
        masks = masker(unmasked_examples(read, keys[members]))
        _put_tokens(masked, {"input_ids": masks.input_ids, "labels": labels(masks)}, part)
    return masked


def like_lengths(lengths: Ints) -> Iterator[Ints]:
    """Cuts examples into blocks of a bounded size, those of about one length together.

    In a block of its examples' greatest length less than half of a long row is padding.

    Args:
        lengths: int64[m], tokens of each example.

    Yields:
        int64[k], numbers of examples.
    """
    shorter, longest = 0, _SHORTEST_BLOCK
    while shorter < lengths.max(initial=0):
        members = np.flatnonzero((lengths > shorter) & (lengths <= longest))
        size = max(1, _BLOCK_CELLS // longest)
        yield from (members[start : start + size] for start in range(0, len(members), size))
        shorter, longest = longest, 2 * longest
