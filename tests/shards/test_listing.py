"""What a manifest lists is checked before it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from bertprep.errors import InputError
from bertprep.shards.listing import ListedFile, listed_prepared, listed_shards
from tests.made_folders import options


def manifest(**more: Any) -> dict[str, Any]:
    """Two shards, in two bins if ``bin_size`` is given."""
    made_with = options(**more)
    entries = [{"file": name, "bytes": 9, "sha256": "0f", "rows": 2} for name in ("a", "b")]
    if made_with.bin_size:
        entries = [entry | {"bin": 12 * n} for n, entry in enumerate(entries, 1)]
    vocabulary = {"file": "vocab.txt", "lowercase": True, "sha256": "f0"}
    return {
        "config": {"shard": asdict(made_with)},
        "vocabulary": vocabulary,
        "shards": entries,
        "prepared": [{"file": "index", "bytes": 5, "sha256": "1e"}],
    }


def test_what_is_listed() -> None:
    assert listed_shards(manifest(seed=3, bin_size=12), "m") == (
        options(seed=3, bin_size=12),
        [ListedFile("a", 9, "0f", 2, 12), ListedFile("b", 9, "0f", 2, 24)],
    )
    assert listed_prepared(manifest(), "m") == [ListedFile("index", 5, "1e")]


Edit = Callable[[dict[str, Any]], Any]
INFINITY = float("inf")
EDITS: list[tuple[Edit, str]] = [
    (lambda m: m.pop("config"), "no 'config'"),
    (lambda m: m.update(config=None), "expected an object as config, got None"),
    (lambda m: m["config"].update(shard=[]), r"expected an object as shard, got \[\]"),
    (lambda m: m["config"]["shard"].pop("pack"), "no 'pack'"),
    (
        lambda m: m["config"]["shard"].update(max_predictions_per_seq=True),
        "expected an integer as max_predictions_per_seq, got True",
    ),
    (
        lambda m: m["config"]["shard"].update(layout=7),
        "expected a string or null as layout, got 7",
    ),
    (
        lambda m: m["config"]["shard"].update(masked_lm_prob=None),
        "expected a number or an integer as masked_lm_prob, got None",
    ),
    (lambda m: m["config"]["shard"].update(max_seq_length=1), "--max-seq-length must be from"),
    (lambda m: m["config"]["shard"].update(bin_size=None), "a has a bin, but bin_size is null"),
    (lambda m: m["shards"][0].pop("bin"), "no 'bin'"),
    (lambda m: m["shards"][0].update(bin=13), "expected a multiple of bin_size 12 as bin, got 13"),
    (lambda m: m["shards"][0].update(bin=36), "expected a multiple of bin_size 12 as bin, got 36"),
    (lambda m: m["shards"][0].update(rows=INFINITY), "expected an integer as rows, got inf"),
    (lambda m: m["shards"][0].update(rows=-1), "expected rows from 0 to .*, got -1"),
    (lambda m: m["shards"][0].update(bytes=10**30), "expected bytes from 0 to .*, got 1000"),
    (lambda m: m["shards"][0].update(sha256=None), "expected a string as sha256, got None"),
    (lambda m: m["shards"].append("a"), "expected an object with file, got 'a'"),
    (lambda m: m["shards"].append(m["shards"][0]), "a is listed 2 times"),
    (lambda m: m["shards"].clear(), "expected a shard, got none"),
    (lambda m: m.update(rows="4"), "expected an integer as rows, got '4'"),
    (lambda m: m.update(sums={"tokens": []}), r"expected .* as tokens, got \[\]"),
    (lambda m: m.update(drops=[]), r"expected an object as drops, got \[\]"),
    (lambda m: m.update(vocabulary="x" * 999), "expected an object as vocabulary, got 'xx"),
    (lambda m: m["vocabulary"].update(lowercase=1), "expected true or false as lowercase, got 1"),
]


@pytest.mark.parametrize(("edit", "message"), EDITS)
def test_what_no_run_lists(edit: Edit, message: str) -> None:
    edited = manifest(bin_size=12)
    edit(edited)
    with pytest.raises(InputError, match=f"^out/manifest.json is damaged: {message}") as caught:
        listed_shards(edited, "out/manifest.json")
    assert len(str(caught.value)) < 150
