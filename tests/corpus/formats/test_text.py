"""What a document is in plain text."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.corpus.reading import (
    SMALL,
    TEXT,
    read,
)
from tests.examples_count import of_a_hundred


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("blank-line", [(0, "One panda.\nIt eats."), (21, "Two pandas.")]),
        ("line", [(0, "One panda."), (11, "It eats."), (21, "Two pandas.")]),
        ("file", [(0, TEXT.rstrip())]),
    ],
)
def test_what_a_document_is_in_plain_text(
    write: Any, rule: str, expected: list[tuple[int, str]]
) -> None:
    assert read(write(TEXT), documents=rule).documents == expected
    assert read(write(gzip.compress(TEXT.encode())), documents=rule).documents == expected


@pytest.mark.parametrize("separator", ["<|e|>", "[S]", "---", "=="])
@settings(
    max_examples=of_a_hundred(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_separators_part_documents_whatever_the_ranges(
    write: Any, separator: str, data: st.DataObject
) -> None:
    pieces = ["a b", "ü", "\n", "\n", separator, f"\n{separator}\n", "-", "=", "<|", " "]
    content = "".join(data.draw(st.lists(st.sampled_from(pieces), max_size=16)))
    cuts = data.draw(st.lists(st.integers(0, 60), max_size=5))
    path = write(content)
    options = {"input_format": "text", "document_separator": separator}
    expected = read(path, **options)
    if separator in ("<|e|>", "[S]"):
        parts = content.split(separator)
    else:  # only as a line: of what is within one there may be several readings
        parts = re.split(rf"(?m)^[ \t]*{re.escape(separator)}[ \t]*$", content)
    stripped = (part.strip(" \n\t") for part in parts)
    assert expected.texts == [part for part in stripped if part]
    assert read(path, cuts, SMALL, **options) == expected


@pytest.mark.parametrize("cut", range(1, 34))
def test_a_document_a_line_goes_on_behind_a_lone_carriage_return(write: Any, cut: int) -> None:
    path = write(b"One\rtwo\nthree\r\n\r\nfour\r\rfive\n\rsix\r")
    texts = read(path, [cut], documents="line").texts
    assert [text.replace("\r", "\n").split("\n") for text in texts] == [
        ["One", "two"], ["three"], ["four", "", "five"], ["six"]
    ]  # fmt: skip
