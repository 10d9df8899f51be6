"""The files of a folder: of any shape they are read, or refused in a line."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.errors import VocabularyError
from tests.examples_count import of_a_hundred
from tests.vocabulary.folders import (
    BERT,
    TOKENS,
    added,
    folder,
    json_of,
    read,
)

JUNK = st.sampled_from(
    [None, True, 0, -1, 2**70, 1.5, "", "x", [], [1], [{}], {}, {"x": []}, "false"]
)


def places_of(value, path=()):
    yield path
    if not isinstance(value, dict | list):
        return
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if len(path) < 3 and key != "vocab":
            yield from places_of(child, (*path, key))


def with_junk(value, path, junk):
    if not path:
        return junk
    copy = value.copy()
    copy[path[0]] = with_junk(value[path[0]], path[1:], junk)
    return copy


FULL = {
    "tokenizer_config.json": BERT
    | {"added_tokens_decoder": {"5": added("[EOT]", {})}, "cls_token": "[CLS]", "padding": "x"}
    | {"extra_special_tokens": ["[X]"], "strip_accents": None, "never_split": None},
    "special_tokens_map.json": {"extra_special_tokens": ["[X]"], "sep_token": added("[SEP]", {})},
    "added_tokens.json": {"[Y]": len(TOKENS)},
    "config.json": {"model_type": "bert", "tokenizer_class": None},
    "tokenizer.json": json_of() | {"added_tokens": [added("[EOT]", {}, id=5)], "padding": {"a": 1}},
}


@settings(max_examples=of_a_hundred(150), deadline=None)
@given(st.data())
def test_files_of_any_shape_are_read_or_refused_in_a_line(data):
    chosen = data.draw(st.sets(st.sampled_from(sorted(FULL)), min_size=1))
    files = {name: FULL[name] for name in chosen}
    name = data.draw(st.sampled_from(sorted(chosen)))
    places = sorted(places_of(files[name]), key=str)
    files[name] = with_junk(files[name], data.draw(st.sampled_from(places)), data.draw(JUNK))
    contents = folder(None, TOKENS if data.draw(st.booleans()) else None)
    if "tokenizer.json" not in chosen:
        contents = folder(None, TOKENS)
    contents |= {name: json.dumps(content) for name, content in files.items()}
    try:
        read(contents)
    except VocabularyError as error:
        assert "\n" not in str(error)
