"""The dataset for TensorFlow: the core's batches as tensors, whatever the container and layout."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bertprep.common.draws import row_keys
from bertprep.errors import UsageError
from bertprep.examples.mask import Masker
from bertprep.loaders.batches import Batches
from bertprep.loaders.collate import ColumnMaker, Padding
from bertprep.loaders.mixed import Sources
from bertprep.loaders.order import OrderOptions
from bertprep.options import Layout, OutputFormat
from bertprep.shards.folder import Shards
from tests.laid_out import unmasked_examples
from tests.made_folders import (
    SMALL,
    L,
    P,
    digest_of,
    numbers_of,
    options,
    rows_of,
    write_folder,
)
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place, uploaded

with pytest.MonkeyPatch.context() as patch:
    patch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    tf = pytest.importorskip("tensorflow")

from bertprep import tensorflow as loaders
from bertprep.tensorflow import MaskingOptions

ROWS = [70, 61, 40]
STEPS = 22  # of batches of 8

dataset = partial(loaders.dataset, sizes=SMALL)
small_shards = partial(Shards, sizes=SMALL)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("plain"), options(masking="none"), ROWS)


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What run_pretraining.py reads."""
    made = options(output_format="tfrecord")
    return write_folder(tmp_path_factory.mktemp("static"), made, ROWS)


def read(
    folder: Path | str, batch_size: int = 8, take: int = -1, **more: Any
) -> list[dict[str, Any]]:
    return list(dataset(folder, batch_size, **more).take(take).as_numpy_iterator())


def numbers(batches: list[dict[str, Any]]) -> list[int]:
    return [number for batch in batches for number in numbers_of(batch)]


@pytest.fixture(scope="module")
def epochs(plain: Path) -> list[list[Any]]:
    """The batches of three epochs."""
    stream = read(plain, epochs=3)
    return [stream[start : start + STEPS] for start in range(0, 3 * STEPS, STEPS)]


def test_a_folder_in_a_store(place: Place, plain: Path, epochs: list[list[Any]]) -> None:
    assert digest_of(read(uploaded(place, plain, "out"), epochs=1)) == digest_of(epochs[0])


def test_folders_by_weights(plain: Path, tmp_path: Path) -> None:
    few = write_folder(tmp_path, options(masking="none"), [rows_of(range(900, 916), L)])
    folders: Any = {plain: 4, few: 1}
    core = Sources.open(folders, None, None, SMALL).batches(OrderOptions(8), Padding())
    assert digest_of(read(folders, epochs=1, epoch=1)) == digest_of(core.read(1))
    assert digest_of(read(folders, epochs=1, step=9)) == digest_of(core.read(0, 9))
    assert int(dataset(folders, 8, epochs=1).cardinality()) == 28


@pytest.mark.parametrize("masking", ["none", "token"])
@pytest.mark.parametrize("output_format", ["parquet", "tfrecord"])
@pytest.mark.parametrize("layout", ["huggingface", "google", "modelgarden"])
def test_batches_are_the_cores(
    tmp_path: Path, output_format: OutputFormat, layout: Layout, masking: Any
) -> None:
    made = options(masking=masking, output_format=output_format, layout=layout)
    shards = small_shards(write_folder(tmp_path, made, [40]))
    order = OrderOptions(8, world_size=2, rank=1, seed=5)
    core = Batches(shards, ColumnMaker(shards), order, Padding(None, 4))
    more: dict[str, Any] = {"rank": 1, "world_size": 2, "seed": 5, "pad_to_multiple_of": 4}
    found = read(tmp_path, epochs=1, epoch=2, **more)
    assert digest_of(found) == digest_of(core.read(2))
    for name, values in found[0].items():
        expected = np.float32 if name == "masked_lm_weights" else np.int32
        assert values.dtype == expected, name


def test_rows_are_those_tensorflow_parses_itself(static: Path) -> None:
    """The features of google-research/bert's run_pretraining.py, shard after shard."""
    names = ("input_ids", "input_mask", "segment_ids")
    spec = {name: tf.io.FixedLenFeature([L], tf.int64) for name in names}
    spec |= {
        name: tf.io.FixedLenFeature([P], tf.int64)
        for name in ("masked_lm_positions", "masked_lm_ids")
    }
    spec["masked_lm_weights"] = tf.io.FixedLenFeature([P], tf.float32)
    spec["next_sentence_labels"] = tf.io.FixedLenFeature([1], tf.int64)
    files = sorted(map(str, static.glob("rows/*.tfrecord")))
    rows = tf.data.TFRecordDataset(files).batch(sum(ROWS))
    (expected,) = rows.map(lambda row: tf.io.parse_example(row, spec)).as_numpy_iterator()
    found = read(static, shuffle=False, pad_to=L, epochs=1)
    assert found[0].keys() == expected.keys()
    for name, values in expected.items():
        assert np.array_equal(np.concatenate([batch[name] for batch in found]), values), name


def test_an_epoch_has_each_row_once_and_an_order_of_its_own(epochs: list[list[Any]]) -> None:
    for epoch in epochs:
        assert sorted(numbers(epoch)) == list(range(sum(ROWS)))
    assert len({tuple(numbers(epoch)) for epoch in epochs}) == 3


def test_ranks_share_the_rows(plain: Path) -> None:
    given = [read(plain, rank=rank, world_size=3, epochs=1) for rank in range(3)]
    assert {len(of_rank) for of_rank in given} == {8}
    assert sorted(n for of_rank in given for n in numbers(of_rank)) == list(range(sum(ROWS)))


def test_the_stream_hangs_on_the_seed_alone(plain: Path, epochs: list[list[Any]]) -> None:
    found = []
    for _ in range(2):
        data = dataset(plain, 8)
        found.append([digest_of(data.take(STEPS).as_numpy_iterator()) for _ in range(3)])
    assert found[0] == found[1]
    assert found[0][0] == digest_of(epochs[0])
    assert len({*found[0], *map(digest_of, epochs)}) == 5  # a pass without end repeats no other
    assert digest_of(read(plain, seed=1, epochs=1)) != digest_of(epochs[0])
    assert digest_of(read(plain, epochs=1, epoch=1)) == digest_of(epochs[1])


def test_each_pass_is_of_the_next_epochs(plain: Path, epochs: list[list[Any]]) -> None:
    data = dataset(plain, 8, epochs=1)
    assert [digest_of(data.as_numpy_iterator()) for _ in range(3)] == list(map(digest_of, epochs))
    two = dataset(plain, 8, epochs=2, step=3)
    assert digest_of(two.as_numpy_iterator()) == digest_of([*epochs[0][3:], *epochs[1]])
    third = [batch for batch, _ in zip(two.as_numpy_iterator(), range(STEPS), strict=False)]
    assert digest_of(third) == digest_of(epochs[2])
    for more in ({"validation": True}, {"shuffle": False}):
        same = dataset(plain, 8, epochs=1, **more)  # type: ignore[arg-type]
        first = digest_of(same.as_numpy_iterator())
        list(same.take(3))
        assert digest_of(same.as_numpy_iterator()) == first
    changing = dataset(plain, 8, epochs=1, shuffle=False, validation=False)
    assert len({digest_of(changing.as_numpy_iterator()) for _ in range(2)}) == 2


def test_keras_fits_epoch_after_epoch(plain: Path, epochs: list[list[Any]]) -> None:
    """Rows of the training, and of validations that are broken off."""
    keras = pytest.importorskip("keras")
    seen: dict[bool, list[list[int]]] = {True: [], False: []}

    class Recorder(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, ids: Any, training: bool = False) -> Any:
            seen[bool(training)].append(ids.numpy().ravel().tolist())
            return self.dense(tf.zeros((len(ids), 1)))

    def as_keras(batch: dict[str, Any]) -> Any:
        return batch["labels"], tf.zeros((tf.shape(batch["labels"])[0], 1))

    model = Recorder()
    model.compile(loss="mse", run_eagerly=True)
    held_out = dataset(plain, 8, shuffle=False, epochs=1)
    model.fit(
        dataset(plain, 8, epochs=1).map(as_keras),
        epochs=3,
        validation_data=held_out.map(as_keras),
        validation_steps=4,
        shuffle=False,
        verbose=0,
    )
    expected = [batch["labels"].ravel().tolist() for epoch in epochs for batch in epoch]
    assert seen[True][-3 * STEPS :] == expected
    assert seen[False][-12:-8] == seen[False][-8:-4] == seen[False][-4:]


def test_ranks_are_those_of_the_environment(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UsageError, match="pass rank= and world_size="):
        dataset(plain, 8)
    monkeypatch.setenv("RANK", "1")
    found = read(plain, epochs=1)
    monkeypatch.delenv("RANK")
    assert digest_of(found) == digest_of(read(plain, epochs=1, rank=1, world_size=2))


def test_each_epoch_has_masks_of_its_own(epochs: list[list[Any]]) -> None:
    first, second = (
        {
            number: str(row[row != -100])
            for batch in epoch
            for number, row in zip(numbers_of(batch), batch["labels"], strict=True)
        }
        for epoch in epochs[:2]
    )
    assert sum(first[number] != second[number] for number in first) > 0.95 * len(first)


def test_masks_are_the_maskers(plain: Path) -> None:
    """With the row's key at hand, the masker gives what the batch holds."""
    masking = MaskingOptions("span", 0.4, 5, 0.5, 0.25)
    shards = small_shards(plain)
    chunks = enumerate(shards.chunk_rows.tolist())
    records = np.concatenate([shards.read(chunk, 0, rows) for chunk, rows in chunks])
    columns = {name: records[name] for name in records.dtype.names or ()}
    keys = row_keys(9, 4, np.arange(len(shards)))
    expected = Masker(shards.vocabulary, masking)(unmasked_examples(columns, keys))
    for batch in read(plain, masking=masking, seed=9, epoch=4, epochs=1, pad_to=L, layout="google"):
        rows = numbers_of(batch)
        assert np.array_equal(batch["input_ids"], expected.input_ids[rows])
        assert np.array_equal(batch["masked_lm_positions"], expected.positions[rows])
        assert np.array_equal(batch["masked_lm_ids"], expected.labels[rows])


def test_a_unit_stands_for_its_options(plain: Path) -> None:
    found = read(plain, masking="whole-word", epochs=1)
    assert digest_of(found) == digest_of(
        read(plain, masking=MaskingOptions("whole-word"), epochs=1)
    )
    assert digest_of(found) != digest_of(read(plain, epochs=1))


def test_any_step_begins_the_same_remaining_stream(plain: Path, epochs: list[list[Any]]) -> None:
    stream = [batch for epoch in epochs for batch in epoch]
    for step in (1, STEPS - 1, STEPS, STEPS + 5, 3 * STEPS - 1):
        left = dataset(plain, 8, epochs=3, step=step)
        assert left.cardinality() == 3 * STEPS - step
        assert digest_of(left.as_numpy_iterator()) == digest_of(stream[step:])
    later = read(plain, epoch=1, step=STEPS + 2, take=4)
    assert digest_of(later) == digest_of(stream[2 * STEPS + 2 :][:4])


def test_an_iterator_can_be_restored(plain: Path, epochs: list[list[Any]], tmp_path: Path) -> None:
    data = dataset(plain, 8)
    first = iter(data)
    for _ in range(STEPS + 3):
        next(first)
    saved = tf.train.Checkpoint(iterator=first).save(tmp_path / "state")
    restored = iter(dataset(plain, 8))
    tf.train.Checkpoint(iterator=restored).restore(saved)
    found = [next(restored) for _ in range(5)]
    assert digest_of(found) == digest_of(epochs[1][3:8])


def test_passes_at_different_steps_do_not_disturb_each_other(
    plain: Path, epochs: list[list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    read_epoch = Batches.read

    def counted(batches: Batches, epoch: int, first: int = 0, stride: int = 1) -> Any:
        opened.append((epoch, first))
        return read_epoch(batches, epoch, first, stride)

    monkeypatch.setattr(Batches, "read", counted)
    data = dataset(plain, 8, epochs=2, validation=True)
    ahead = data.as_numpy_iterator()
    found = [next(ahead) for _ in range(7)]
    for one, other in zip(ahead, data.as_numpy_iterator(), strict=False):
        found += [one, other]
    stream = [*epochs[0], *epochs[1]]
    pairs = [batch for pair in zip(stream[7:], stream, strict=False) for batch in pair]
    assert digest_of(found) == digest_of([*stream[:7], *pairs])
    assert opened == [(0, 0), (0, 0), (1, 0), (1, 0)]


def test_how_many_steps_there_are_is_known(plain: Path) -> None:
    assert dataset(plain, 8).cardinality() == tf.data.INFINITE_CARDINALITY
    assert dataset(plain, 8, epochs=2).cardinality() == 2 * STEPS
    assert dataset(plain, 8, epochs=1, drop_last=True).cardinality() == sum(ROWS) // 8
    assert len(read(plain, epochs=1, drop_last=True)) == sum(ROWS) // 8


def shapes(data: Any) -> dict[str, tuple[int | None, ...]]:
    return {name: tuple(spec.shape) for name, spec in data.element_spec.items()}


def test_shapes_are_static_where_they_are_known(plain: Path, static: Path) -> None:
    slots = {"masked_lm_positions": P, "masked_lm_ids": P, "masked_lm_weights": P}
    more: dict[str, Any] = {"pad_to": 25, "pad_to_multiple_of": 8, "drop_last": True}
    tokens = dict.fromkeys(("input_ids", "input_mask", "segment_ids"), 32)
    fixed = {**tokens, **slots, "next_sentence_labels": 1}
    assert shapes(dataset(static, 8, **more)) == {name: (8, size) for name, size in fixed.items()}
    for batch in read(static, take=3, **more):
        assert {name: values.shape for name, values in batch.items()} == shapes(
            dataset(static, 8, **more)
        )
    changing = shapes(dataset(static, 8))
    assert changing == {
        **dict.fromkeys(tokens, (None, None)),
        **dict.fromkeys(slots, (None, P)),
        "next_sentence_labels": (None, 1),
    }
    names = ("input_ids", "token_type_ids", "attention_mask", "labels")
    assert shapes(dataset(plain, 8, pad_to=L)) == {
        **dict.fromkeys(names, (None, L)),
        "next_sentence_label": (None,),
    }


def test_as_many_slots_as_tokens_are_no_tokens(plain: Path) -> None:
    masking = MaskingOptions(masked_lm_prob=0.5, max_predictions_per_seq=L)
    found = shapes(dataset(plain, 8, masking=masking, layout="google"))
    assert found["masked_lm_ids"] == (None, L)
    assert found["input_ids"] == (None, None)


@pytest.mark.parametrize("masking", ["none", "token"])
def test_packed_rows(tmp_path: Path, masking: Any) -> None:
    packed = write_folder(tmp_path, options(pack=True, masking=masking, max_seq_length=60), ROWS)
    shards = small_shards(packed)
    core = Batches(shards, ColumnMaker(shards), OrderOptions(8, drop_last=True), Padding(60))
    assert digest_of(read(packed, epochs=1, pad_to=60, drop_last=True)) == digest_of(core.read(0))
    sizes = shapes(dataset(packed, 8, pad_to=60, drop_last=True))
    assert sizes["sequence_ids"] == sizes["labels"] == (8, 60)
    assert sizes["next_sentence_label"] == sizes["cls_positions"] == (8, 12)


def test_bins_need_less_padding(tmp_path: Path) -> None:
    binned = write_folder(tmp_path, options(bin_size=8), [30, 50, 40], bins=[8, 16, 24])
    widths = [batch["labels"].shape[1] for batch in read(binned, epochs=1)]
    assert len(widths) == 4 + 7 + 5
    assert sum(width <= 8 for width in widths) == 4
    assert sum(width <= 16 for width in widths) == 4 + 7


def test_what_is_shared_out_is_not_shared_out_again(plain: Path) -> None:
    off = tf.data.experimental.AutoShardPolicy.OFF
    for world_size in (1, 2):
        own = dataset(plain, 8, rank=0, world_size=world_size).options().experimental_distribute
        assert (own.auto_shard_policy == off) == (world_size > 1)


def test_each_worker_of_a_strategy_reads_its_rank(plain: Path) -> None:
    def of_worker(context: Any) -> Any:
        rank, world_size = context.input_pipeline_id, context.num_input_pipelines
        size = context.get_per_replica_batch_size(8)
        return dataset(plain, size, rank=rank, world_size=world_size, epochs=1)

    shared = tf.distribute.MirroredStrategy(["CPU:0"])
    batches = list(shared.distribute_datasets_from_function(of_worker))
    found = [{name: values.numpy() for name, values in batch.items()} for batch in batches]
    assert sorted(numbers(found)) == list(range(sum(ROWS)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": 0}, "epochs must be an integer >= 1; got 0"),
        ({"epoch": -1}, "epoch must be an integer >= 0; got -1"),
        ({"step": -1}, "step must be an integer >= 0; got -1"),
        ({"epochs": 2, "step": 44}, "step must be below 44, the steps of epochs=2; got 44"),
        ({"masking": "words"}, "--masking must be one of token, whole-word, span; got 'words'"),
        ({"layout": "lddl"}, "no batch has the lddl layout"),
    ],
)
def test_what_does_not_go_together(plain: Path, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        dataset(plain, 8, **arguments)


def test_a_damaged_shard_stops_the_stream(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, options(output_format="tfrecord"), [40])
    (path,) = folder.glob("rows/*.tfrecord")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(9) + data[len(data) // 2 + 9 :])
    with pytest.raises(tf.errors.OpError, match=r"cannot be read .*`bertprep verify` says more"):
        read(folder, epochs=1)


def test_a_shard_that_is_gone_in_the_middle_of_an_epoch(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, options(masking="none"), [600])
    (path,) = folder.glob("rows/*.parquet")
    batches = dataset(folder, 8, epochs=1).as_numpy_iterator()
    next(batches)
    path.unlink()
    with pytest.raises(tf.errors.OpError) as caught:
        list(batches)
    line = caught.value.message.splitlines()[0]
    assert f"InputError: {path} is missing; expected" in line
    assert line.endswith("as manifest.json says: copy the folder again, or make it again")


def test_without_tensorflow_the_way_out_is_named() -> None:
    code = "import sys; sys.modules['tensorflow'] = None; import bertprep.tensorflow"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    line = "ImportError: bertprep.tensorflow needs TensorFlow: pip install 'bertprep[tensorflow]'"
    assert done.stderr.splitlines()[-1] == line
