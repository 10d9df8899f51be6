"""What several tests of whole runs begin with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.beam.cleaned import ARTICLES, DOCUMENTS, OPTIONS, bertprep, write
from tests.beam.prepared_corpora import ran, write_text
from tests.beam.recorded import Run
from tests.beam.wrong_calls import THREE_DOCUMENTS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letters_vocab: Path) -> Path:
    """The current folder of each test: good text, a good vocabulary, and all that is bad."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vocab.txt").write_bytes(letters_vocab.read_bytes())
    (tmp_path / "good.txt").write_text(THREE_DOCUMENTS)
    return tmp_path


@pytest.fixture(scope="session")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus, and what is left of it; not to be changed."""
    folder = tmp_path_factory.mktemp("clean")
    write(folder / "corpus", DOCUMENTS, 3)
    bertprep("clean", folder / "corpus", "--output", folder / "out", "--write-drops", *OPTIONS)
    return folder


@pytest.fixture(scope="session")
def cleaned_vocabulary(cleaned: Path) -> Path:
    result = bertprep("vocab", cleaned / "out", "--output", cleaned / "v", "--vocab-size", 200)
    assert f"documents    {len(ARTICLES):,}" in result
    return cleaned / "v"


@pytest.fixture
def shards(
    cli_in_process: Run,
    prose: list[str],
    letters_vocab: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Shards of a few documents, whose paths were given relative to the folder they are in."""
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text("\n\n\n".join(prose[:20]), encoding="utf-8")
    options = ["--dupe-factor", 1, "--num-shards", 2, "--workers", 1, "-q"]
    done = cli_in_process("shard", "text.txt", "--vocab", letters_vocab, "-o", "a", *options)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "" and "reading" not in done.stderr  # as -q says
    return tmp_path / "a"


@pytest.fixture(scope="session")
def long_text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough to keep two processes busy for some seconds."""
    path = tmp_path_factory.mktemp("long") / "long.txt"
    path.write_text("\n\n".join(prose * 4), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def short_text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough for a run whose end is all that matters."""
    path = tmp_path_factory.mktemp("short") / "short.txt"
    path.write_text("\n\n".join(prose[:6]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def module_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prepared")


@pytest.fixture(scope="session")
def finished(bertprep: Run, prose: list[str], vocab_dir: Path, module_folder: Path) -> Path:
    """A prepared folder, of text with something to leave out; not to be changed."""
    write_text(module_folder / "text", prose)
    output = module_folder / "corpus"
    options = ("--vocab", vocab_dir, "--bad-input", "drop", "--workers", 1)
    ran(bertprep("prepare", module_folder / "text", "--output", output, *options))
    return output


@pytest.fixture
def corpus(finished: Path, folder: Path) -> Path:
    """A copy of it, by a short name."""
    shutil.copytree(finished, folder / "corpus")
    return Path("corpus")
