"""Local files: the small operations."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bertprep.errors import OutputError
from bertprep.stores.schemes import is_remote
from pipelines.folders import files
from pipelines.folders.files import join


def test_join_keeps_urls() -> None:
    assert join("out", "a", "b") == os.path.join("out", "a", "b")
    assert join("gs://bucket/out/", "a", "b") == "gs://bucket/out/a/b"


def test_open_input_gives_the_bytes_on_disk_and_seeks(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8b\x08rest")
    with files.open_input(str(tmp_path / "a.gz")) as stream:
        assert stream.read(3) == b"\x1f\x8b\x08"
        stream.seek(1)
        assert stream.read() == b"\x8b\x08rest"


def test_files_are_made_with_their_folders_renamed_over_others_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files.write_bytes("plain", b"1")
    files.write_bytes("a/b/c", b"2")
    files.rename("a/b/c", "plain")
    assert files.read_bytes("plain") == b"2"
    assert files.names_in("a") == ["b"]
    assert files.names_in("a/b") == files.names_in("nowhere") == []
    files.write_bytes("a/.hidden", b"")
    assert files.names_in("a") == [".hidden", "b"]
    for path in ("a", "plain", "nowhere"):
        files.remove(path)
    assert files.names_in(".") == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_told_with_the_name_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "spill")
    monkeypatch.setattr(files, "create", lambda _: open("/dev/full", "wb"))  # noqa: SIM115
    with pytest.raises(OutputError, match=f"^{path} cannot be written: No space left on device;"):
        files.write_bytes(path, b"1")
    assert files.names_in(str(tmp_path)) == []


@pytest.mark.parametrize("durable", [True, False])
def test_a_durable_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool
) -> None:
    path = tmp_path / "shard"
    found = []
    wait = os.fsync

    def waiting(descriptor: int) -> None:
        found.append((os.fstat(descriptor).st_size, path.exists()))
        wait(descriptor)

    monkeypatch.setattr(os, "fsync", waiting)
    with files.create_whole(str(path), durable) as stream:
        stream.write(b"rows")
    assert found == ([(4, False)] if durable else [])
    assert path.read_bytes() == b"rows"


def test_other_failures_while_a_file_is_written_are_not_taken_for_a_full_disk(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "a" / "shard")
    with pytest.raises(FileNotFoundError), files.create_whole(path):
        files.read_bytes("nowhere")
    assert files.names_in(str(tmp_path / "a")) == []


def test_only_urls_are_remote() -> None:
    assert is_remote("gs://bucket/a")
    assert not is_remote("/data/a:b")
    assert not is_remote("corpus")


def test_removing_a_link_leaves_what_it_leads_to(tmp_path: Path) -> None:
    files.write_bytes(str(tmp_path / "folder" / "file"), b"kept")
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    for name in ("link", "broken"):
        files.remove(str(tmp_path / name))
        assert not (tmp_path / name).is_symlink()
    assert files.names_in(str(tmp_path / "folder")) == ["file"]
