"""A vocabulary by its name on the Hub: from the cache, or one line that says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bertprep.errors import VocabularyError
from pipelines.folders import hub_vocabulary
from pipelines.folders.vocabulary import load_vocabulary

TOKENS = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n"
REVISION = "0" * 40
# In a process of its own, as the library looks for its cache when it is imported.
LOAD = """
import sys
from pipelines.folders.vocabulary import load_vocabulary
try:
    print(len(load_vocabulary(sys.argv[1], None).vocabulary))
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache that holds google/tiny-bert, as huggingface_hub lays it out."""
    folder = tmp_path / "hub" / "models--google--tiny-bert"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text(REVISION)
    snapshot = folder / "snapshots" / REVISION
    snapshot.mkdir(parents=True)
    (snapshot / "vocab.txt").write_text(TOKENS)
    (snapshot / "tokenizer_config.json").write_text('{"do_lower_case": true}')
    return tmp_path / "hub"


def loaded(name: str, cache: Path) -> str:
    root = str(Path(__file__).parents[2])
    environment = {"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1", "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, name], env=environment, capture_output=True, text=True
    )
    return done.stdout.strip() or done.stderr


@pytest.mark.slow
def test_a_name_is_looked_up_in_the_cache(cache: Path) -> None:
    assert loaded("google/tiny-bert", cache) == "6"


@pytest.mark.slow
def test_what_is_not_in_the_cache_and_cannot_be_had_is_told(cache: Path) -> None:
    told = loaded("bert-base-uncased", cache)
    assert told.startswith("VocabularyError bert-base-uncased is no file or folder here, not in")
    assert "hf download bert-base-uncased --include 'vocab.txt' 'tokenizer*'" in told


@pytest.mark.parametrize("name", ["bert-base-uncased", "google/bert_uncased_L-2_H-128_A-2"])
def test_names(name: str) -> None:
    assert hub_vocabulary.may_be_name(name)


@pytest.mark.parametrize("path", ["a/b/c", "./vocab", "vocab.txt", "a/tokenizer.json", "/vocab"])
def test_paths_are_no_names(path: str) -> None:
    assert not hub_vocabulary.may_be_name(path)
    with pytest.raises(VocabularyError, match="cannot be read"):
        load_vocabulary(path, None)


def test_what_is_there_is_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vocab").mkdir()
    (tmp_path / "vocab" / "vocab.txt").write_text(TOKENS)
    assert len(load_vocabulary("vocab", True).vocabulary) == 6
