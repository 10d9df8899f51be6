"""The lines on the text of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bertprep.shards.manifest_types import MixedInput
from pipelines.messages.corpus_figures import casing, corpus_lines, drop_lines, mixture_lines
from tests.manifests import parsed, shards_json, vocab_json


def test_what_was_left_out_is_told_by_reason_with_the_names_behind_it() -> None:
    assert drop_lines({}) == ["left out     nothing"]
    names = {f"template:T{n}": 9 - n for n in range(8)}
    first, second = drop_lines({"template": 40, "bad_json": 3}, names)
    assert first.startswith("left out     template 40 (")
    assert first.endswith("): T0 9, T1 8, T2 7, T3 6, T4 5, T5 4, ...")
    assert second == "             bad_json 3 (lines that are not a JSON object)"


def test_the_inputs_of_a_mixture_have_a_line_each() -> None:
    manifest = replace(
        parsed(vocab_json()),
        mixture=(
            MixedInput("news", 0.75, 100, 3.0, 300, 7, 2),
            MixedInput("wiki", 0.25, 100, 1.0, 100, 7, 0),
        ),
    )
    first, second = mixture_lines(manifest)
    assert first.startswith("mixture      news: 75.0% (300 of 100 x 3), 2 of its texts in another")
    assert second == "             wiki: 25.0% (100 of 100 x 1)"
    assert mixture_lines(parsed(vocab_json())) == []


@pytest.mark.parametrize(("lowercase", "said"), [(True, "uncased"), (False, "cased")])
def test_the_casing_of_a_vocabulary(lowercase: bool, said: str) -> None:
    assert casing(parsed(vocab_json(vocabulary={"lowercase": lowercase}))) == said


def test_languages_and_words_have_lines_where_there_are_any() -> None:
    sums = {f"language_l{n}": 10 - n for n in range(8)}
    manifest = parsed(shards_json())
    lines = corpus_lines(replace(manifest, sums={**manifest.sums, **sums, "segmented_words": 50}))
    (languages,) = (line for line in lines if line.startswith("languages"))
    assert languages.startswith("languages    l0 10, l1 9, l2 8, l3 7, l4 6, l5 5 and 2 more: doc")
    (words,) = (line for line in lines if line.startswith("words"))
    assert words.startswith("words        50 of Chinese or Japanese; 0.00% do not fit tokens")
