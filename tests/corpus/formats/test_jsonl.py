"""JSON lines: a document an object."""

from __future__ import annotations

import gzip
import json
from typing import Any

from tests.corpus.reading import BOM, read, refusal


def test_json_lines(write: Any) -> None:
    rows = ['{"text": "Eins \\u00fc\\n\\nzwei"}', '{"id": 7, "text": ""}', '{"text": "你好"}']
    content = BOM + "\r\n\n".join(rows).encode()
    assert read(write(content)).documents == [(3, "Eins ü\n\nzwei"), (37, ""), (61, "你好")]
    assert read(write(gzip.compress(content))).documents == read(write(content)).documents


def test_a_mark_before_a_later_json_line_is_no_part_of_it(write: Any) -> None:
    content = b'{"text": "a"}\n' + BOM + b'{"text": "b"}\n'
    assert read(write(content)).documents == [(0, "a"), (14, "b")]


def test_another_field_holds_the_text(write: Any) -> None:
    path = write('{"text": 1, "body": "b"}\n')
    assert read(path, text_field="body").texts == ["b"]


def test_a_json_object_over_several_lines_is_told_at_its_first(write: Any) -> None:
    path = write('{\n  "text": "a"\n}\n')
    assert " is JSON over several lines" in refusal(path)
    assert "line 1 (byte 0) is not one JSON object" in refusal(path, input_format="jsonl")
    assert read(path, bad_input="drop", input_format="jsonl").counts == {"bad_json": 3}


def test_long_field_names_do_not_flood_the_message(write: Any) -> None:
    row = {f"{i}" * 1000: 1 for i in range(9)} | {"last": 2}
    message = refusal(write(json.dumps(row) + "\n"))
    assert len(message) < 600
    assert '"last"' not in message


def test_titles_of_json_articles(write: Any) -> None:
    rows: list[dict[str, Any]] = [
        {"title": "Panda", "text": "Panda\n\nText."},
        {"title": "Panda", "text": "Pandas\n\nText."},
        {"title": "Panda", "text": "Panda"},
        {"title": "", "text": "\nText."},
        {"title": None, "text": "None\nText."},
        {"text": "Text."},
    ]
    path = write("".join(json.dumps(row) + "\n" for row in rows))
    result = read(path)
    kept = [str(row["text"]).strip() for row in rows]
    assert result.texts == ["Text.", *kept[1:]]
    assert result.dropped == [("title_line", 0, "Panda")]
    assert read(path, keep_titles=True).texts == kept
