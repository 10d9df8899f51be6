"""A JSON string a line."""

from __future__ import annotations

import json
from typing import Any

from tests.corpus.reading import (
    read,
    refusal,
)


def test_a_json_string_a_line_is_a_document(write: Any) -> None:
    rows = ["One.\n\nTwo.", 'He said "x".', "你好。"]
    path = write("\n".join(map(json.dumps, rows)))
    assert read(path).texts == rows
    message = refusal(
        write(json.dumps("a\n") + "\n[1]\n" + json.dumps("b\n") * 1 + "\n"),
        input_format="json-strings",
    )
    assert "line 2 (byte 6) is JSON, but not a string" in message
