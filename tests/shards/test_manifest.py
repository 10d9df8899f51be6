"""The manifest says what was made, of what, how, and what was left out, and nothing of the run."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bertprep.common.drops import DropSample
from bertprep.corpus.files import InputFile
from bertprep.options import PrepareOptions, ReadOptions, ShardOptions, VocabOptions
from bertprep.shards.manifest import prepare_manifest, shard_manifest, vocab_manifest
from bertprep.shards.manifest_parsing import listed_names, parse_manifest
from bertprep.shards.manifest_types import Alphabet, ListedFile, Manifest, ShardManifest
from bertprep.shards.manifest_writing import to_json
from bertprep.vocabulary.vocabulary import Vocabulary

VOCABULARY = Vocabulary(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"), lowercase=True)
FILES = [
    InputFile("/somewhere/b.jsonl", "b.jsonl", 10, "none", "jsonl"),
    InputFile("/somewhere/a.txt.gz", "a.txt.gz", 20, "gzip", "text"),
]
ALPHABET = Alphabet(known=30, characters="é", words_share=0.01)
# Four rows of eight: 25 tokens in rows, of 20 tokens in the corpus one is [UNK].
SUMS = Counter(
    documents=3,
    sentences=7,
    tokens=20,
    unknown_tokens=1,
    text_bytes=90,
    truncated_tokens=2,
    offered_tokens=40,
    used_tokens=37,
    truncated_own_tokens=2,
    unpredictable_tokens=1,
    unseen_tokens=1,
    examples=4,
    tokens_in_rows=25,
    slots=32,
    full_rows=1,
    positive_labels=3,
    predictions=5,
    mask_token=3,
    kept_token=1,
    random_token=1,
    capped_rows=2,
)
SHARDS = [
    ListedFile("shard-00000-of-00002.parquet", 300, "aa", 3),
    ListedFile("shard-00001-of-00002.parquet", 100, "bb", 1),
]


def report(**changes: Any) -> SimpleNamespace:
    """What the steps of a run counted."""
    return SimpleNamespace(
        **{
            "sums": SUMS,
            "drops": {"bad_json": 2},
            "drop_samples": {"bad_json": [DropSample("a.txt.gz", 7, "{")]},
            "drop_names": {},
            "texts": {},
            "origins": [],
            "examples_per_document": {"1": 2, "2": 1},
            "shards": SHARDS,
            "pools": {"pools": 1, "smallest": 3, "largest": 3},
            "repeats": {"Menu and notices of a site": 3},
            "copies": {"texts": 2, "repeated": 1, "most_copies": 2},
            "unknown_words": Counter({"ab": 1}),
            **changes,
        }
    )


def written(manifest: Manifest) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(to_json(manifest))
    return loaded


def made() -> dict[str, Any]:
    options = ShardOptions(max_seq_length=8, max_predictions_per_seq=2)
    return written(shard_manifest(ReadOptions(), options, VOCABULARY, FILES, report()))


def test_what_a_trainer_checks_before_it_reads() -> None:
    manifest = made()
    assert manifest["format"] == 1
    assert manifest["max_seq_length"] == 8
    assert manifest["max_predictions_per_seq"] == 2
    assert manifest["rows"] == 4
    assert manifest["shards"] == [shard.entry() for shard in SHARDS]
    assert manifest["vocabulary"] == {
        "file": "vocab.txt",
        "size": 6,
        "lowercase": True,
        "sha256": hashlib.sha256(b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nuncased").hexdigest(),
    }


def test_inputs_are_listed_by_name_without_their_paths() -> None:
    gz = {"name": "a.txt.gz", "bytes": 20, "format": "text", "compression": "gzip"}
    jsonl = {"name": "b.jsonl", "bytes": 10, "format": "jsonl", "compression": "none"}
    assert made()["inputs"] == [gz, jsonl]
    assert "somewhere" not in json.dumps(made())


def test_counts_and_shares_of_a_hand_worked_corpus() -> None:
    manifest = made()
    assert (manifest["documents"], manifest["sentences"], manifest["tokens"]) == (3, 7, 20)
    assert manifest["drops"] == {"bad_json": 2}
    assert manifest["drop_samples"] == {
        "bad_json": [{"file": "a.txt.gz", "offset": 7, "text": "{"}]
    }
    assert manifest["examples_per_document"] == {"1": 2, "2": 1}
    assert manifest["random_next_pools"]["largest"] == 3
    assert manifest["equal_documents"] == {"texts": 2, "repeated": 1, "most_copies": 2}
    assert manifest["sums"] == dict(SUMS)
    assert list(manifest["sums"]) == sorted(SUMS)
    assert manifest["statistics"] == pytest.approx(
        {
            "unknown_token_share": 1 / 20,
            "positive_label_share": 3 / 4,
            "mean_length": 25 / 4,
            "full_row_share": 1 / 4,
            "padding_share": 7 / 32,
            "used_share": 37 / 40,
            "truncated_own_share": 2 / 40,
            "unsplittable_share": 0,
            "unpaired_share": 0,
            "unpredictable_share": 1 / 40,
            "unseen_share": 1 / 20,
            "masked_share": 5 / 25,
            "mask_token_share": 3 / 5,
            "random_token_share": 1 / 5,
            "kept_token_share": 1 / 5,
            "capped_row_share": 2 / 4,
        },
        abs=1e-6,
    )


def test_packed_rows_are_told_from_their_examples() -> None:
    sums = Counter({**SUMS, "packed_rows": 2, "slots": 26})
    options = ShardOptions(max_seq_length=13, max_predictions_per_seq=2, pack=True)
    shards = [replace(SHARDS[0], rows=2, examples=4)]
    packed = report(sums=sums, shards=shards)
    manifest = written(shard_manifest(ReadOptions(), options, VOCABULARY, FILES, packed))
    assert manifest["rows"] == 2
    assert manifest["pack"] == {"examples": 4, "rows": 2, "fill_share": 0.961538}
    assert manifest["statistics"]["padding_share"] == 0.038462
    assert "pack" not in made()


def test_padding_within_the_bins_is_told() -> None:
    """Three rows of 8 slots and one of 16 for 25 tokens."""
    options = ShardOptions(max_seq_length=16, max_predictions_per_seq=2, bin_size=8)
    binned = report(shards=[replace(SHARDS[0], bin=8), replace(SHARDS[1], bin=16)])
    manifest = written(shard_manifest(ReadOptions(), options, VOCABULARY, FILES, binned))
    assert manifest["statistics"]["padding_share_in_bins"] == 0.375
    assert "padding_share_in_bins" not in made()["statistics"]


def test_a_vocabulary_has_a_manifest_too() -> None:
    sums = Counter(documents=3, words=30, distinct_words=12)
    counted = report(sums=sums, drops={"no_text": 1})
    manifest = written(
        vocab_manifest(ReadOptions(), VocabOptions(), VOCABULARY, FILES, counted, ALPHABET)
    )
    assert "shards" not in manifest
    assert manifest["vocabulary"]["size"] == 6
    assert (manifest["documents"], manifest["words"], manifest["distinct_words"]) == (3, 30, 12)
    assert manifest["drops"] == {"no_text": 1}
    assert manifest["alphabet"] == {"known": 30, "characters": "é", "words_share": 0.01}
    assert manifest["config"]["vocab"]["vocab_size"] == 30522
    assert manifest["config"]["read"]["documents"] == "blank-line"


def test_a_prepared_corpus_has_what_shards_of_it_need() -> None:
    prepared = [ListedFile("prepared-index.arrow", 9, "cc")]
    samples = {"bad_json": [DropSample("b.jsonl", 7, "{")]}
    options = PrepareOptions(seed=3)
    counted = report(drop_samples=samples, prepared=prepared)
    whole = prepare_manifest(ReadOptions(), options, VOCABULARY, FILES, counted)
    manifest = written(whole)
    assert manifest["config"]["prepare"] == {"seed": 3, "word_segmenter": "none"}
    assert manifest["prepared_format"] == 2
    assert manifest["prepared"] == [prepared[0].entry()]
    assert manifest["equal_documents"] == made()["equal_documents"]
    assert manifest["statistics"] == {"unknown_token_share": 1 / 20}
    for key in ("inputs", "vocabulary", "documents", "sentences", "tokens", "drops", "sums"):
        assert manifest[key] == made()[key]
    assert parse_manifest(to_json(whole), "m") == whole
    assert [(f.name, f.size, f.compression, f.format, f.path) for f in whole.inputs] == [
        ("a.txt.gz", 20, "gzip", "text", ""),
        ("b.jsonl", 10, "none", "jsonl", ""),
    ]


@pytest.mark.slow
def test_a_manifest_of_many_shards_takes_as_much_longer_as_it_is_longer() -> None:
    of_four_thousand = _processor_time_of(4_000)
    # Ten times as long, and the noise of a busy machine; a hundred times if it were quadratic.
    assert _processor_time_of(40_000) < 30 * of_four_thousand


def _processor_time_of(count: int) -> float:
    """Seconds to write and to read a manifest of as many shards."""
    shards = [
        ListedFile(f"shard-{i:06d}-of-{count:06d}.parquet", 9_000_000 + i, f"{i:064x}", 70_000)
        for i in range(count)
    ]
    options = ShardOptions(max_seq_length=8, max_predictions_per_seq=2)
    began = time.process_time()
    manifest = shard_manifest(ReadOptions(), options, VOCABULARY, FILES, report(shards=shards))
    data = to_json(manifest)
    read = parse_manifest(data, "manifest.json")
    names = listed_names(data, "manifest.json")
    taken = time.process_time() - began
    assert isinstance(read, ShardManifest)
    assert [*read.shards] == shards
    assert len(names) >= count
    return taken
