"""Batches: each row once whatever the ranks and workers, masked by the rules of the static path."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from bertprep.errors import InputError, UsageError
from bertprep.loaders.collate import Padding
from bertprep.options import Layout, MaskingOptions, OutputFormat
from bertprep.shards.folder import Shards
from tests.loaders.batch_cases import ROWS, batches, small_shards
from tests.made_folders import (
    L,
    P,
    digest_of,
    numbers_of,
    options,
    write_folder,
)


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    return small_shards(write_folder(tmp_path_factory.mktemp("static"), options(), ROWS))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    folder = tmp_path_factory.mktemp("plain")
    return small_shards(write_folder(folder, options(masking="none"), ROWS))


def numbers(stream: Any) -> list[int]:
    return [number for batch in stream for number in numbers_of(batch)]


@pytest.mark.slow
@pytest.mark.parametrize("world_size", [1, 2, 3, 5, 8])
def test_ranks_times_workers(plain: Shards, world_size: int) -> None:
    """Each row once over all ranks; W workers make one rank's stream, step by step in turn."""
    found = []
    for rank in range(world_size):
        of_rank = batches(plain, rank=rank, world_size=world_size)
        alone = list(of_rank.read(0))
        assert len(alone) == len(of_rank) == len(batches(plain, rank=0, world_size=world_size))
        for workers in range(1, 5):
            streams = [of_rank.read(0, worker, workers) for worker in range(workers)]
            dealt = [next(streams[step % workers]) for step in range(len(alone))]
            assert digest_of(dealt) == digest_of(alone)
            assert all(next(stream, None) is None for stream in streams)
        found += numbers(alone)
    assert sorted(found) == list(range(sum(ROWS)))


@pytest.mark.parametrize("first", [0, 1, 3, 10])
@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_workers_send_blocks_in_turn(plain: Shards, first: int, workers: int) -> None:
    """One worker's block after the other's they are the stream from any step on."""
    stream = batches(plain)
    expected = list(stream.read(2, first))
    sent = [stream.blocks(2, first, worker, workers) for worker in range(workers)]
    dealt = [block for turn in zip_longest(*sent) for block in turn if block is not None]
    assert digest_of(batch for block in dealt for batch in block) == digest_of(expected)
    assert [len(block) for block in dealt][1:-1] == [3] * (len(dealt) - 2)
    assert len(dealt[0]) == 3 - first % 3


@pytest.mark.parametrize("shards", ["static", "plain"])
def test_any_step_begins_the_same_remaining_stream(
    shards: str, request: pytest.FixtureRequest
) -> None:
    stream = batches(request.getfixturevalue(shards), rank=1, world_size=2)
    whole = list(stream.read(3))
    for first in range(len(whole) + 1):
        assert digest_of(stream.read(3, first)) == digest_of(whole[first:])


@pytest.mark.slow
def test_epochs_have_orders_and_masks_of_their_own(plain: Shards) -> None:
    def masks(epoch: int) -> dict[int, str]:
        return {
            number: str(row)
            for batch in batches(plain, padding=Padding(L)).read(epoch)
            for number, row in zip(numbers_of(batch), batch["labels"].tolist(), strict=True)
        }

    stream = batches(plain)
    assert numbers(stream.read(0)) != numbers(stream.read(1))
    assert digest_of(stream.read(1)) == digest_of(batches(plain).read(1))
    assert digest_of(stream.read(1)) != digest_of(batches(plain, seed=1).read(1))
    first, second = masks(0), masks(1)
    assert first == masks(0)
    assert sum(first[number] != second[number] for number in first) > 0.95 * len(first)


def test_masks_depend_on_neither_the_batch_size_nor_the_ranks(plain: Shards) -> None:
    def masks(**order: Any) -> dict[int, list[int]]:
        return {
            number: row
            for batch in batches(plain, padding=Padding(L), **order).read(0)
            for number, row in zip(numbers_of(batch), batch["input_ids"].tolist(), strict=True)
        }

    assert masks() == masks(batch_size=3) == masks(shuffle=False)
    assert masks(rank=1, world_size=2).items() <= masks().items()


@pytest.mark.parametrize("output_format", ["parquet", "tfrecord"])
@pytest.mark.parametrize("layout", ["huggingface", "google", "modelgarden", "bert4keras"])
def test_any_layout_out_of_any_container(
    tmp_path: Path, output_format: OutputFormat, layout: Layout
) -> None:
    """Unmasked rows come in the columns of masked ones, whatever they are stored in."""
    task = "none" if layout == "bert4keras" else "nsp"
    plain = options(masking="none", output_format=output_format, task=task)
    static = options(output_format=output_format, layout=layout, task=task)
    stored = small_shards(write_folder(tmp_path / "static", static, [40]))
    shards = small_shards(write_folder(tmp_path / "plain", plain, [40]))
    masking = MaskingOptions(max_predictions_per_seq=P)
    (expected,) = batches(stored, batch_size=40, padding=Padding(L)).read(0)
    (found,) = batches(shards, masking, layout, batch_size=40, padding=Padding(L)).read(0)
    assert sorted(found) == sorted(expected)
    assert sorted(numbers_of(found)) == sorted(numbers_of(expected)) == list(range(40))
    for name, values in found.items():
        assert values.shape == expected[name].shape, name
        assert (values.dtype.kind == "f") == (expected[name].dtype.kind == "f"), name


def test_bins_need_less_padding(tmp_path: Path) -> None:
    binned = write_folder(tmp_path, options(bin_size=8), [30, 50, 40], bins=[8, 16, 24])
    widths = [batch["labels"].shape[1] for batch in batches(small_shards(binned)).read(0)]
    assert len(widths) == 4 + 7 + 5
    assert sum(width <= 8 for width in widths) == 4
    assert sum(width <= 16 for width in widths) == 4 + 7


@pytest.mark.parametrize(
    ("shards", "arguments", "message"),
    [
        ("static", {"masking": MaskingOptions()}, "are masked already; leave masking out, or make"),
        ("static", {"layout": "google"}, "stored in the huggingface layout; got layout 'google'"),
        ("plain", {"layout": "lddl"}, "no batch has the lddl layout"),
        ("plain", {"layout": "nonsense"}, "must be one of huggingface, google"),
        ("plain", {"padding": (0, 1)}, "must be >= 1; got 0 and 1"),
        ("plain", {"padding": (None, 0)}, "must be >= 1; got None and 0"),
        ("plain", {"world_size": 200}, "expected rows for 200 ranks, .* got 171 rows"),
        ("plain", {"batch_size": 200, "drop_last": True}, "drop_last leaves none; got 171 rows"),
    ],
)
def test_what_does_not_go_together(
    shards: str, arguments: dict[str, Any], message: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(UsageError, match=message):
        padding = Padding(*arguments.pop("padding", (None, 1)))
        batches(request.getfixturevalue(shards), padding=padding, **arguments)


# The distribution of masks


def test_a_damaged_shard_stops_the_stream(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, options(output_format="tfrecord"), [40])
    stream = batches(small_shards(folder)).read(0)
    (path,) = folder.glob("rows/*.tfrecord")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(9) + data[len(data) // 2 + 9 :])
    with pytest.raises(InputError, match="cannot be read"):
        list(stream)
