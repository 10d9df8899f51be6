"""Objects of each store, of an emulator: what is asked of it, how often, and what comes of it."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from bertprep.errors import InputError
from pipelines.folders import files
from pipelines.folders.find_files import find
from pipelines.folders.patience import PATIENCE
from pipelines.steps.progress_notes import _REMOTE_NOTE_SECONDS
from tests.conftest import Run
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place


def test_an_object_is_written_by_one_request_and_read_by_ranges(place: Place) -> None:
    path, data = f"{place.bucket}/a/b", bytes(range(256)) * 20_000
    place.seen.clear()
    with files.create_whole(path) as stream:
        stream.write(data[:1000])
        stream.write(data[1000:])
    assert place.seen == {"put": 1}
    with files.open_input(path) as stream:
        stream.seek(3_000_000)
        assert stream.read(100) == data[3_000_000:3_000_100]
        stream.seek(-5, 2)
        assert stream.read() == data[-5:]
    assert place.seen["get"] == 2
    assert files.read_bytes(path) == data
    assert files.size_and_time(path)[0] == len(data)


def test_what_fails_while_it_is_written_is_not_there(place: Place) -> None:
    with pytest.raises(ZeroDivisionError), files.create_whole(f"{place.bucket}/a") as stream:
        stream.write(b"half")
        raise ZeroDivisionError
    assert not files.exists(f"{place.bucket}/a")


def test_a_put_may_depend_on_what_is_there(place: Place) -> None:
    path = f"{place.bucket}/owner"
    first = place.store.put(path, b"1", tag="")
    with pytest.raises(FileExistsError):
        place.store.put(path, b"2", tag="")
    second = place.store.put(path, b"2", tag=first)
    with pytest.raises(FileExistsError):
        place.store.put(path, b"3", tag=first)
    assert (place.store.read(path), first != second) == (b"2", True)
    with pytest.raises(FileExistsError):
        files.publish_new(f"{place.bucket}/x", path, b"4")


def test_a_removal_may_depend_on_what_is_there(place: Place) -> None:
    path = f"{place.bucket}/owner"
    first = place.store.put(path, b"1")
    second = place.store.put(path, b"2")
    with pytest.raises(FileExistsError):
        place.store.delete_if(path, first)
    assert place.store.read(path) == b"2"
    place.store.delete_if(path, second)
    assert not place.store.exists(path)
    with pytest.raises(FileNotFoundError):
        place.store.delete_if(path, second)


def test_folders_are_names_of_objects(place: Place) -> None:
    for name in ("in/a.txt", "in/deep/b.txt", "in/.hidden", "in/c.json", "index"):
        files.write_bytes(f"{place.bucket}/{name}", name.encode())
    assert files.names_in(f"{place.bucket}/in") == [".hidden", "a.txt", "c.json", "deep"]
    named = {
        name: [found.relative for found in find(f"{place.bucket}/{name}")]
        for name in ("in", "in/*.txt", "in/**", "in/[ab].txt", "in/a.txt")
    }
    assert named == {
        "in": ["a.txt", "c.json", "deep/b.txt"],
        "in/*.txt": ["a.txt"],
        "in/**": ["a.txt", "c.json", "deep/b.txt"],
        "in/[ab].txt": ["a.txt"],
        "in/a.txt": ["a.txt"],
    }
    files.publish(f"{place.bucket}/in/a.txt", f"{place.bucket}/out/a.txt")
    assert files.read_bytes(f"{place.bucket}/out/a.txt") == b"in/a.txt"
    place.seen.clear()
    files.remove(f"{place.bucket}/in")
    assert place.seen == {"list": 1, "delete": 1}
    assert files.names_in(place.bucket) == ["index", "out"]


def test_a_large_object_is_read_as_it_was_written(place: Place) -> None:
    path, data = f"{place.bucket}/large", bytes(range(251)) * 50_000
    files.write_bytes(path, data)
    place.seen.clear()
    with files.open_input(path) as stream:
        assert stream.read(100) + stream.read() == data
        assert stream.read() == b""
    assert place.seen.total() <= 3


def test_what_is_not_there_is_said_and_needs_no_removing(place: Place) -> None:
    gone, here = f"{place.bucket}/gone", f"{place.bucket}/here"
    for asking in (files.read_bytes, files.size_and_time, place.store.tag):
        with pytest.raises(FileNotFoundError):
            asking(gone)
    with pytest.raises(FileNotFoundError), files.open_input(gone) as stream:
        stream.read()
    files.write_bytes(here, b"1")
    place.store.delete([here, gone])
    place.store.delete([gone])
    assert not files.exists(here)
    nowhere = f"{place.store.SCHEME}nowhere"
    for asking in (files.names_in, files.read_bytes, find):
        with pytest.raises((OSError, InputError), match="there is no bucket nowhere"):
            asking(f"{nowhere}/a")
    with pytest.raises(OSError, match="there is no bucket nowhere"):
        files.write_bytes(f"{nowhere}/a", b"1")


# Requests of a run, of each split (here a file) and of each shard, by kind.
FIXED = Counter(head=16, list=30, get=10, put=17, copy=2, delete=4)
A_SPLIT = Counter(head=1, get=4)
A_SHARD = Counter(head=3, get=2, put=2, copy=1)
# Signs of life, notes of a worker, and looks of the command at them: a list and a few notes.
BEATS_A_SECOND = 1 / PATIENCE.beat + 1 / _REMOTE_NOTE_SECONDS + 5 / 30


def assert_within_budget(place: Place, splits: int, shards: int) -> None:
    """So many requests, and no more, are what a run took."""
    assert A_SHARD.total() <= 8
    budget = Counter(FIXED)
    for _ in range(splits):
        budget += A_SPLIT
    for _ in range(shards):
        budget += A_SHARD
    assert place.seen <= budget, place.seen - budget


def test_a_run_from_and_to_the_store_gives_the_local_bytes_and_leaves_nothing_else(
    place: Place,
    cli_in_process: Run,
    prose: list[str],
    letters_vocab: Path,
    tmp_path: Path,
) -> None:
    text = "\n\n".join(text.replace("\n\n", "\n") for text in prose[:12])
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    files.write_bytes(f"{place.bucket}/in/a.txt", text.encode())
    options = ("--vocab", letters_vocab, "--num-shards", 16, "--dupe-factor", 2, "--workers", 1)
    here = cli_in_process("shard", tmp_path / "a.txt", "--output", tmp_path / "out", *options)
    assert here.returncode == 0, here.stderr
    place.seen.clear()
    place.beats.clear()
    began = time.monotonic()
    done = cli_in_process(
        "shard", f"{place.bucket}/in/a.txt", "--output", f"{place.bucket}/out", *options
    )
    assert done.returncode == 0, done.stderr
    assert_within_budget(place, 1, 16)
    # The owner of the output shows itself as it takes it, now and then, and as it lets go of it;
    # so does each worker of a step.
    assert place.beats["delete"] == 1
    assert place.beats.total() <= 5 + (time.monotonic() - began) * BEATS_A_SECOND
    shards = sorted((tmp_path / "out" / "rows").iterdir())
    assert len(shards) == 16
    for path in shards:
        assert place.store.read(f"{place.bucket}/out/rows/{path.name}") == path.read_bytes()
    names = {
        each.path.removeprefix(f"{place.bucket}/out/")
        for each in place.store.listed(f"{place.bucket}/out/")
    }
    kept = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")}
    assert names == kept
    again = cli_in_process(
        "shard", f"{place.bucket}/in/a.txt", "--output", f"{place.bucket}/out", *options, "--resume"
    )
    assert "is complete" in again.stdout
    for number in range(4):
        files.write_bytes(f"{place.bucket}/in/{number}.txt", f"{number}\n{text}".encode())
    place.seen.clear()
    other = cli_in_process(
        *("shard", f"{place.bucket}/in", "--output", f"{place.bucket}/few", *options),
        *("--num-shards", 8),
    )
    assert other.returncode == 0, other.stderr
    assert_within_budget(place, 5, 8)
    verified = cli_in_process("verify", f"{place.bucket}/out")
    assert verified.returncode == 0, verified.stderr
