"""Finished folders, opened for a trainer: their rows by number, and what is no such folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.errors import InputError, UsageError
from bertprep.options import Layout, Masking, OutputFormat
from bertprep.report.decode import read_rows
from bertprep.report.survey import Survey, survey_shard
from bertprep.shards.containers.parquet import PARQUET
from bertprep.shards.findings import Findings
from bertprep.shards.folder import Shards
from bertprep.shards.sizes import Sizes
from bertprep.shards.tfrecord_framing import read_columns
from tests.made_folders import VOCABULARY, numbers_of, write_folder
from tests.manifests import vocab_json
from tests.shards.written_folders import SMALL, L, flipped, opened, options, resized, written
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place, uploaded

LAYOUTS: tuple[Layout, ...] = ("huggingface", "google", "modelgarden")
MIDDLE = Sizes(block_tokens=100 * L)
FORMATS: tuple[OutputFormat, ...] = ("parquet", "tfrecord")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "shards", options(), [40, 41])


@pytest.mark.parametrize("masking", ["token", "none"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("output_format", FORMATS)
def test_records_hold_what_was_written(
    tmp_path: Path, output_format: OutputFormat, layout: Layout, masking: Masking
) -> None:
    folder = written(tmp_path, options(output_format, layout, masking), [37, 5])
    shards = opened(folder)
    assert len(shards) == 42
    assert shards.chunk_rows.tolist() == [16, 16, 5, 5]
    chunks = [shards.read(chunk, 0, n) for chunk, n in enumerate(shards.chunk_rows.tolist())]
    records = np.concatenate(chunks)
    assert numbers_of({name: records[name] for name in records.dtype.names}) == list(range(42))
    expected = stored(folder / f"rows/shard-00000-of-00002.{output_format}")
    assert sorted(expected) == sorted(records.dtype.names)
    for name, values in expected.items():
        assert np.array_equal(values.reshape(37, -1), records[name][:37].reshape(37, -1)), name


def test_the_first_folders_had_their_shards_beside_the_manifest(tmp_path: Path) -> None:
    old = write_folder(tmp_path / "old", options(), [9, 5], below="")
    new = write_folder(tmp_path / "new", options(), [9, 5])
    assert not (old / "rows").exists() and not list(new.glob("shard-*"))
    before, now = Shards(old), Shards(new)
    for chunk, rows in enumerate((9, 5)):
        assert before.read(chunk, 0, rows).tobytes() == now.read(chunk, 0, rows).tobytes()


def stored(path: Path) -> dict[str, Any]:
    """All rows of a shard by the formats' plain readers."""
    if path.suffix == ".tfrecord":
        with open(path, "rb") as stream:
            return read_columns(stream, str(path))
    table = pq.read_table(path)
    return {name: np.array(table.column(name).to_pylist()) for name in table.column_names}


def test_bins_come_from_the_manifest(tmp_path: Path) -> None:
    shards = opened(written(tmp_path, options(bin_size=8), [5, 20, 3], bins=[8, 16, 24]))
    assert shards.chunk_bins.tolist() == [8, 16, 16, 24]
    assert opened(written(tmp_path / "one", options(), [5])).chunk_bins.tolist() == [L]


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_folder_in_a_store_is_read_by_few_requests(
    place: Place, tmp_path: Path, output_format: OutputFormat
) -> None:
    folder = written(tmp_path, options(output_format), [400, 80])
    local, remote = opened(folder), opened(uploaded(place, folder, "out"))
    assert place.seen == {"get": 2, "list": 1}  # manifest and vocabulary; sizes of all shards
    place.seen.clear()
    size = folder.joinpath(remote._shards[0].name).stat().st_size
    scans = -(-size // SMALL.scan_bytes)  # finds out once where a shard's records begin
    for chunk, start, stop in ((3, 2, 9), (3, 0, 16), (24, 0, 16)):
        assert (local.read(chunk, start, stop) == remote.read(chunk, start, stop)).all()
    # A small Parquet shard comes whole with its end; of TFRecord, the size and the rows.
    assert place.seen == {"get": 3 if output_format == "parquet" else 3 + scans + 3}


def test_a_row_group_far_from_the_end_is_one_request(place: Place, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, options(), [8000], sizes=MIDDLE)
    shards = Shards(uploaded(place, folder, "out"), MIDDLE)
    assert shards._shards[0].size > 2 * PARQUET.end_bytes
    place.seen.clear()
    before = Shards(folder, MIDDLE)
    for number, rows in enumerate(shards.chunk_rows[:2].tolist()):
        assert (shards.read(number, 0, rows) == before.read(number, 0, rows)).all()
    assert place.seen == {"get": 4}  # each time the end, and then the row group


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_shard_in_a_store_that_is_replaced_while_it_is_read(
    place: Place, tmp_path: Path, output_format: OutputFormat
) -> None:
    folder = written(tmp_path, options(output_format), [40])
    uri = uploaded(place, folder, "out")
    shards = opened(uri)
    (path,) = folder.glob("rows/*")
    name, data = f"{uri}/rows/{path.name}", path.read_bytes()
    for other in (data[:-1], data + b"1"):
        place.store.put(name, other)
        with pytest.raises(InputError, match=f"{name} has {len(other):,} bytes; expected"):
            shards.read(0, 0, 16)
    place.store.delete([name])
    with pytest.raises(InputError, match=f"{name} is missing; expected"):
        shards.read(0, 0, 16)


def edited(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


OTHER_TOKENS = "\n".join([*VOCABULARY.tokens, "more"])
SHARD = "rows/shard-00001-of-00002.parquet"
FOLDER_ERRORS: list[tuple[Callable[[Path], Any], str]] = [
    (lambda f: shutil.rmtree(f), "holds no manifest.json; expected the --output of a finished"),
    (lambda f: (f / SHARD).unlink(), f"{SHARD} is missing; expected [0-9,]+ bytes"),
    (lambda f: truncate(f / SHARD), f"{SHARD} has [0-9,]+ bytes; expected"),
    (lambda f: (f / "manifest.json").write_text("{"), "manifest.json is damaged .not JSON"),
    (lambda f: (f / "manifest.json").write_text("{}"), "was not written by bertprep"),
    (lambda f: edited(f, lambda m: m.update(format=2)), "has format 2, and this bertprep reads 1"),
    (lambda f: edited(f, lambda m: m.pop("shards")), "manifest.json is damaged: no 'shards'"),
    (
        lambda f: (f / "manifest.json").write_text(json.dumps(vocab_json())),
        "holds no shards; expected the --output of a",
    ),
    (lambda f: edited(f, lambda m: m.pop("config")), "manifest.json is damaged: no 'config'"),
    (lambda f: edited(f, lambda m: m.pop("vocabulary")), "is damaged: no 'vocabulary'"),
    (lambda f: edited(f, lambda m: m["shards"][0].pop("rows")), "is damaged: no 'rows'"),
    (lambda f: (f / "vocab.txt").unlink(), "vocab.txt cannot be read: "),
    (
        lambda f: (f / "vocab.txt").write_text(OTHER_TOKENS),
        "vocab.txt is not the vocabulary the shards",
    ),
]


@pytest.mark.parametrize(("damage", "message"), FOLDER_ERRORS)
def test_what_is_no_finished_folder(
    folder: Path, damage: Callable[[Path], Any], message: str
) -> None:
    damage(folder)
    with pytest.raises(InputError, match=message):
        opened(folder)


def test_a_uri_of_no_store() -> None:
    with pytest.raises(UsageError, match="ftp://host/folder is of no store that is known"):
        opened("ftp://host/folder")


def test_a_damaged_shard_is_named_with_the_way_out(folder: Path) -> None:
    path = folder / SHARD
    data = path.read_bytes()
    third = len(data) // 3
    path.write_bytes(data[:third] + bytes(third) + data[2 * third :])
    shards = opened(folder)
    with pytest.raises(InputError, match=f"{SHARD} cannot be read .*`bertprep verify` says more"):
        for chunk in range(3, 6):
            shards.read(chunk, 0, int(shards.chunk_rows[chunk]))


@pytest.mark.parametrize("masking", ["token", "none"])
def test_a_flipped_bit_of_a_page_is_seen_by_whatever_reads_it(
    tmp_path: Path, masking: Masking
) -> None:
    made_with = options(masking=masking)
    folder = written(tmp_path, made_with, [200])
    (path,) = folder.glob("rows/*.parquet")
    data = path.read_bytes()
    ids = pq.read_metadata(path).row_group(0).column(0)
    rules = Rules(made_with, VOCABULARY)
    for place in range(ids.total_compressed_size // 2, ids.total_compressed_size, 211):
        path.write_bytes(flipped(data, place))
        with pytest.raises(InputError, match=f"{path.name} cannot be read .*CRC checksum"):
            opened(folder).read(0, 0, 16)
        findings = Findings()
        with path.open("rb") as stream:
            verify_rows(stream, rules, findings)
        assert findings.count == 1
        assert "CRC checksum" in findings.problems[0][1]
        with path.open("rb") as stream, pytest.raises(InputError, match="CRC checksum"):
            read_rows(stream, "shard.parquet", 3, "parquet")
        with path.open("rb") as stream, pytest.raises(InputError, match="CRC checksum"):
            survey_shard(stream, "shard.parquet", 3, rules, Survey.empty(rules))


def test_shards_without_checksums(tmp_path: Path) -> None:
    folder = written(tmp_path, options(masking="none"), [200])
    (path,) = folder.glob("rows/*.parquet")
    before = opened(folder).read(0, 0, 16)
    table = pq.read_table(path)
    pq.write_table(table, path)
    resized(folder, path)
    assert np.array_equal(opened(folder).read(0, 0, 16), before)
    column = table.column("input_ids")
    for wrong in (len(VOCABULARY), -1, 1 << 16):
        ids = np.array(column.to_pylist())
        ids[3, 4] = wrong
        wrong_ids = pa.array(ids.tolist(), column.type)
        pq.write_table(table.set_column(0, "input_ids", wrong_ids), path)
        resized(folder, path)
        with pytest.raises(InputError, match=f"{path.name} cannot be read .input_ids has an id"):
            opened(folder).read(0, 0, 16)


def test_a_shard_cut_short_while_it_is_read(tmp_path: Path) -> None:
    shards = opened(written(tmp_path, options("tfrecord"), [48]))
    (path,) = tmp_path.glob("rows/*.tfrecord")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 4])
    with pytest.raises(InputError, match=r"has [\d,]+ bytes; expected [\d,]+ bytes, as manifest"):
        shards.read(2, 0, 16)
