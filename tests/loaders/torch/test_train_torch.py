"""The example of a training run, on a language so simple that it is learned in seconds."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bertprep.examples.assemble import example_schema
from bertprep.options import Masking, ShardOptions
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.made_folders import FIRST_WORD, VOCABULARY, write_folder

EXAMPLES = Path(__file__).parents[3] / "examples"
L, TOPICS, WORDS_OF_TOPIC = 20, 2, 4


@pytest.fixture(scope="module")
def example() -> Iterator[ModuleType]:
    pytest.importorskip("accelerate")
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # threads waiting for each other take ten times as long
    yield loaded("train_torch")
    torch.set_num_threads(threads)


def loaded(name: str) -> ModuleType:
    pytest.importorskip("transformers")
    specification = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def pairs(count: int, seed: int) -> pa.RecordBatch:
    """Rows in which all words of A are of one topic, and those of B of the same or of another."""
    rng = np.random.default_rng(seed)
    topic, is_random = rng.integers(0, TOPICS, count), rng.integers(0, 2, count)
    a = _words(rng, topic)
    b = _words(rng, (topic + is_random) % TOPICS)
    ids = np.concatenate((a, b), axis=1)
    columns = [
        pa.array(rng.integers(0, 2**64, count, dtype=np.uint64)),
        pa.array(is_random, pa.int8()),
        pa.array([a.shape[1]] * count, pa.int32()),
        pa.array(list(ids), pa.list_(pa.uint16())),
    ]
    return pa.record_batch(columns, schema=example_schema(len(VOCABULARY)))


def _words(rng: np.random.Generator, topic: Any) -> Any:
    drawn = rng.integers(0, WORDS_OF_TOPIC, (len(topic), (L - 3) // 2))
    return FIRST_WORD + drawn + topic[:, None] * WORDS_OF_TOPIC


@pytest.mark.parametrize("masking", ["token", "none"])
def test_a_trainer_learns_words_and_pairs(
    example: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, masking: Masking
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    options = ShardOptions(masking=masking, max_seq_length=L, max_predictions_per_seq=3)
    shards = write_folder(tmp_path / "shards", options, [pairs(2000, 0), pairs(2000, 1)])
    held_out = write_folder(tmp_path / "held-out", options, [pairs(400, 2)])
    result = example.train(str(shards), str(held_out), steps=60, batch_size=32)
    # With the topic known, one word of 4 has to be guessed instead of one of 8.
    assert result.unigram_entropy == pytest.approx(np.log(8), abs=0.1)
    assert result.masked_lm_loss < result.unigram_entropy - 0.4
    assert result.majority_share < 0.6
    assert result.nsp_accuracy > result.majority_share + 0.15


@pytest.mark.usefixtures("example")
def test_packed_pairs_are_learned(tmp_path: Path) -> None:
    options = ShardOptions(pack=True, max_seq_length=3 * L, max_predictions_per_seq=3)
    shards = write_folder(tmp_path, options, [pairs(2000, 0), pairs(2000, 1)])
    packed = loaded("train_packed")
    found = packed.train(str(shards), steps=40, batch_size=16)
    begun, last = packed.mean(found[:5]), packed.mean(found[-5:])
    assert begun.pairs_right < 0.65
    assert last.pairs_right > 0.75
    assert last.masked_lm_loss < begun.masked_lm_loss - 1


def test_another_vocabulary_is_refused(
    example: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    options = ShardOptions(max_seq_length=L, max_predictions_per_seq=3)
    shards, other = (write_folder(tmp_path / name, options, [9]) for name in "ab")
    cased = Vocabulary(VOCABULARY.tokens, lowercase=False)
    path = other / "manifest.json"
    text = path.read_text().replace('"lowercase": true', '"lowercase": false')
    path.write_text(text.replace(VOCABULARY.digest, cased.digest))
    with pytest.raises(SystemExit, match="different vocabularies"):
        example.train(str(shards), str(other), steps=1)
