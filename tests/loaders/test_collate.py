"""Records to batches: masked as the masker masks, and padded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bertprep.common.draws import row_keys
from bertprep.errors import UsageError
from bertprep.examples.mask import Masker
from bertprep.layouts.columns import Columns
from bertprep.loaders.collate import Padding
from bertprep.options import MaskingOptions
from bertprep.shards.folder import Shards
from tests.laid_out import unmasked_examples
from tests.loaders.batch_cases import ROWS, batches, small_shards
from tests.made_folders import (
    VOCABULARY,
    L,
    numbers_of,
    options,
    originals,
    rows_of,
    write_folder,
)
from tests.reference import assert_same_distribution

PAD = VOCABULARY.pad_id


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    return small_shards(write_folder(tmp_path_factory.mktemp("static"), options(), ROWS))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    folder = tmp_path_factory.mktemp("plain")
    return small_shards(write_folder(folder, options(masking="none"), ROWS))


def lengths(batch: Columns) -> Any:
    return np.asarray(batch["attention_mask"]).sum(axis=1)


def test_rows_are_masked_by_the_masker_itself(plain: Shards) -> None:
    """With the row's key at hand, the masker gives what the batch holds."""
    masking = MaskingOptions("whole-word", 0.3, 5, 0.5, 0.25)
    records = np.concatenate([plain.read(c, 0, n) for c, n in enumerate(plain.chunk_rows.tolist())])
    columns = {name: records[name] for name in records.dtype.names}
    keys = row_keys(9, 4, np.arange(len(plain)))
    expected = Masker(plain.vocabulary, masking)(unmasked_examples(columns, keys)).input_ids
    for batch in batches(plain, masking, seed=9, padding=Padding(L)).read(4):
        assert np.array_equal(batch["input_ids"], expected[numbers_of(batch)])


def test_a_batch_is_as_wide_as_its_longest_row(static: Shards, plain: Shards) -> None:
    for shards in (static, plain):
        widths = []
        for batch in batches(shards, batch_size=4).read(0):
            widths.append(int(lengths(batch).max()))
            for name in ("input_ids", "token_type_ids", "attention_mask", "labels"):
                assert batch[name].shape == (len(batch["input_ids"]), widths[-1])
        assert len(set(widths)) > 3


@pytest.mark.slow
def test_padding_to_a_multiple_and_to_a_length(static: Shards, plain: Shards) -> None:
    for shards in (static, plain):
        for batch in batches(shards, batch_size=4, padding=Padding(None, 8)).read(0):
            longest = int(lengths(batch).max())
            assert batch["labels"].shape[1] == -(-longest // 8) * 8
        for batch in batches(shards, padding=Padding(30, 4)).read(0):
            assert {values.shape[1:] for values in batch.values()} == {(32,), ()}
            outside = np.arange(32) >= lengths(batch)[:, None]
            assert (batch["input_ids"][outside] == PAD).all()
            assert (batch["labels"][outside] == -100).all()
            assert not batch["token_type_ids"][outside].any()


def test_rows_without_a_mask_of_tokens_are_padded_all_the_same(tmp_path: Path) -> None:
    shards = small_shards(write_folder(tmp_path, options(layout="bert4keras", task="none"), [40]))
    for batch in batches(shards, batch_size=4).read(0):
        longest = int((batch["token_ids"] != PAD).sum(axis=1).max())
        assert {values.shape[1] for values in batch.values()} == {longest}
    (batch,) = batches(shards, batch_size=40, padding=Padding(40)).read(0)
    assert (batch["token_ids"][:, L:] == PAD).all()


def test_the_width_of_the_slots_is_that_of_all_batches(plain: Shards) -> None:
    """Google's columns have as many predictions as a full row can have, however short the rows."""
    for batch in batches(plain, layout="google", batch_size=1).read(0):
        assert batch["masked_lm_ids"].shape == (1, round(0.15 * L))


def test_a_row_too_long_for_the_length_is_an_error(static: Shards) -> None:
    with pytest.raises(UsageError, match=r"a row has 2\d tokens, and all are to be padded to 20"):
        list(batches(static, padding=Padding(20)).read(0))


TEXTS, TIMES = 60, 60
SHARE, REPLACED, RANDOM = 0.2, 0.7, 0.2


def samples(columns: Columns) -> dict[str, list[Any]]:
    """Of each prediction its position, what is shown, and the tokens there and then."""
    row, column = np.nonzero(columns["labels"] != -100)
    seen, answer = columns["input_ids"][row, column], columns["labels"][row, column]
    masked = seen == VOCABULARY.mask_id
    kind = np.where(masked, 0, np.where(seen == answer, 1, 2)).tolist()
    drawn = [int(token) for token in seen[np.array(kind) == 2]]
    number = np.array(numbers_of(columns))[row]
    return {
        "position": column.tolist(),
        "kind": kind,
        "position and kind": list(zip(column.tolist(), kind, strict=True)),
        "token": answer.tolist(),
        "random token": drawn,
        "row and position": list(zip(number.tolist(), column.tolist(), strict=True)),
        "predictions of a row": np.bincount(row, minlength=len(columns["labels"])).tolist(),
    }


def gathered(stream: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for batch in stream:
        for name, values in samples(batch).items():
            found.setdefault(name, []).extend(values)
    return found


@pytest.fixture(scope="module", params=["token", "whole-word", "span"])
def two_paths(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Masks of the same texts: stored, and made by the loader in as many epochs."""
    shares = {"mask_replace_prob": REPLACED, "random_replace_prob": RANDOM}
    limits = {"max_predictions_per_seq": 3, "masked_lm_prob": SHARE}
    texts = rows_of(range(TEXTS), L)
    again = [with_other_keys(texts, seed) for seed in range(TIMES)]
    static = options(masking=request.param, **shares, **limits)
    stored = small_shards(write_folder(tmp_path_factory.mktemp("stored"), static, again))
    folder = tmp_path_factory.mktemp("unmasked")
    unmasked = small_shards(write_folder(folder, options(masking="none"), [texts]))

    def dynamic(**changes: Any) -> dict[str, list[Any]]:
        masking = MaskingOptions(**{"masking": request.param, **shares, **limits, **changes})
        stream = batches(unmasked, masking, padding=Padding(L), batch_size=TEXTS)
        return gathered(batch for epoch in range(TIMES) for batch in stream.read(epoch))

    return gathered(batches(stored, padding=Padding(L)).read(0)), dynamic


def with_other_keys(rows: pa.RecordBatch, seed: int) -> pa.RecordBatch:
    keys = np.random.default_rng(seed).integers(0, 2**64, rows.num_rows, dtype=np.uint64)
    return rows.set_column(0, "key", pa.array(keys))


@pytest.mark.slow
def test_dynamic_masks_are_distributed_as_static_ones(two_paths: Any) -> None:
    static, dynamic = two_paths
    found = dynamic()
    for name, values in static.items():
        assert len(values) > 300, name
        assert_same_distribution(values, found[name])


@pytest.mark.slow
@pytest.mark.parametrize("two_paths", ["whole-word"], indirect=True)
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"masked_lm_prob": 0.17}, "predictions of a row"),
        ({"mask_replace_prob": 0.62}, "kind"),
        ({"random_replace_prob": 0.26}, "position and kind"),
        ({"max_predictions_per_seq": 2}, "predictions of a row"),
    ],
)
def test_the_comparison_sees_a_wrong_share(
    two_paths: Any, changes: dict[str, Any], name: str
) -> None:
    static, dynamic = two_paths
    with pytest.raises(AssertionError):
        assert_same_distribution(static[name], dynamic(**changes)[name])


@pytest.mark.slow
def test_the_comparison_sees_another_unit(two_paths: Any, request: Any) -> None:
    static, dynamic = two_paths
    other = "token" if "token" not in request.node.name else "span"
    with pytest.raises(AssertionError):
        assert_same_distribution(
            static["row and position"], dynamic(masking=other)["row and position"]
        )


def test_nothing_but_predictions_is_changed(plain: Shards) -> None:
    records = np.concatenate([plain.read(c, 0, n) for c, n in enumerate(plain.chunk_rows.tolist())])
    stored = originals({"input_ids": records["input_ids"]})
    for batch in batches(plain, MaskingOptions("span", 0.4), padding=Padding(L)).read(1):
        assert np.array_equal(originals(batch), stored[numbers_of(batch)])
