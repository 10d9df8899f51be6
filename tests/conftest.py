"""Fixtures shared by the tests: real prose that every Python ships, and a vocabulary of it."""

from __future__ import annotations

import gc
import json
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from pydoc_data.topics import topics
from string import ascii_lowercase

import pytest

from bertprep.vocabulary.vocabulary import Vocabulary, parse_vocab_txt
from pipelines.messages import audience
from pipelines.steps.sizes import RunSizes
from tests.commands import run_bertprep, without_progress
from tests.libraries import *  # noqa: F403  # which library's tests are run: hooks of pytest
from tests.quick_beam import quicken

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Thousands of tests and their modules are no garbage, now or later: they are not looked at."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Ends the voice that a command in this process was told to have: it holds for no other test.

    No fixture: for each of thousands of tests one would cost more than all else that is done.
    """
    audience.set_json(False)
    audience.set_level(audience.USUAL)


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

    quicken()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    loggers = [logging.getLogger(name) for name in (None, "apache_beam", "grpc")]
    levels = [logger.level for logger in loggers]
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)

    def run(*args: object, sizes: RunSizes | None = None) -> subprocess.CompletedProcess[str]:
        command = ["bertprep", *map(str, args)]
        monkeypatch.setattr(sys, "argv", command)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(sizes)
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(
            command, ended.value.code or 0, out, without_progress(err)
        )

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
