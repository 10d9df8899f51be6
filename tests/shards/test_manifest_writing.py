"""A manifest as JSON: readable, and without what a run has not."""

from __future__ import annotations

import json
from dataclasses import replace

from bertprep.corpus.files import InputFile
from bertprep.shards.manifest_types import MixedInput
from bertprep.shards.manifest_writing import input_entry, to_json
from tests.manifests import parsed, shards_json, vocab_json


def test_json_is_readable_and_ends_with_a_line_break() -> None:
    manifest = replace(parsed(vocab_json()), inputs=(InputFile("/x", "文章.txt", 9),))
    text = to_json(manifest).decode("utf-8")
    assert text.endswith("}\n")
    assert '"name": "文章.txt"' in text
    assert json.loads(text)["inputs"][0]["name"] == "文章.txt"


def test_a_mixture_packing_and_origins_are_told_where_there_are_any() -> None:
    manifest = parsed(shards_json())
    plain = json.loads(to_json(manifest))
    assert not {"mixture", "pack", "origins", "drop_names"} & set(plain)
    mixed = replace(
        manifest,
        mixture=(MixedInput("news", 1.0, 9, 1.0, 9, 3, 0),),
        origins=manifest.shards,
        drop_names={"template:x": 1},
    )
    told = json.loads(to_json(mixed))
    assert told["mixture"][0]["input"] == "news"
    assert len(told["origins"]) == len(manifest.shards)
    assert told["drop_names"] == {"template:x": 1}


def test_an_input_is_told_by_its_name_and_what_it_holds() -> None:
    plain = {"name": "a", "bytes": 9, "format": "text", "compression": "none"}
    assert input_entry(InputFile("/x/a", "a", 9)) == plain
    mixed = InputFile("/x/a", "a", 9, input="news", rows="parquet")
    assert input_entry(mixed) == {**plain, "input": "news", "rows": "parquet"}
