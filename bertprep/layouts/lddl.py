"""The lddl layout: tokens of A and of B as text, for NVIDIA's Language Datasets and Data Loaders.

Its loaders put [CLS] A [SEP] B [SEP] together when they read a row: they split A and B at white
space and look up the id of each token.  A row with masks holds what the model sees; positions count
from [CLS].  A row without masks is masked by the loader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.part_names import part_name, part_pattern
from bertprep.common.ragged import gather_index, offsets_of, positions_within
from bertprep.errors import UsageError
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts.columns import Column, Columns
from bertprep.layouts.npy_cells import npy_cells, read_npy_cells
from bertprep.layouts.spec import SHARD_STEM, LayoutSpec, Named, Readout, Stored, require
from bertprep.layouts.values import Role, is_used
from bertprep.options import ShardOptions, Task
from bertprep.vocabulary.vocabulary import Vocabulary

NUM_SAMPLES_NAME = ".num_samples.json"

Words = tuple[NDArray[np.int32], NDArray[np.int64]]  # ids of all rows, and how many each row has


class Lddl(LayoutSpec):
    """A, B: tokens, one space between two; is_random_next; num_tokens: of the whole row.

    With masks also masked_lm_positions: a .npy file of uint16 [k]; masked_lm_labels: k tokens.
    """

    name = "lddl"
    every = (
        Column("A", "text", pa.string(), "row"),
        Column("B", "text", pa.string(), "row"),
        Column("is_random_next", "pair", pa.bool_(), "row"),
        Column("num_tokens", "count", pa.uint16(), "row"),
        Column("masked_lm_positions", "positions", pa.binary(), "row"),
        Column("masked_lm_labels", "answers", pa.string(), "row"),
    )
    containers = ("parquet",)
    why_no_other = ", as its loader reads nothing else"
    batches_as = None
    companions = (NUM_SAMPLES_NAME,)
    reader = "LDDL's loaders"

    def check(self, options: ShardOptions) -> None:
        super().check(options)
        if not options.is_paired:
            raise UsageError(
                "--layout lddl is for pairs, as its loader puts [SEP] B [SEP] behind each A; use "
                "--task nsp or sop; got none"
            )
        if options.word_segmenter != "none" and options.masking == "none":
            raise UsageError(
                f"--word-segmenter {options.word_segmenter} has no effect with --layout lddl and "
                "--masking none, as its loader masks single tokens; leave it out, or mask by words "
                "now"
            )
        if options.num_shards == 1:
            raise UsageError(
                "--layout lddl needs --num-shards 2 or more, as its loader insists on shards of "
                "two sizes; got 1"
            )

    def check_vocabulary(self, vocabulary: Vocabulary) -> None:
        added = [vocabulary.tokens[token.id] for token in vocabulary.settings.searched]
        spaced = [token for token in added if token.split() != [token]]
        if spaced:
            raise UsageError(
                f"--layout lddl parts tokens by spaces, and the added token {spaced[0]!r} of the "
                "vocabulary holds one; use another layout"
            )

    def lay_out(
        self, examples: Examples, masks: Masks | None, task: Task, vocabulary: Vocabulary
    ) -> Columns:
        """Arrow arrays of the columns by name; see ``LayoutSpec``.  All examples have a B."""
        shown = (examples if masks is None else masks).input_ids
        begins = np.arange(len(examples)) * shown.shape[1]
        sides = (
            (begins + 1, examples.second_starts - 2),
            (begins + examples.second_starts, examples.lengths - examples.second_starts - 1),
        )
        tokens = vocabulary.token_array
        columns: list[Any] = [
            _joined(tokens, shown.ravel()[gather_index(starts, lengths)], lengths)
            for starts, lengths in sides
        ]
        columns += [examples.labels != 0, examples.lengths.astype(np.uint16)]
        if masks is not None:
            columns.append(npy_cells(masks.positions, masks.counts))
            columns.append(_joined(tokens, masks.labels[is_used(masks)], masks.counts))
        stored = self.columns(task, masks is not None)
        return {c.name: pa.array(v, c.kind) for c, v in zip(stored, columns, strict=True)}

    def read_back(self, columns: Columns, options: ShardOptions, vocabulary: Vocabulary) -> Readout:
        """Rows by what their columns are for; see ``LayoutSpec``.

        Messages call them tokens ([CLS] A [SEP] B [SEP]), num_tokens (1 for each token) and types.
        """
        sides = [_read_words(name, columns[name], vocabulary) for name in ("A", "B")]
        (_, a_lengths), (_, b_lengths) = sides
        lengths = a_lengths + b_lengths + options.special_tokens
        stated = columns["num_tokens"]
        require(
            stated == lengths,
            lambda row, _: f"num_tokens: expected {lengths[row]}, of A and B; got {stated[row]}",
        )
        most = options.max_seq_length
        require(
            lengths <= most,
            lambda row, _: f"expected at most {most} tokens, got {lengths[row]}",
        )
        ids = _assembled(sides, most, vocabulary)
        place = np.arange(most)
        inside = place < lengths[:, None]
        read: dict[Role, Named] = {
            "ids": Named("tokens", ids),
            "mask": Named("num_tokens", inside),
            "types": Named("types", inside & (place >= a_lengths[:, None] + 2)),
            "pair": Named("is_random_next", np.array(columns["is_random_next"]).astype(np.int8)),
        }
        if "masked_lm_positions" in columns:
            read |= _read_slots(columns, options.max_predictions_per_seq, vocabulary)
        return read

    def parquet_bytes_per_token(self, is_masked: bool) -> float:
        return 2.4 if is_masked else super().parquet_bytes_per_token(is_masked)

    def shard_name(
        self, number: int, count: int, options: ShardOptions, bin_number: int, filled: int
    ) -> str:
        if options.bin_size:
            return f"{part_name(SHARD_STEM, number, count)}.parquet_{filled}"
        return super().shard_name(number, count, options, bin_number, filled)

    @property
    def shard_names(self) -> str:
        return rf"{super().shard_names}|{part_pattern(SHARD_STEM)}\.parquet_\d+"

    def shard_counts(
        self, rows: Sequence[int], usual: Sequence[int], options: ShardOptions
    ) -> list[int]:
        return equal_shards(rows, options.num_shards, usual=max(usual))

    def companion_files(
        self, shards: Mapping[str, Stored], options: ShardOptions
    ) -> dict[str, bytes]:
        return {NUM_SAMPLES_NAME: num_samples_json({n: s.rows for n, s in shards.items()})}


LDDL = Lddl()


def _joined(tokens: pa.Array, ids: NDArray[np.int32], lengths: NDArray[np.int64]) -> pa.Array:
    words = tokens.take(pa.array(ids))
    offsets = pa.array(offsets_of(lengths).astype(np.int32))
    return pc.binary_join(pa.ListArray.from_arrays(offsets, words), " ")


def _read_words(name: str, column: Any, vocabulary: Vocabulary) -> Words:
    """The ids of tokens with one space between two; an empty text has none."""
    texts = pa.array(column, pa.string())
    words = pc.split_pattern(
        pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts), " "
    )
    lengths = np.array(pc.fill_null(pc.list_value_length(words), 0)).astype(np.int64)
    known = pc.index_in(words.flatten(), value_set=vocabulary.token_array)
    ids = np.array(pc.fill_null(known, -1))
    unknown = np.repeat(np.arange(len(texts)), lengths)[ids < 0]
    good = np.ones(len(texts), np.bool_)
    good[unknown] = False

    def explain(row: int, _: int) -> str:
        place = np.flatnonzero(ids < 0)[np.searchsorted(unknown, row)]
        found = words.flatten()[int(place)].cast(pa.binary()).as_py()
        wanted = "tokens of the vocabulary, one space between two"
        return f"{name}: expected {wanted}; got {found.decode(errors='backslashreplace')!r}"

    require(good, explain)
    return ids, lengths


def _assembled(sides: list[Words], length: int, vocabulary: Vocabulary) -> NDArray[np.int32]:
    """int32[n, L]: [CLS] A [SEP] B [SEP]."""
    n = len(sides[0][1])
    matrix = np.full((n, length), vocabulary.pad_id, np.int32)
    matrix[:, 0] = vocabulary.cls_id
    row, starts = np.arange(n), np.ones(n, np.int64)
    for ids, lengths in sides:
        column = np.repeat(starts, lengths) + positions_within(lengths)
        matrix[np.repeat(row, lengths), column] = ids
        starts = starts + lengths + 1
        matrix[row, starts - 1] = vocabulary.sep_id
    return matrix


def _read_slots(columns: Columns, most: int, vocabulary: Vocabulary) -> dict[Role, Named]:
    """masked_lm_weights, masked_lm_positions and masked_lm_labels, each [n, P]."""
    name = "masked_lm_positions"
    positions, counts = read_npy_cells(name, pa.array(columns[name], pa.binary()), most)
    ids, found = _read_words("masked_lm_labels", columns["masked_lm_labels"], vocabulary)
    require(
        found == counts,
        lambda row, _: (
            f"masked_lm_labels: expected {counts[row]} tokens, as there are {name}; "
            f"got {found[row]}"
        ),
    )
    used = np.arange(most) < counts[:, None]
    slots = np.zeros((2, *used.shape), np.int64)
    slots[0][used], slots[1][used] = positions, ids
    return {
        "weights": Named("masked_lm_weights", used),
        "positions": Named(name, slots[0]),
        "answers": Named("masked_lm_labels", slots[1]),
    }


def equal_shards(rows: Sequence[int], shards: int | None, usual: int) -> list[int]:
    """The same number of shards for each bin that has rows, as LDDL's ranks share out each bin.

    Args:
        rows: of each bin.
        shards: how many were asked for; None for as many as usual, but two at least, or its loader
            takes none (see ``num_samples_json``).
        usual: how many have a good size.

    Raises:
        UsageError: if a bin has fewer rows.
    """
    fewest = min(filter(None, rows))
    shards = shards or max(2, min(usual, fewest))
    if fewest < shards:
        where = " in each bin of lengths" if len(rows) > 1 else ""
        raise UsageError(
            f"--layout lddl needs {shards} rows or more{where}, one for each shard; got {fewest}: "
            "give more text, fewer --num-shards or a larger --bin-size"
        )
    return [shards if count else 0 for count in rows]


def num_samples_json(shards: Mapping[str, int]) -> bytes:
    """The bytes of .num_samples.json: the rows of each shard by its name, for LDDL's loaders.

    Newer ones insist on shards of two sizes in each bin (their names end alike), one row apart.  Of
    shards that are all equal, the last is said to have one row more; each row is read even so, as
    they read as many of each shard as the shortest has.
    """
    rows = dict(shards)
    for ending in {name.rpartition(".")[2] for name in rows}:
        names = [name for name in rows if name.endswith(f".{ending}")]
        if len({rows[name] for name in names}) == 1:
            rows[max(names)] += 1
    return (json.dumps(rows, indent=2) + "\n").encode()
