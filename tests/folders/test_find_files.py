"""Local files: what an INPUT names, under which relative names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bertprep.errors import InputError
from pipelines.folders import files
from pipelines.folders.find_files import find


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder corpus of the current one: each file holds its own name."""
    shown = ("AA/wiki_00", "AA/wiki_01", "AB/wiki_00", "README")
    for name in (*shown, ".hidden", "AA/.crc", ".git/x"):
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "corpus"


def relative(pattern: object) -> list[str]:
    return [found.relative for found in find(str(pattern))]


def refusal(pattern: object) -> str:
    with pytest.raises(InputError) as caught:
        find(str(pattern))
    return str(caught.value)


def test_a_folder_is_all_files_below_it_but_hidden_ones(corpus: Path) -> None:
    assert relative(corpus) == ["README", "AA/wiki_00", "AA/wiki_01", "AB/wiki_00"]
    assert relative("corpus/") == relative("corpus") == relative(corpus)
    assert relative("corpus/AA") == ["wiki_00", "wiki_01"]


def test_a_file_goes_by_its_name_and_comes_with_its_size_and_time(corpus: Path) -> None:
    os.utime("corpus/AA/wiki_00", (7, 5))
    assert find("corpus/AA/wiki_00") == [("corpus/AA/wiki_00", "wiki_00", 10, 5.0)]
    # A hidden one too, when named itself.
    assert relative("corpus/.hidden") == [".hidden"]
    assert relative("corpus/.git") == ["x"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("corpus/A*/wiki_00", ["AA/wiki_00", "AB/wiki_00"]),
        ("corpus/A[A]/wiki_0?", ["AA/wiki_00", "AA/wiki_01"]),
        ("corpus/A*", ["AA/wiki_00", "AA/wiki_01", "AB/wiki_00"]),
        ("corpus/**", ["README", "AA/wiki_00", "AA/wiki_01", "AB/wiki_00"]),
        ("corpus/**/wiki_00", ["AA/wiki_00", "AB/wiki_00"]),
        ("corpus/AA/w*", ["wiki_00", "wiki_01"]),
        ("*/README", ["corpus/README"]),
        ("co*", ["corpus/README", "corpus/AA/wiki_00", "corpus/AA/wiki_01", "corpus/AB/wiki_00"]),
        ("./corpus/A*/wiki_01", ["AA/wiki_01"]),
    ],
)
def test_a_glob_names_files_from_its_first_wildcard_on(
    corpus: Path, pattern: str, expected: list[str]
) -> None:
    assert relative(pattern) == expected
    # Where the current folder is plays no part.
    assert relative(corpus.parent / pattern) == expected


def test_paths_that_were_found_can_be_opened(corpus: Path) -> None:
    for pattern in ("corpus", "corpus/A*", "corpus/README", str(corpus)):
        for found in find(pattern):
            with files.open_input(found.path) as stream:
                assert len(stream.read()) == found.size


def test_a_file_whose_name_looks_like_a_glob_is_itself(corpus: Path) -> None:
    (corpus / "a[1]*.txt").write_text("x")
    (corpus / "a1b.txt").write_text("y")
    assert relative("corpus/a[1]*.txt") == ["a[1]*.txt"]


def test_what_does_not_exist_is_told(corpus: Path) -> None:
    assert refusal("corpus/none") == (
        "corpus/none does not exist; INPUT is a file, a folder or a glob"
    )
    assert refusal("corpus/*.txt") == (
        "no file matches corpus/*.txt; INPUT is a file, a folder or a glob"
    )
    (corpus / "empty").mkdir()
    assert refusal("corpus/empty") == (
        "no file in corpus/empty; INPUT is a file, a folder or a glob"
    )
    assert refusal("").startswith("the INPUT '' does not exist")


def test_a_link_that_leads_nowhere_is_told_not_passed_over(corpus: Path) -> None:
    (corpus / "AB" / "gone").symlink_to(corpus / "nowhere")
    for pattern in ("corpus", "corpus/AB/gone", "corpus/AB/g*"):
        assert "AB/gone cannot be read: No such file" in refusal(pattern)


def test_links_to_files_and_folders_are_followed_once(corpus: Path) -> None:
    outside = corpus.parent / "outside"
    outside.mkdir()
    (outside / "more").write_text("x")
    (corpus / "AB" / "linked").symlink_to(outside)
    (corpus / "AB" / "up").symlink_to(corpus)  # a loop
    (corpus / "AB" / "link").symlink_to(outside / "more")
    expected = ["README", "AA/wiki_00", "AA/wiki_01", "AB/link", "AB/wiki_00", "AB/linked/more"]
    for pattern in ("corpus", "corpus/**"):
        assert relative(pattern) == expected
    assert relative("corpus/A*") == [*expected[1:], "AB/up/README"]


def test_what_is_no_regular_file_is_told(corpus: Path) -> None:
    os.mkfifo(corpus / "AB" / "pipe")
    for pattern in ("corpus/AB/pipe", "corpus"):
        assert "AB/pipe is not a regular file" in refusal(pattern)


def test_a_folder_that_cannot_be_listed_is_told(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions would not stop root, who runs tests in containers.
    listing = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("AB"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert refusal("corpus") == "corpus/AB cannot be read: Permission denied"


def test_a_name_that_is_not_utf8_gets_one_that_is(corpus: Path) -> None:
    name = b"caf\xe9.txt"
    with open(os.path.join(os.fsencode(corpus), b"AB", name), "wb") as stream:
        stream.write(b"text")
    (found,) = [f for f in find("corpus") if "caf" in f.relative]
    assert found.relative.encode() == b"AB/caf\\xe9.txt"
    assert files.read_bytes(found.path) == b"text"
