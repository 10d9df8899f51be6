"""``bertprep shard --pack`` from end to end: the same examples in fewer rows, nearly all full."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bertprep.layouts.pack import places_of, unpack
from bertprep.loaders.collate import ColumnMaker
from bertprep.report.decode import read_rows
from bertprep.shards.folder import Shards
from tests.finished import manifest_of

Make = Callable[..., Path]
LENGTH = 512
ONCE = ("--dupe-factor", 1, "--num-shards", 3, "--workers", 1)


@pytest.fixture(scope="module")
def make(
    bertprep: Any, prose: list[str], vocab_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Make:
    """Shards of the prose's paragraphs, each a short document; each set of options once."""
    folder = tmp_path_factory.mktemp("paragraphs")
    paragraphs = [part for text in prose for part in text.split("\n\n")]
    (folder / "text.txt").write_text("\n\n".join(paragraphs), "utf-8")
    made: dict[tuple[object, ...], Path] = {}

    def run(*options: object) -> Path:
        if options not in made:
            output = folder / str(len(made))
            sizes = ("--max-seq-length", LENGTH, "--max-predictions-per-seq", 76)
            inputs = (folder / "text.txt", "--vocab", vocab_dir, "--output", output)
            done = bertprep("shard", *inputs, *sizes, *options)
            assert done.returncode == 0, done.stderr
            made[options] = output
        return made[options]

    return run


def columns_of(path: Path) -> dict[str, NDArray[Any]]:
    with path.open("rb") as stream:
        return read_rows(stream, str(path), 10**6, path.suffix[1:])


def shards_of(folder: Path) -> list[dict[str, NDArray[Any]]]:
    return [columns_of(folder / shard["file"]) for shard in manifest_of(folder)["shards"]]


def examples_of(columns: dict[str, NDArray[Any]]) -> Counter[tuple[object, ...]]:
    """What is in each example: ids, types, labels or word starts, and its pair's label."""
    if "sequence_ids" in columns:
        columns = unpack(columns, places_of(columns["sequence_ids"]), pad_id=0)
    lengths = columns["attention_mask"].sum(axis=1)
    return Counter(
        tuple(np.atleast_1d(columns[name][n])[: lengths[n]].tobytes() for name in sorted(columns))
        for n in range(len(lengths))
    )


def test_packed_shards_hold_the_examples_of_the_others(make: Make) -> None:
    """Each shard the very ones, masks included, that it has without --pack."""
    plain, packed = make(*ONCE), make(*ONCE, "--pack")
    for one, other in zip(shards_of(plain), shards_of(packed), strict=True):
        assert examples_of(other) == examples_of(one)
        assert len(other["input_ids"]) < 0.2 * len(one["input_ids"])


def test_short_documents_fill_99_of_100_slots(make: Make) -> None:
    folder = make(*ONCE, "--pack")
    manifest, shards = manifest_of(folder), shards_of(folder)
    filled = [int(shard["attention_mask"].sum()) for shard in shards]
    rows = [len(shard["attention_mask"]) for shard in shards]
    fill = sum(filled) / (sum(rows) * LENGTH)
    assert fill > 0.99
    examples = [int((shard["next_sentence_label"] >= 0).sum()) for shard in shards]
    assert manifest["rows"] == sum(rows)
    assert manifest["pack"] == {
        "examples": sum(examples),
        "rows": sum(rows),
        "fill_share": pytest.approx(fill, abs=1e-6),
    }
    entries = manifest["shards"]
    assert [(entry["rows"], entry["examples"]) for entry in entries] == list(
        zip(rows, examples, strict=True)
    )
    assert max(examples) - min(examples) <= 1
    assert manifest["statistics"]["padding_share"] == pytest.approx(1 - fill, abs=2e-6)


def test_the_same_bytes_for_one_worker_and_for_two(make: Make) -> None:
    one = make(*ONCE, "--pack")
    two = make("--dupe-factor", 1, "--num-shards", 3, "--workers", 2, "--pack")
    files = [path.relative_to(one) for path in sorted(one.rglob("*.*")) if path.name != "run.json"]
    for path in files:
        assert (one / path).read_bytes() == (two / path).read_bytes(), path
    assert files == [
        path.relative_to(two) for path in sorted(two.rglob("*.*")) if path.name != "run.json"
    ]


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_packed_shards_are_verified_and_shown(
    make: Make, cli_in_process: Any, container: str
) -> None:
    options = ONCE
    if container == "tfrecord":
        options = (*ONCE, "--output-format", container, "--layout", "huggingface")
    folder = make(*options, "--pack")
    rows = manifest_of(folder)["rows"]
    done = cli_in_process("verify", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"3 shards, {rows:,} rows: all as written\n"
    shown = cli_in_process("inspect", folder, "--examples", 30).stdout
    assert re.findall(r"^example (\d+) \(B (?:follows A|is random)\)$", shown, re.MULTILINE) == [
        str(n) for n in range(1, 31)
    ]
    assert re.search(rf"^packed +into {rows:,} rows, [\d.]+ examples each, 99\.", shown, re.M)


def test_a_loader_masks_each_example_as_it_reads_the_rows(make: Make) -> None:
    """With 15% of each example's own tokens, as if it stood alone."""
    folder = make(*ONCE, "--pack", "--masking", "none")
    shards = Shards(folder)
    columns = ColumnMaker(shards)(shards.read(0, 0, 50), np.arange(50, dtype=np.uint64))
    stored = {name: values[:50] for name, values in shards_of(folder)[0].items()}
    labels = columns.pop("labels")
    assert set(columns) == set(stored) - {"word_starts"}
    restored = np.where(labels >= 0, labels, columns.pop("input_ids"))
    assert np.array_equal(restored, stored["input_ids"])
    assert all(np.array_equal(values, stored[name]) for name, values in columns.items())
    places = places_of(stored["sequence_ids"])
    examples = unpack({**stored, "labels": labels}, places, pad_id=0)
    wanted = np.rint(0.15 * places.lengths).clip(1)
    assert ((examples["labels"] >= 0).sum(axis=1) == wanted).all()


def test_both_containers_hold_the_same_rows(make: Make) -> None:
    tfrecord = (*ONCE, "--output-format", "tfrecord", "--layout", "huggingface")
    pairs = zip(shards_of(make(*ONCE, "--pack")), shards_of(make(*tfrecord, "--pack")), strict=True)
    for one, other in pairs:
        assert set(one) == set(other)
        assert all(np.array_equal(one[name], values) for name, values in other.items())
