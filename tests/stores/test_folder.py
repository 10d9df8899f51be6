"""A folder's files by name, here and in stores; what is said of one that cannot be opened."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bertprep.errors import InputError, UsageError
from bertprep.shards.folder import Shards
from bertprep.stores.folder import Folder
from tests.conftest import Run
from tests.made_folders import options, write_folder
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place, forget_stores, make_nobody_known, uploaded


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "below" / "b").write_bytes(b"de")
    return tmp_path


def assert_has_files(path: str | Path) -> None:
    folder = Folder(path)
    assert (folder.read("a"), folder.read_if_there("below/b")) == (b"abc", b"de")
    assert folder.sizes(["below/b", "a", "none"]) == [2, 3, None]
    assert folder.sizes(["below/b", "below/c"]) == [2, None]
    assert folder.sizes(["a"]) == [3]
    assert folder.sizes([]) == []
    with folder.open("a", 3) as stream:
        assert (stream.size(), stream.read()) == (3, b"abc")
    assert folder.read_if_there("none") is None
    assert folder.name("a") == f"{str(path).rstrip('/')}/a"
    with pytest.raises(InputError, match="none cannot be read: No such file"):
        folder.read("none")


def test_files_are_read_by_name(files: Path) -> None:
    for path in (files, f"{files}/"):
        assert_has_files(path)


def test_objects_are_read_by_name(place: Place, files: Path) -> None:
    uri = uploaded(place, files, "deep/out")
    for path in (uri, f"{uri}/"):
        assert_has_files(path)


def test_sizes_of_objects_are_listed_in_their_folder(place: Place, files: Path) -> None:
    for number in range(30):
        (files / "below" / f"shard-{number:02}").write_bytes(b"1" * number)
    folder = Folder(uploaded(place, files, "out"))
    assert folder.sizes([f"below/shard-{number:02}" for number in range(30)]) == [*range(30)]
    assert place.seen == {"list": 1}


def test_what_cannot_be_read_is_named(files: Path) -> None:
    os.mkfifo(files / "pipe")  # which may never give a byte
    with pytest.raises(InputError, match="pipe cannot be read: not a regular file"):
        Folder(files).read("pipe")
    assert Folder(files).sizes(["pipe"]) == [None]
    assert Folder(files / "a").read_if_there("b") is None


@pytest.mark.parametrize("path", ["hdfs://a/b", "file:///a/b"])
def test_a_uri_of_no_store_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match=f"{path}: .* is not opened"):
        Folder(path)


@pytest.fixture(params=["loaders", "inspect"])
def refusal(request: pytest.FixtureRequest, cli_in_process: Run) -> Callable[[str], str]:
    """The line that is said of a folder which cannot be opened."""

    def of_loaders(uri: str) -> str:
        with pytest.raises(InputError) as failed:
            Shards(uri)
        return str(failed.value)

    def of_inspect(uri: str) -> str:
        done = cli_in_process("inspect", uri)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        return str(line)

    return of_loaders if request.param == "loaders" else of_inspect


def test_a_folder_in_a_store_is_opened(place: Place, cli_in_process: Run, tmp_path: Path) -> None:
    rows = write_folder(tmp_path / "out", options(), [9, 7])
    uri = uploaded(place, rows, "out")
    here, there = Shards(rows), Shards(uri)
    assert here.digest == there.digest
    assert (here.read(0, 0, 9) == there.read(0, 0, 9)).all()
    shown, of_store = (cli_in_process("inspect", path) for path in (str(rows), uri))
    assert (of_store.returncode, of_store.stderr) == (0, "")
    assert of_store.stdout.replace(uri, str(rows)) == shown.stdout


def assert_soon(refusal: Callable[[str], str], uri: str, said: str) -> None:
    began = time.monotonic()
    line = refusal(uri)
    assert time.monotonic() - began < 10
    assert uri in line
    assert said in line


def test_a_bucket_that_is_not_there(place: Place, refusal: Callable[[str], str]) -> None:
    uri = f"{place.store.SCHEME}nowhere/out"
    assert_soon(refusal, uri, "there is no bucket nowhere")


def test_a_folder_without_a_run(place: Place, refusal: Callable[[str], str]) -> None:
    assert_soon(refusal, f"{place.bucket}/none", "holds no manifest.json")


def test_a_store_that_nobody_answers_for(
    place: Place, refusal: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with socket.create_server(("127.0.0.1", 0)) as held:
            free = f"http://127.0.0.1:{held.getsockname()[1]}"
        patch.setenv("AWS_ENDPOINT_URL_S3", free)
        patch.setenv("STORAGE_EMULATOR_HOST", free)
        forget_stores()
        assert_soon(refusal, f"{place.bucket}/out", "ConnectionError: ")
    forget_stores()


def test_nobody_in_particular(
    place: Place,
    refusal: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with monkeypatch.context() as patch:
        make_nobody_known(patch, tmp_path)
        assert_soon(refusal, f"{place.bucket}/out", "are found; `")
    forget_stores()
