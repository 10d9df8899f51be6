"""Rows are decoded once into a local file."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from multiprocessing import get_context
from pathlib import Path

import pytest

from bertprep.errors import OutputError
from bertprep.loaders.cache import CachedRows
from bertprep.shards.folder import Shards
from tests.made_folders import digest_of, numbers_of, options, write_folder

pytest.importorskip("torch")

from tests.loaders.torch.mapped import ROWS, N, read
from tests.loaders.torch.small import MapDataset, small_shards
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place, uploaded

pytestmark = pytest.mark.usefixtures("own_caches")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("static"), options(), ROWS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("plain"), options(masking="none"), ROWS)


def no_decoding(*args: object) -> None:
    raise AssertionError("the rows were decoded again")


def test_rows_are_decoded_once(
    static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(MapDataset(static, cache_dir=tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(Shards, "read", no_decoding)
        assert digest_of([read(MapDataset(static, cache_dir=tmp_path))]) == digest_of([first])
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".lock", ".rows"]


def test_rows_in_a_store_are_decoded_once(place: Place, static: Path, tmp_path: Path) -> None:
    uri = uploaded(place, static, "out")
    assert digest_of([read(MapDataset(uri, cache_dir=tmp_path))]) == digest_of(
        [read(MapDataset(static, cache_dir=tmp_path / "of-here"))]
    )
    place.seen.clear()
    read(MapDataset(uri, cache_dir=tmp_path))
    assert place.seen == {"get": 2, "list": 1}


def test_a_cache_that_is_not_complete_is_made_again(static: Path, tmp_path: Path) -> None:
    first = read(MapDataset(static, cache_dir=tmp_path))
    (path,) = tmp_path.glob("*.rows")
    path.write_bytes(path.read_bytes()[:-1])
    assert digest_of([read(MapDataset(static, cache_dir=tmp_path))]) == digest_of([first])


def test_a_run_that_breaks_off_leaves_no_rows(
    static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Shards, "read", no_decoding)
        with pytest.raises(AssertionError):
            MapDataset(static, cache_dir=tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]
    assert numbers_of(read(MapDataset(static, cache_dir=tmp_path))) == list(range(N))


def test_each_folder_of_shards_has_rows_of_its_own(static: Path, plain: Path) -> None:
    paths = {CachedRows(small_shards(folder)).path for folder in (static, plain)}
    assert len(paths) == 2
    assert {os.path.dirname(path) for path in paths} == {f"{os.environ['XDG_CACHE_HOME']}/bertprep"}


def test_processes_that_start_at_once_decode_once(static: Path, tmp_path: Path) -> None:
    processes = [
        get_context("fork").Process(target=build, args=(static, tmp_path)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert (tmp_path / "decoded").stat().st_size == 1
    assert numbers_of(read(MapDataset(static, cache_dir=tmp_path))) == list(range(N))


def build(folder: Path, cache: Path) -> None:
    write = CachedRows._write

    def noted(rows: CachedRows, shards: Shards) -> None:
        with open(cache / "decoded", "ab") as file:
            file.write(b".")
        write(rows, shards)

    CachedRows._write = noted  # type: ignore[method-assign]
    CachedRows(small_shards(folder), cache)


def test_a_disk_without_room_is_named(
    static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")(10, 10, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(OutputError, match="GB are free; name a folder with more room as cache_dir"):
        MapDataset(static, cache_dir=tmp_path)


def test_a_folder_that_cannot_be_written_is_named(static: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        OutputError, match=r"cannot be written: .*; name another folder as cache_dir"
    ):
        MapDataset(static, cache_dir=tmp_path / "file")


def test_rows_that_are_there_need_no_room_to_write(
    static: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where one user made them and another only reads."""
    MapDataset(static, cache_dir=tmp_path)
    for path in tmp_path.glob("*.lock"):
        path.unlink()
    monkeypatch.setattr("bertprep.loaders.cache._locked", no_decoding)
    assert numbers_of(read(MapDataset(static, cache_dir=tmp_path))) == list(range(N))
    assert [path.suffix for path in tmp_path.iterdir()] == [".rows"]


def test_what_a_killed_process_left_is_removed(static: Path, tmp_path: Path) -> None:
    path = Path(MapDataset(static, cache_dir=tmp_path)._rows[0].path)
    path.unlink()
    left, other = Path(f"{path}.0123.part"), tmp_path / "other.rows.0123.part"
    left.write_bytes(b"left")
    other.write_bytes(b"of other shards")
    MapDataset(static, cache_dir=tmp_path)
    assert (path.exists(), left.exists(), other.exists()) == (True, False, True)
