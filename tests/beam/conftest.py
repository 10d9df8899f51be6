"""Beginnings of several tests of whole runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.beam import prism
from tests.beam.cleaned import ARTICLES, DOCUMENTS, OPTIONS, bertprep, write
from tests.beam.damaged import KINDS
from tests.beam.inspected import DOCUMENTS as WORD_DOCUMENTS
from tests.beam.inspected import SPECIAL, WORDS, Made
from tests.beam.noted_origins import write_documents
from tests.beam.prepared_corpora import ran, write_text
from tests.beam.prism import Engine
from tests.beam.prism_jobs import local
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
def text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents to find again, equal ones among them; not to be changed."""
    return write_documents(tmp_path_factory.mktemp("text") / "text.jsonl", prose)


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


@pytest.fixture(scope="session")
def some_documents(prose: list[str]) -> list[str]:
    return [part for text in prose for part in text.split("\n\n")][:60]


@pytest.fixture(scope="session")
def split_corpus(some_documents: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same documents, some of them twice, in one file and in two."""
    folder, documents = tmp_path_factory.mktemp("split"), some_documents
    (folder / "all.txt").write_text("\n\n".join([*documents, *documents[:20]]), "utf-8")
    (folder / "split").mkdir()
    for name, part in (("z", documents[:30]), ("a", [*documents[30:], *documents[:20]])):
        (folder / "split" / f"{name}.txt").write_text("\n\n".join(part), "utf-8")
    return folder


@pytest.fixture(scope="session")
def shards_of(
    bertprep: Run, vocab_dir: Path, prose: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """The folder of a finished run of a kind, two shards each; made when first asked for."""
    text = tmp_path_factory.mktemp("verify") / "text.txt"
    text.write_text("\n\n".join(prose[:12]), encoding="utf-8")

    def make(kind: str) -> Path:
        folder = text.parent / kind
        if not folder.exists():
            common = ("--vocab", vocab_dir, "--output", folder, "--documents", "blank-line")
            sizes = ("--num-shards", 2, "--max-seq-length", 64, "--dupe-factor", 1)
            done = bertprep("shard", text, *common, *sizes, *KINDS[kind])
            assert done.returncode == 0, done.stderr
        return folder

    return make


@pytest.fixture
def copied(shards_of: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """A copy of such a folder, to damage."""
    return lambda kind: Path(shutil.copytree(shards_of(kind), tmp_path / "shards"))


@pytest.fixture
def words_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of each test, with the text and a vocabulary of its words."""
    monkeypatch.chdir(tmp_path)
    sentences = [[words[n : n + 5] for n in range(0, 20, 5)] for words in WORD_DOCUMENTS]
    text = "\n\n".join("\n".join(" ".join(s) for s in document) for document in sentences)
    (tmp_path / "text.txt").write_text(text)
    (tmp_path / "vocab.txt").write_text("\n".join([*SPECIAL, *WORDS]) + "\n")
    return tmp_path


@pytest.fixture(scope="session")
def made_of_words(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The summaries of the shards of each set of options, made once, and where all are kept."""
    return {}, tmp_path_factory.mktemp("made")


@pytest.fixture
def shard_of_words(
    cli_in_process: Run, made_of_words: Made, words_folder: Path
) -> Callable[..., str]:
    """Makes shards in the folder ``out``; gives what was said of them."""
    said, folder = made_of_words

    def shard(*options: object) -> str:
        kept = folder / f"shards {' '.join(map(str, options))}"
        if options not in said:
            start = ("shard", "text.txt", "--vocab", "vocab.txt", "--output", "out")
            # A document has 20 tokens, so nothing is ever cut off.
            usual = ("--workers", 1, "--max-seq-length", 64, "--sentences", "lines")
            done = cli_in_process(*start, *usual, "--dupe-factor", 2, *options)
            assert done.returncode == 0, done.stderr
            said[options] = done.stdout
            shutil.copytree("out", kept)
        else:
            shutil.copytree(kept, "out")
        return said[options]

    return shard


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    prism.skip_without_prism()
    with prism.running(tmp_path_factory.mktemp("prism")) as running:
        yield running


@pytest.fixture(scope="session")
def prism_text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of several splits."""
    folder = tmp_path_factory.mktemp("text")
    for number in range(4):
        texts = (text.replace("\n\n", "\n") for text in prose[number:20:4])
        (folder / f"{number}.txt").write_text("\n\n".join(texts), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def making(prism_text: Path, vocab_dir: Path) -> list[object]:
    """A command of several steps of each kind."""
    return ["shard", prism_text, "--vocab", vocab_dir, "--dupe-factor", 2, "--num-shards", 4]


@pytest.fixture(scope="session")
def undisturbed(making: list[object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("local") / "out"
    done = local(*making, "--workers", 1, "--output", output)
    assert done.returncode == 0, done.stderr
    return output
