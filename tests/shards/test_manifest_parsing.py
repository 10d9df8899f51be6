"""A manifest is checked once, when it is read; what comes of that can be relied on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.drops import DropSample
from bertprep.corpus.files import InputFile
from bertprep.errors import InputError
from bertprep.options import ReadOptions, ShardOptions
from bertprep.shards.manifest_parsing import listed_names, parse_manifest
from bertprep.shards.manifest_types import Alphabet, ListedFile, Packing, Pools, VocabularyEntry
from bertprep.shards.manifest_writing import to_json
from bertprep.shards.run_config import resolved
from tests.manifests import parsed, prepared_json, shards_json, vocab_json

SHARDS = [
    {"file": name, "bytes": 9, "sha256": "0f", "rows": 2, "bin": bin_}
    for name, bin_ in (("a", 64), ("b", 128))
]


def binned() -> dict[str, Any]:
    """Two shards, of two bins of lengths."""
    return shards_json(
        ShardOptions(bin_size=64),
        shards=deepcopy(SHARDS),
        statistics={"padding_share_in_bins": 0.1},
        drops={"no_text": 7},
        drop_samples={"no_text": [{"file": "a.txt", "offset": 4321, "text": "{}"}]},
        dropped=[{"file": "dropped.jsonl", "bytes": 7, "sha256": "dd"}],
    )


def packed() -> dict[str, Any]:
    return shards_json(
        ShardOptions(pack=True), pack={"examples": 1000, "rows": 250, "fill_share": 0.99}, rows=250
    )


def test_what_is_listed() -> None:
    found = parsed(binned())
    assert found.options == resolved(ShardOptions(bin_size=64))
    assert found.read == ReadOptions()
    assert found.shards == (ListedFile("a", 9, "0f", 2, 64), ListedFile("b", 9, "0f", 2, 128))
    assert found.rows_by_bin == {64: 2, 128: 2}
    assert found.dropped == (ListedFile("dropped.jsonl", 7, "dd"),)
    assert found.drop_samples == {"no_text": [DropSample("a.txt", 4321, "{}")]}
    assert found.inputs == (InputFile("", "a.txt", 999),)
    assert found.vocabulary == VocabularyEntry("vocab.txt", 30522, False, "f0")
    assert found.pools == Pools(1, 20, 20)
    assert found.pack is None and found.examples == 1000
    assert parsed(packed()).pack == Packing(1000, 250, 0.99)
    assert parsed(packed()).examples == 1000
    assert parsed(prepared_json()).file("prepared-index.arrow").sha256 == "1e"
    assert parsed(vocab_json()).words == 56_789


@pytest.mark.parametrize("made", [binned(), packed(), prepared_json(), vocab_json()])
def test_what_is_read_is_what_was_written(made: dict[str, Any]) -> None:
    manifest = parsed(made)
    written = to_json(manifest)
    assert parse_manifest(written, "m") == manifest
    assert to_json(parse_manifest(written, "m")) == written
    assert json.loads(written) | made == json.loads(written)


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
    (
        lambda m: m["config"]["shard"].update(more=1),
        "shard has the option 'more', which is unknown",
    ),
    (lambda m: m["config"]["shard"].update(bin_size=None), "a has a bin, but bin_size is null"),
    (lambda m: m["shards"][0].pop("bin"), "no 'bin'"),
    (lambda m: m["shards"][0].update(bin=13), "expected a multiple of bin_size 64 as bin, got 13"),
    (lambda m: m["shards"][0].update(bin=256), "expected a multiple of bin_size 64 as bin, got 2"),
    (lambda m: m["shards"][0].update(rows=INFINITY), "expected an integer as rows, got inf"),
    (lambda m: m["shards"][0].update(rows=-1), "expected rows from 0 to .*, got -1"),
    (lambda m: m["shards"][0].update(bytes=10**30), "expected bytes from 0 to .*, got 1000"),
    (lambda m: m["shards"][0].update(sha256=None), "expected a string as sha256, got None"),
    (lambda m: m["shards"].append("a"), "expected an object with file, got 'a'"),
    (lambda m: m["shards"].append(m["shards"][0]), "a is listed 2 times"),
    (lambda m: m["shards"].clear(), "expected a shard, got none"),
    (lambda m: m.pop("equal_documents"), "no 'equal_documents'"),
    (lambda m: m["equal_documents"].update(texts=None), "expected an integer as texts, got None"),
    (lambda m: m.update(rows="4"), "expected an integer as rows, got '4'"),
    (lambda m: m.update(sums={"examples": []}), r"expected an integer as examples, got \[\]"),
    (lambda m: m["sums"].pop("predictions"), "no 'predictions'"),
    (lambda m: m["sums"].update(tokens_in_rows=0), "expected tokens_in_rows from 1 to"),
    (lambda m: m["statistics"].update(masked_share=1.5), "expected masked_share from 0 to 1, got"),
    (lambda m: m["statistics"].update(mean_length=INFINITY), "expected mean_length from 0 to"),
    (lambda m: m["statistics"].pop("padding_share_in_bins"), "no 'padding_share_in_bins'"),
    (lambda m: m.update(drops=[]), r"expected an object as drops, got \[\]"),
    (lambda m: m.update(vocabulary="x" * 999), "expected an object as vocabulary, got 'xx"),
    (lambda m: m["vocabulary"].update(lowercase=1), "expected true or false as lowercase, got 1"),
    (lambda m: m.update(examples_per_document={"x": 1}), "expected a number of examples, as 3-4"),
    (
        lambda m: m["vocabulary"].update(settings={"strip_accents": "x" * 999}),
        "strip_accents of a vocabulary's settings is 'xxx",
    ),
    (lambda m: m["vocabulary"].update(settings=[]), r"expected a vocabulary's settings, got \[\]"),
    (
        lambda m: m["vocabulary"].update(settings={"more": 1}),
        r"expected a vocabulary's settings, got \{'more'\}",
    ),
    (
        lambda m: m["vocabulary"].update(settings={"added": [{"special": True}]}),
        "an added token of a vocabulary's settings has no id",
    ),
]


def test_the_alphabet_of_a_vocabulary_is_checked() -> None:
    assert parsed(vocab_json()).alphabet == Alphabet(80, "ʻʼ", 0.0125)
    made = vocab_json(alphabet={"known": 80, "characters": "", "words_share": 2})
    assert "is damaged: expected words_share from 0 to 1, got 2" in damage(made)
    assert "is damaged: no 'known'" in damage(vocab_json(alphabet={"characters": ""}))


def damage(made: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        parsed(made)
    assert len(str(caught.value)) < 180
    return str(caught.value)


@pytest.mark.parametrize(("edit", "message"), EDITS)
def test_what_no_run_lists(edit: Edit, message: str) -> None:
    edited = binned()
    edit(edited)
    with pytest.raises(InputError, match=f"^out/manifest.json is damaged: {message}"):
        parsed(edited)
    damage(edited)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", "..", "", "a\0b", "..\\x"])
def test_a_name_that_leads_out_of_the_folder(name: str) -> None:
    places: list[Edit] = [
        lambda m: m["shards"][0].update(file=name),
        lambda m: m["dropped"][0].update(file=name),
        lambda m: m["vocabulary"].update(file=name),
    ]
    for edit in places:
        edited = binned()
        edit(edited)
        assert "is damaged: expected the name of a file in the folder, got " in damage(edited)
    prepared = prepared_json()
    prepared["prepared"].append({"file": name, "bytes": 5, "sha256": "1e"})
    assert "is damaged: expected the name of a file" in damage(prepared)
    edited = binned()
    edited["shards"][0]["file"] = name
    assert listed_names(json.dumps(edited).encode(), "m") == set()


def test_a_manifest_of_another_version_says_so() -> None:
    made = vocab_json(versions={"bertprep": "0.0.1"})
    assert parsed(made).versions == {"bertprep": "0.0.1"}
    del made["words"]
    assert "is damaged: no 'words' (bertprep 0.0.1 wrote it, this is " in damage(made)


def test_which_files_are_listed_is_known_of_other_versions_too() -> None:
    made = binned()
    del made["config"]["shard"]["pack"], made["sums"], made["inputs"]
    assert listed_names(json.dumps(made).encode(), "m") == {"a", "b", "dropped.jsonl", "vocab.txt"}
    for harm in ({"format": 2}, {"shards": 3}, {"config": None}, {"dropped": [1]}):
        assert listed_names(json.dumps(made | harm).encode(), "m") == set()


def places(value: Any, *place: Any) -> Iterator[tuple[Any, ...]]:
    """Where each value is."""
    if place:
        yield place
    items = enumerate(value) if isinstance(value, list) else ()
    for name, found in value.items() if isinstance(value, dict) else items:
        yield from places(found, *place, name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)


@given(st.data())
def test_any_edit_is_an_object_or_one_line(data: st.DataObject) -> None:
    made = data.draw(st.sampled_from([binned(), packed(), prepared_json(), vocab_json()]))
    edited = deepcopy(made)
    *parents, last = data.draw(st.sampled_from(list(places(made))))
    entry: Any = edited
    for parent in parents:
        entry = entry[parent]
    entry[last] = data.draw(JSON)
    try:
        manifest = parse_manifest(json.dumps(edited).encode(), "m")
    except InputError as error:
        assert str(error).startswith("m ")
    else:
        to_json(manifest)
