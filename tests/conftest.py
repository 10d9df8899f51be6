"""Fixtures shared by the tests: real prose that every Python ships, and a vocabulary of it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from pydoc_data.topics import topics
from string import ascii_lowercase

import pytest
from hypothesis import settings

from bertprep.vocabulary.vocabulary import Vocabulary, parse_vocab_txt
from tests.libraries import (
    LIBRARIES,
    Guard,
    library_of_path,
    library_of_session,
    library_of_test,
)

# How long an example takes says more of the machine, and of who else works on it, than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--library",
        choices=("none", *LIBRARIES),
        help="run the tests that load this library, or neither torch nor TensorFlow (the default)",
    )


def pytest_configure(config: pytest.Config) -> None:
    library = library_of_session(config)
    config.option.library = library  # xdist hands it on to its workers
    sys.meta_path.insert(0, Guard(name for name in LIBRARIES if name != library))  # type: ignore[arg-type]


def pytest_report_header(config: pytest.Config) -> str:
    return f"library: {config.option.library} (make test runs none, torch and tensorflow in turn)"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files that would load the other library while they are collected."""
    library = library_of_path(collection_path.relative_to(config.rootpath))
    return True if library not in (None, config.option.library) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = [item for item in items if (library_of_test(item) or "none") == config.option.library]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_bertprep(*args: object, **kwargs: object) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user would; its output and exit code come back."""
    command = [sys.executable, "-m", "pipelines.cli", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ}, **kwargs)


@pytest.fixture(scope="session")
def bertprep() -> Run:
    """The ``bertprep`` command: ``bertprep("shard", path, "--output", folder)``."""
    return run_bertprep


@pytest.fixture(scope="session")
def prose() -> list[str]:
    """Some 80 documents, 700 KB of English prose: paragraphs apart by blank lines, hard-wrapped."""
    return [text for _, text in sorted(topics.items())]


@pytest.fixture(scope="session")
def prose_jsonl(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prose as JSON lines, one document each."""
    path = tmp_path_factory.mktemp("prose") / "prose.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in prose), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def vocab_dir(prose_jsonl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocabulary of 3,000 tokens that ``bertprep vocab`` learned from the prose."""
    folder = tmp_path_factory.mktemp("vocab") / "vocab"
    done = run_bertprep("vocab", prose_jsonl, "--output", folder, "--vocab-size", 3000)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def vocabulary(vocab_dir: Path) -> Vocabulary:
    """The same, loaded."""
    return parse_vocab_txt((vocab_dir / "vocab.txt").read_bytes(), lowercase=True)


@pytest.fixture
def cli_in_process(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """``bertprep`` called within this process: quicker, as Beam is imported once for all tests."""
    from pipelines import cli

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    loggers = [logging.getLogger(), logging.getLogger("apache_beam")]
    levels = [logger.level for logger in loggers]
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)

    def run(*args: object) -> subprocess.CompletedProcess[str]:
        command = ["bertprep", *map(str, args)]
        monkeypatch.setattr(sys, "argv", command)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(command, ended.value.code or 0, out, err)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def letters_vocab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocab.txt that spells any lower-case English word, letter by letter."""
    path = tmp_path_factory.mktemp("letters") / "vocab.txt"
    letters = [f"{start}{letter}" for start in ("", "##") for letter in ascii_lowercase]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, ".", ","]
    path.write_text("\n".join(tokens) + "\n", encoding="utf-8")
    return path
