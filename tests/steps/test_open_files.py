"""Files that are held open: each is opened once, and what is read is what is there now."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.folders import files
from pipelines.steps.open_files import HeldFiles, held_files

Opened = list[str]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The paths that were opened."""
    found: Opened = []
    open_input = files.open_input
    monkeypatch.setattr(files, "open_input", lambda p: found.append(p) or open_input(p))
    return found


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], str]:
    def make(name: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
        return str(path)

    return make


@pytest.fixture
def held() -> Iterator[HeldFiles]:
    """Room for two files."""
    held = HeldFiles(2)
    yield held
    held.close()


def read(held: HeldFiles, path: str) -> bytes:
    with held.opened(path) as stream:
        stream.seek(0)
        return stream.read()


def open_here() -> int:
    return len(os.listdir("/dev/fd"))


def test_a_file_is_opened_once(held: HeldFiles, made: Callable[[str], str], opened: Opened) -> None:
    paths = [made("a"), made("b")]
    for _ in range(3):
        assert [read(held, path) for path in paths] == [b"a", b"b"]
    assert opened == paths


def test_what_is_beyond_the_limit_is_opened_each_time(
    held: HeldFiles, made: Callable[[str], str], opened: Opened
) -> None:
    paths = [made("a"), made("b"), made("c")]
    for _ in range(3):
        assert [read(held, path) for path in paths] == [b"a", b"b", b"c"]
    assert opened == [*paths, paths[2], paths[2]]


def test_a_file_put_in_the_place_of_another_is_read(
    held: HeldFiles, made: Callable[[str], str]
) -> None:
    path = made("a")
    assert read(held, path) == b"a"
    os.replace(made("other"), path)
    assert read(held, path) == b"other"
    os.remove(path)
    with pytest.raises(FileNotFoundError):
        read(held, path)


def test_those_of_another_folder_and_of_a_failed_reader_are_let_go(
    held: HeldFiles, made: Callable[[str], str]
) -> None:
    before = open_here()
    for name in ("one/a", "one/b", "two/c"):
        read(held, made(name))
    assert open_here() == before + 1
    with pytest.raises(ZeroDivisionError), held.opened(made("two/d")):
        raise ZeroDivisionError
    assert open_here() == before + 1
    held.close()
    assert open_here() == before


def test_two_who_read_a_file_at_once_have_a_stream_each(
    held: HeldFiles, made: Callable[[str], str]
) -> None:
    before, path = open_here(), made("a")
    with held.opened(path) as one, held.opened(path) as other:
        assert one is not other
        assert (one.read(), other.read()) == (b"a", b"a")
    assert open_here() == before + 1


def test_a_process_holds_what_the_system_allows() -> None:
    assert held_files() is held_files()
