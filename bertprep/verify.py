"""Checks the rows of a shard: is each as bertprep writes it?

A shard is read in blocks of columns, and a check compares a block's columns as a whole; only a row
that fails one is looked at by itself, to say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from google_crc32c import value as crc32c
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bertprep.examples import Examples
from bertprep.layout import IGNORED_LABEL, Columns, lay_out
from bertprep.mask import Masks
from bertprep.options import Layout, ShardOptions
from bertprep.tfrecord import TFRecordError, decode_example
from bertprep.vocabulary import CLS, MASK, PAD, SEP, UNK, Vocabulary

# Rows are compared in blocks whose columns stay in a core's cache, and records read in such.
_BLOCK_TOKENS = 1 << 17
_READ_BYTES = 1 << 20
_KEPT_PROBLEMS = 40

# What a token is to the checks.  The order counts: up to _MASK may be predicted, up to _UNK may
# stand where text does.
_ORDINARY, _MASK, _UNK, _PAD, _CLS, _SEP = range(6)
_KIND_NAMES = ("no special token", MASK, UNK, PAD, CLS, SEP)

_NAMES: dict[Layout, tuple[str, str, str]] = {
    "huggingface": ("input_ids", "attention_mask", "token_type_ids"),
    "google": ("input_ids", "input_mask", "segment_ids"),
    "modelgarden": ("input_word_ids", "input_mask", "input_type_ids"),
}
_LABEL_NAMES = ("next_sentence_label", "sentence_order_label", "next_sentence_labels")

# Which cells [n, k] or rows [n] are right, and what to say of a wrong one by its row and column.
Check = tuple[NDArray[np.bool_], Callable[[int, int], str]]
Block = tuple[NDArray[np.int64], Columns]
# What pyarrow raises for a damaged file, depending on what is damaged.
_UNREADABLE = (pa.ArrowException, OSError, ValueError, MemoryError, KeyError, OverflowError)


@dataclass(frozen=True)
class Rules:
    """What the rows were made by: the options of their run, and the kind of each token."""

    options: ShardOptions
    kinds: NDArray[np.uint8]

    @classmethod
    def of(cls, options: ShardOptions, vocabulary: Vocabulary) -> Rules:
        kinds = np.zeros(len(vocabulary), np.uint8)
        for kind in range(_MASK, _SEP + 1):
            kinds[vocabulary.ids[_KIND_NAMES[kind]]] = kind
        return cls(options, kinds)

    @property
    def is_paired(self) -> bool:
        return self.options.task != "none"

    def columns(self) -> Columns:
        """The columns of the layout, with no rows."""
        ids = np.empty((0, self.options.max_seq_length), np.int32)
        predictions = np.empty((0, self.options.max_predictions_per_seq), np.int64)
        n, labels = np.empty(0, np.int64), np.empty(0, np.int8)
        examples = Examples(n.astype(np.uint64), ids, n, n, labels)
        masks = Masks(ids, predictions, predictions.astype(np.int32), n, n)
        return lay_out(examples, masks, self.options.column_layout, self.options.task)

    def token(self, token_id: Any) -> str:
        """An id as the problems show it: ``102 ([SEP])``."""
        if 0 <= token_id < len(self.kinds) and self.kinds[token_id]:
            return f"{token_id} ({_KIND_NAMES[self.kinds[token_id]]})"
        return str(token_id)


@dataclass
class Findings:
    """What was found in one shard.

    Attributes:
        rows: how many it holds; None as long as that cannot be told.
        problems: (row, message); row None where it is the file's.  Only the first few are kept.
        count: of all problems.
    """

    rows: int | None = None
    problems: list[tuple[int | None, str]] = field(default_factory=list)
    count: int = 0

    def add(self, message: str, row: int | None = None) -> None:
        self.count += 1
        if len(self.problems) < _KEPT_PROBLEMS:
            self.problems.append((row, message))


def verify_rows(stream: BinaryIO, rules: Rules, findings: Findings) -> None:
    """Checks all rows of a shard, whatever its container and layout; holds one block at a time."""
    is_parquet = rules.options.output_format == "parquet"
    blocks = _parquet_blocks if is_parquet else _tfrecord_blocks
    for rows, columns in blocks(stream, rules, findings):
        check_rows(rows, columns, rules, findings)


def check_rows(rows: NDArray[np.int64], columns: Columns, rules: Rules, findings: Findings) -> None:
    """Checks a block of rows, numbered as given; of each that is wrong the first problem counts."""
    while len(rows):
        failed = next((check for check in _checks(columns, rules) if not check[0].all()), None)
        if failed is None:
            return
        good, explain = failed
        # Later checks rely on the earlier ones: start again without the rows that failed.
        cells = good.reshape(len(rows), -1)
        is_right = cells.all(axis=1)
        for row in np.flatnonzero(~is_right).tolist():
            findings.add(explain(row, int(cells[row].argmin())), int(rows[row]))
        rows = rows[is_right]
        columns = {name: values[is_right] for name, values in columns.items()}


class _Tokens(NamedTuple):
    """What the rows show, whatever the layout: the column's name, ids and kinds [n, L], lengths."""

    name: str
    ids: NDArray[Any]
    kinds: NDArray[np.uint8]
    lengths: NDArray[np.int64]


def _checks(columns: Columns, rules: Rules) -> Iterator[Check]:
    ids_name, mask_name, types_name = _NAMES[rules.options.column_layout]
    ids, lengths = columns[ids_name], _leading(columns[mask_name])
    yield (
        _is_token(ids, rules),
        lambda row, column: (
            f"{ids_name}[{column}]: expected an id below {len(rules.kinds)}, got {ids[row, column]}"
        ),
    )
    place = np.arange(ids.shape[1], dtype=np.int16)  # the narrower, the faster
    inside = place < lengths[:, None].astype(np.int16)
    yield _equal(mask_name, columns[mask_name], inside)
    shortest = 5 if rules.is_paired else 3
    yield (
        lengths >= shortest,
        lambda row, _: f"{mask_name}: expected {shortest} tokens or more, got {lengths[row]}",
    )
    tokens = _Tokens(ids_name, ids, rules.kinds[ids], lengths)
    firsts = (tokens.kinds == _SEP).argmax(axis=1) if rules.is_paired else lengths - 1
    yield from _check_tokens(tokens, inside, firsts, rules)
    is_second = inside & (place > firsts[:, None].astype(np.int16))
    yield _equal(types_name, columns[types_name], is_second)
    check_predictions = _check_labels if "labels" in columns else _check_slots
    predicted = yield from check_predictions(columns, tokens, rules)
    yield from _check_predicted(tokens, predicted, rules)
    for name in _LABEL_NAMES:
        if name in columns:
            yield _check_pair_label(name, columns[name].reshape(-1), rules)


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
    expected = np.where(inside, np.uint8(_ORDINARY), np.uint8(_PAD))
    expected[:, 0] = _CLS
    for ends in (firsts, lengths - 1):
        expected[np.arange(len(ids)), ends] = _SEP
    found = np.where(kinds <= _UNK, np.uint8(_ORDINARY), kinds)

    def explain(row: int, column: int) -> str:
        kind = expected[row, column]
        wanted = _KIND_NAMES[kind] if kind else f"a token of the text, {MASK} or {UNK}"
        return f"{name}[{column}]: expected {wanted}, got {rules.token(ids[row, column])}"

    yield found == expected, explain


def _check_labels(
    columns: Columns, tokens: _Tokens, rules: Rules
) -> Generator[Check, None, NDArray[np.bool_]]:
    """Returns bool[n, L]: what is predicted, by one label a token."""
    labels = columns["labels"]
    predicted: NDArray[np.bool_] = labels != IGNORED_LABEL
    good, cells = ~predicted, np.flatnonzero(predicted)
    good.reshape(-1)[cells] = _is_ordinary(labels.reshape(-1)[cells], rules)
    wanted = f"{IGNORED_LABEL} or the id of no special token"
    yield (
        good,
        lambda row, column: (
            f"labels[{column}]: expected {wanted}, got {rules.token(labels[row, column])}"
        ),
    )
    return predicted


def _check_slots(
    columns: Columns, tokens: _Tokens, rules: Rules
) -> Generator[Check, None, NDArray[np.bool_]]:
    """Returns bool[n, L]: what is predicted, by P slots a row."""
    names = ("masked_lm_weights", "masked_lm_positions", "masked_lm_ids")
    weights, positions, answers = (columns[name] for name in names)
    used = np.arange(weights.shape[1]) < _leading(weights)[:, None]
    yield _equal(names[0], weights, used)
    before = np.zeros_like(positions)
    before[:, 1:] = positions[:, :-1]
    end = tokens.lengths - 1

    def explain_position(row: int, slot: int) -> str:
        wanted = f"over {before[row, slot]} and below {end[row]}" if used[row, slot] else "0"
        return f"{names[1]}[{slot}]: expected {wanted}, got {positions[row, slot]}"

    fits = (positions > before) & (positions < end[:, None])
    yield np.where(used, fits, positions == 0), explain_position

    def explain_answer(row: int, slot: int) -> str:
        wanted = "the id of no special token" if used[row, slot] else "0"
        return f"{names[2]}[{slot}]: expected {wanted}, got {rules.token(answers[row, slot])}"

    yield np.where(used, _is_ordinary(answers, rules), answers == 0), explain_answer
    predicted = np.zeros(tokens.ids.shape, np.bool_)
    row, slot = np.nonzero(used)
    predicted[row, positions[row, slot]] = True
    return predicted


def _check_predicted(
    tokens: _Tokens, predicted: NDArray[np.bool_], rules: Rules
) -> Iterator[Check]:
    """What stands where something is predicted, and where not; and how often that is."""

    def explain(row: int, column: int) -> str:
        is_predicted = predicted[row, column]
        wanted = f"{MASK} or no special token" if is_predicted else f"any token but {MASK}"
        reason = "is predicted" if is_predicted else "is not predicted"
        found = rules.token(tokens.ids[row, column])
        return f"{tokens.name}[{column}]: expected {wanted}, as it {reason}; got {found}"

    yield np.where(predicted, tokens.kinds <= _MASK, tokens.kinds != _MASK), explain
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


def _check_pair_label(name: str, labels: NDArray[np.int64], rules: Rules) -> Check:
    wanted = "0 or 1" if rules.is_paired else "0"
    good = _is_below(labels, 1 + rules.is_paired)
    return good, lambda row, _: f"{name}: expected {wanted}, got {labels[row]}"


def _predictions(
    tokens: _Tokens, counts: NDArray[np.int64], rules: Rules
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The fewest and the most predictions each row may have."""
    options = rules.options
    wanted = np.maximum(1, np.rint(tokens.lengths * options.masked_lm_prob)).astype(np.int64)
    most = np.minimum(wanted, options.max_predictions_per_seq)
    if options.masking != "token":  # a word longer than what is left is passed by
        return np.zeros_like(most), most
    if (counts < most).any():  # as there may be where [UNK]s leave no more to predict
        maskable = tokens.lengths - (3 if rules.is_paired else 2)
        most = np.minimum(most, maskable - np.count_nonzero(tokens.kinds == _UNK, axis=1))
    return most, most


def _equal(name: str, values: NDArray[Any], expected: NDArray[np.bool_]) -> Check:
    """The check of values that must be 1 where expected, and 0 elsewhere."""
    return (
        values == expected,
        lambda row, column: (
            f"{name}[{column}]: expected {int(expected[row, column])}, got {values[row, column]}"
        ),
    )


def _leading(values: NDArray[Any]) -> NDArray[np.int64]:
    """int64[n]: how many values of each row come before the first 0."""
    zeros = values == 0
    first: NDArray[np.int64] = zeros.argmax(axis=1)
    first[~zeros[np.arange(len(zeros)), first]] = values.shape[1]
    return first


def _is_below(values: NDArray[Any], limit: int) -> NDArray[np.bool_]:
    # As unsigned numbers the negative ones are the highest.
    is_below: NDArray[np.bool_] = values.view(f"u{values.dtype.itemsize}") < limit
    return is_below


def _is_token(values: NDArray[Any], rules: Rules) -> NDArray[np.bool_]:
    return _is_below(values, len(rules.kinds))


def _is_ordinary(values: NDArray[Any], rules: Rules) -> NDArray[np.bool_]:
    is_ordinary: NDArray[np.bool_] = rules.kinds.take(values, mode="clip") == _ORDINARY
    return is_ordinary & _is_token(values, rules)


def _block_rows(rules: Rules) -> int:
    return max(1, _BLOCK_TOKENS // rules.options.max_seq_length)


# Parquet


def _parquet_blocks(stream: BinaryIO, rules: Rules, findings: Findings) -> Iterator[Block]:
    expected = rules.columns()
    schema = pa.schema([(name, _arrow_type(values)) for name, values in expected.items()])
    try:
        file = pq.ParquetFile(stream)
        found, sizes = file.schema_arrow, _row_group_sizes(file)
    except _UNREADABLE as error:
        findings.add(f"cannot be read as Parquet: {_brief(error)}")
        return
    findings.rows = sum(sizes)
    if not found.equals(schema):
        wanted, got = (_listed(fields) for fields in _differing(schema, found))
        findings.add(f"expected the columns {wanted}; got {got}")
        return
    first = 0
    for number, size in enumerate(sizes):
        last = f"rows {first:,} to {first + size - 1:,}"
        try:
            table = file.read_row_group(number, use_threads=False)
            if len(table) != size:
                raise ValueError(f"expected {size:,} rows, got {len(table):,}")
            numbers = np.arange(first, first + size)
            for batch in table.to_batches(max_chunksize=_block_rows(rules)):
                yield _without_nulls(batch, numbers[: len(batch)], findings)
                numbers = numbers[len(batch) :]
        except _UNREADABLE as error:
            findings.add(f"{last} cannot be read: {_brief(error)}")
        first += size


def _differing(*schemas: Any) -> Iterator[list[tuple[str, Any]]]:
    """The columns of each schema that are not all schemas'."""
    fields = [[(field.name, field.type) for field in schema] for schema in schemas]
    for own in fields:
        unlike = [field for field in own if any(field not in others for others in fields)]
        yield unlike or own  # or only their order differs


def _row_group_sizes(file: Any) -> list[int]:
    return [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]


def _arrow_type(values: NDArray[Any]) -> Any:
    kind = pa.from_numpy_dtype(values.dtype)
    # The values' name has no part in a comparison, but shows.
    return kind if values.ndim == 1 else pa.list_(pa.field("element", kind), values.shape[1])


def _without_nulls(batch: Any, numbers: NDArray[np.int64], findings: Findings) -> Block:
    is_whole = np.ones(len(batch), np.bool_)
    for values in map(_values, batch.columns):
        if values.null_count:
            is_whole &= np.array(values.is_valid()).reshape(len(batch), -1).all(axis=1)
    for row in numbers[~is_whole].tolist():
        findings.add("expected no null, got one", row)
    if not is_whole.all():
        batch, numbers = batch.filter(pa.array(is_whole)), numbers[is_whole]
    return numbers, dict(zip(batch.schema.names, map(_matrix, batch.columns), strict=True))


def _values(column: Any) -> Any:
    # A list that is null has none, but pyarrow refuses to read one of a fixed size.
    return column.flatten() if pa.types.is_fixed_size_list(column.type) else column


def _matrix(column: Any) -> NDArray[Any]:
    values: NDArray[Any] = np.from_dlpack(_values(column))  # to_numpy would import pandas
    if pa.types.is_fixed_size_list(column.type):
        return values.reshape(len(column), column.type.list_size)
    return values


def _listed(fields: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in fields) or "none"


def _brief(text: object) -> str:
    return " ".join(str(text).split())[:300]


# TFRecord


def _tfrecord_blocks(stream: BinaryIO, rules: Rules, findings: Findings) -> Iterator[Block]:
    layout = {name: _feature(values) for name, values in sorted(rules.columns().items())}
    first, rest = 0, b""
    while chunk := stream.read(_READ_BYTES):
        data = rest + chunk
        spans, end = _spans(data)
        rows = np.arange(first, first + len(spans))
        intact = np.array([_is_intact(data, *span) for span in spans], np.bool_)
        for row in rows[~intact].tolist():
            findings.add("wrong checksum: the record is damaged", row)
        if intact.any():
            places = np.array(spans)[intact]
            yield from _decode_records(data, places, rows[intact], layout, findings)
        first += len(spans)
        if end is None:
            findings.add("wrong checksum of its length: no record from here on can be read", first)
            return
        rest = data[end:]
    findings.rows = first
    if rest:
        findings.add(f"truncated: the file ends {len(rest):,} bytes into the record", first)


def _feature(values: NDArray[Any]) -> tuple[str, int]:
    """A column's kind in tf.train.Example, and its number of values a row."""
    kind = "float32" if values.dtype.kind == "f" else "int64"
    return kind, 1 if values.ndim == 1 else values.shape[1]


def _spans(data: bytes) -> tuple[list[tuple[int, int]], int | None]:
    """Where the whole records start and stop, and where the next begins; None if that is lost."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start + 12 <= len(data):
        length = data[start : start + 8]
        if _masked_crc(length) != data[start + 8 : start + 12]:
            return spans, None
        stop = start + 12 + int.from_bytes(length, "little")
        if stop + 4 > len(data):
            break
        spans.append((start + 12, stop))
        start = stop + 4
    return spans, start


def _is_intact(data: bytes, start: int, stop: int) -> bool:
    return _masked_crc(data[start:stop]) == data[stop : stop + 4]


def _masked_crc(data: bytes) -> bytes:
    crc = crc32c(data)
    masked: int = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    return masked.to_bytes(4, "little")


def _decode_records(
    data: bytes,
    places: NDArray[np.int64],
    rows: NDArray[np.int64],
    layout: dict[str, tuple[str, int]],
    findings: Findings,
) -> Iterator[Block]:
    """The records at these places as columns: all at once, and one by one those encoded oddly."""
    # Whatever is read behind the last record is there, and is not what it should be.
    padded = np.frombuffer(data + bytes(int((places[:, 1] - places[:, 0]).max()) + 64), np.uint8)
    while len(rows):
        try:
            columns = _Cursor(padded, places).columns(layout)
        except _OddRecordsError as odd:
            for row, (start, stop) in zip(rows[odd.rows], places[odd.rows], strict=True):
                yield from _decode_record(data[start:stop], int(row), layout, findings)
            rows, places = rows[~odd.rows], places[~odd.rows]
        else:
            yield rows, columns
            return


def _decode_record(
    record: bytes, row: int, layout: dict[str, tuple[str, int]], findings: Findings
) -> Iterator[Block]:
    try:
        columns = decode_example(record)
    except TFRecordError as error:
        findings.add(_brief(error), row)
        return
    found = {name: (values.dtype.name, values.size) for name, values in sorted(columns.items())}
    if found == layout:
        yield np.array([row]), {name: values[None] for name, values in columns.items()}
    else:
        wanted, got = (
            _listed((name, f"{kind}[{size}]") for name, (kind, size) in features.items())
            for features in (layout, found)
        )
        findings.add(f"expected the features {wanted}; got {got}", row)


class _OddRecordsError(Exception):
    """Some records are not encoded as bertprep does it; ``rows`` is bool[n]."""

    def __init__(self, rows: NDArray[np.bool_]) -> None:
        self.rows = rows


class _Cursor:
    """A place in each of n tf.train.Example messages of one layout, all moved on together.

    The encoding is described in ``bertprep.tfrecord``.  A message that has anything else at its
    place raises _OddRecordsError.
    """

    def __init__(self, data: NDArray[np.uint8], places: NDArray[np.int64]) -> None:
        self._data = data
        self._at, self._stops = places[:, 0].copy(), places[:, 1]

    def columns(self, layout: dict[str, tuple[str, int]]) -> Columns:
        self._pass(b"\x0a")
        self._require(self._end() == self._stops)
        columns = {name: self._feature(name, *layout[name]) for name in layout}
        self._require(self._at == self._stops)
        return columns

    def _feature(self, name: str, kind: str, count: int) -> NDArray[Any]:
        self._pass(b"\x0a")
        end = self._end()
        self._require(end <= self._stops)
        key = name.encode()
        # An entry, its feature, the list in it, and the packed values all end where the entry does.
        field = b"\x12" if kind == "float32" else b"\x1a"
        for tag in (b"\x0a" + bytes([len(key)]) + key + b"\x12", field, b"\x0a"):
            self._pass(tag)
            self._require(self._end() == end)
        starts, self._at = self._at, end
        return (self._floats if kind == "float32" else self._int64s)(starts, end - starts, count)

    def _require(self, good: NDArray[np.bool_]) -> None:
        if not good.all():
            raise _OddRecordsError(~good)

    def _pass(self, expected: bytes) -> None:
        found = self._window(self._at, len(expected))
        self._require((found == np.frombuffer(expected, np.uint8)).all(axis=1))
        self._at = self._at + len(expected)

    def _end(self) -> NDArray[np.int64]:
        """Passes a size, and returns where what has it ends."""
        size, shift = np.zeros(len(self._at), np.int64), 0
        goes_on = np.ones(len(self._at), np.bool_)
        while goes_on.any():
            if shift == 35:  # no size of a message has six bytes
                raise _OddRecordsError(goes_on)
            byte = self._data[self._at].astype(np.int64)
            size |= np.where(goes_on, (byte & 0x7F) << shift, 0)
            self._at = self._at + goes_on
            goes_on &= byte >= 0x80
            shift += 7
        end: NDArray[np.int64] = self._at + size
        return end

    def _window(self, starts: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
        """uint8[n, width]: the bytes from each start on."""
        return sliding_window_view(self._data, width)[starts]

    def _floats(
        self, starts: NDArray[np.int64], sizes: NDArray[np.int64], count: int
    ) -> NDArray[np.float32]:
        self._require(sizes == 4 * count)
        return self._window(starts, 4 * count).view("<f4")

    def _int64s(
        self, starts: NDArray[np.int64], sizes: NDArray[np.int64], count: int
    ) -> NDArray[np.int64]:
        width = int(sizes.max())
        window = self._window(starts, width)
        is_last = window < 0x80
        if width > count:
            is_last &= np.arange(width) < sizes[:, None]
        # The last byte of a varint alone has no high bit; the last of all must be one.
        self._require(is_last.sum(axis=1) == count)
        self._require(is_last[np.arange(len(sizes)), sizes - 1])
        if width == count:
            return window.astype(np.int64)
        lasts = np.flatnonzero(is_last).reshape(-1, count)
        firsts = np.empty_like(lasts)
        firsts[:, 0] = np.arange(len(lasts)) * width
        firsts[:, 1:] = lasts[:, :-1] + 1
        sizes = lasts - firsts + 1
        self._require(sizes.max(axis=1) <= 10)
        return _varints(window.ravel(), firsts.ravel(), sizes.ravel()).reshape(lasts.shape)


def _varints(
    data: NDArray[np.uint8], firsts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The varints of these sizes that begin at these places."""
    values = (data[firsts] & 0x7F).astype(np.uint64)
    longer = np.flatnonzero(sizes > 1)
    for i in range(1, int(sizes.max())):
        longer = longer[sizes[longer] > i]
        values[longer] |= (data[firsts[longer] + i] & 0x7F).astype(np.uint64) << np.uint64(7 * i)
    return values.view(np.int64)
