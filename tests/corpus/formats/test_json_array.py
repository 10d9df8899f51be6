"""Fields of JSON: dotted, lists, several; one array in a file; two schemas in a folder."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bertprep.corpus.identity import document_text
from bertprep.corpus.recognise import RefusedError
from bertprep.corpus.sizes import ReadSizes
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from tests.corpus.formats.tables import looked_at, read
from tests.examples_count import of_a_hundred


def texts(path: Path, **options: Any) -> list[str]:
    found, counts = read(path, **options)
    assert counts == {}
    return [text for _, text in found]


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def test_dots_lead_into_objects_but_a_key_may_have_one(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "in",
        {"data": {"text": "One.", "more": {"text": "Two."}}},
        {"data.text": "Three.", "data": {"text": "no"}},
    )
    assert texts(path, text_field="data.text") == ["One.", "Three."]
    found = read(path, text_field="data.more.text", bad_input="drop")
    assert found == ([(0, "Two.")], {"no_text": 1})


def test_a_list_of_strings_is_paragraphs(tmp_path: Path) -> None:
    path = lines(tmp_path / "in", {"text": ["One.", "Two.\nThree."]}, {"text": []})
    assert texts(path) == ["One.\nTwo.\nThree.", ""]


def test_several_fields_are_joined_and_one_is_enough(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "in",
        {"text": "One.", "content": "Two."},
        {"content": "Three.", "id": 7},
        {"text": "Four.", "content": None},
        {"text": "", "content": "Five."},
    )
    wanted = ["One.\n\nTwo.", "Three.", "Four.", "Five."]
    assert texts(path, text_field="text,content") == wanted
    assert texts(path, text_field="content,text")[0] == "Two.\n\nOne."
    with pytest.raises(InputError) as caught:
        read(path, text_field="body,data.text")
    assert 'has no field "body" or "data.text" (its fields: "text", "content"); name' in str(
        caught.value
    )


def test_a_field_of_each_item_of_a_list(tmp_path: Path) -> None:
    """As papers and questions have their text: an item a paragraph."""
    body = [{"text": "One."}, {"text": ["Two.", "Three."], "n": 1}, {"n": 2}, {"text": None}]
    path = lines(tmp_path / "in", {"body": body, "title": "T"}, {"body": [], "title": "U"})
    assert texts(path, text_field="body.text") == ["One.\nTwo.\nThree.", ""]
    with pytest.raises(InputError) as caught:
        read(path)
    assert '(its fields: "body.text", "title")' in str(caught.value)
    assert "`jq -c '.body[]' < FILE > FILE.jsonl`" in str(caught.value)
    (tmp_path / "one").write_text('{"text": "One."}{"text": "Two."}\n{"text": "Three."}\n')
    with pytest.raises(InputError, match=r"jq -c \. < FILE > FILE\.jsonl"):
        read(tmp_path / "one")


def test_articles_of_wiki40b_are_without_their_marks(tmp_path: Path) -> None:
    text = "\n_START_ARTICLE_\nPanda\n_START_PARAGRAPH_\nIt eats._NEWLINE_It sleeps."
    text += "\n_START_SECTION_\nLife\n_START_PARAGRAPH_\nIt lives."
    path = lines(tmp_path / "in", {"text": text}, {"text": "So _START_ARTICLE_ is a mark."})
    found, counts = read(path)
    assert [t for _, t in found] == [
        "It eats.\nIt sleeps.\nIt lives.",
        "So _START_ARTICLE_ is a mark.",
    ]
    assert counts == {"title_line": 1}
    kept = texts(path, keep_titles=True)[0]
    assert kept == "Panda\nIt eats.\nIt sleeps.\nIt lives."


def test_a_field_of_another_type_is_bad_though_another_is_there(tmp_path: Path) -> None:
    path = lines(tmp_path / "in", {"text": "One.", "content": 7})
    with pytest.raises(InputError, match='has a number as "content", not a string'):
        read(path, text_field="text,content")


ROWS = [{"text": f'Panda {n} says "[a]" and {{b}} \\ 熊猫, twice.', "id": [n]} for n in range(50)]
ARRAYS = {
    "compact": json.dumps(ROWS),
    "indented": json.dumps(ROWS, indent=2),
    "a row a line": "[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]\n",
    "as it is": json.dumps(ROWS, ensure_ascii=False, separators=(",", ":")),
    "strings": json.dumps([row["text"] for row in ROWS], indent=1),
}


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("block", [1, 7, 4 << 20])
def test_one_array_in_a_file(tmp_path: Path, name: str, block: int) -> None:
    path = tmp_path / "in.txt"
    content = b"\xef\xbb\xbf" + ARRAYS[name].encode()
    for stored in (content, gzip.compress(content)):
        path.write_bytes(stored)
        assert looked_at(path, ReadOptions()).format == "json"
        sizes = ReadSizes(block=block, overrun=block)
        assert texts(path, sizes=sizes) == [row["text"] for row in ROWS]


def test_what_is_wrong_in_an_array_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_text('[\n{"text": "One."},\n{"text": 2},\n{"text": "Three."}\n]')
    with pytest.raises(InputError, match=r"in: line 3 \(byte 20\) has a number as"):
        read(path)
    found, counts = read(path, bad_input="drop")
    assert ([text for _, text in found], counts) == (["One.", "Three."], {"no_text": 1})


def test_an_array_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_text('[{"text": "One."}, {"text": "Two."}, {"text": "Th')
    with pytest.raises(InputError, match=r"in: line 1 \(byte 37\) is not one JSON object"):
        read(path)
    found, counts = read(path, bad_input="drop")
    assert [text for _, text in found] == ["One.", "Two."]
    assert counts == {"bad_json": 2}
    path.write_text('[{"text": "One."},\n')
    with pytest.raises(InputError, match="is in an array that nothing closes"):
        read(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(
    max_examples=of_a_hundred(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.text(max_size=40), VALUES), min_size=1, max_size=6),
    st.sampled_from([None, 1]),
)
def test_any_array_gives_the_texts_that_json_reads(
    tmp_path: Path, rows: list[tuple[str, object]], indent: int | None
) -> None:
    path = tmp_path / "in"
    content = json.dumps([{"x": other, "text": text} for text, other in rows], indent=indent)
    path.write_text(content)
    known = [document_text(text.encode()).decode() for text, _ in rows]
    assert texts(path, sizes=ReadSizes(block=5, overrun=3), input_format="json") == known


def test_prose_in_brackets_and_arrays_of_arrays_are_no_array_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "in"
    for prose in ("[1] A note.\n[2] Another.\n", '["Hello," he said, and went.]\n', "[[1984]]\n"):
        path.write_text(prose)
        assert looked_at(path, ReadOptions()).format == "text"
    path.write_text('[["a", 1], ["b", 2]]')
    with pytest.raises(RefusedError, match="JSON array"):
        looked_at(path, ReadOptions())
