"""What every format has to do: a range has the documents that begin in it."""

from __future__ import annotations

import gzip
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bertprep.corpus.sizes import ReadSizes
from tests.corpus.reading import (
    LINES,
    SMALL,
    read,
    refusal,
)
from tests.examples_count import of_a_hundred


@pytest.mark.parametrize("file_format", LINES)
@settings(
    max_examples=of_a_hundred(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_ranges_give_the_documents_and_the_drops_of_the_whole(
    write: Any, file_format: str, data: st.DataObject
) -> None:
    lines = data.draw(st.lists(st.sampled_from(LINES[file_format]), max_size=12))
    path = write("\n".join(lines))
    cuts = data.draw(st.lists(st.integers(0, 150), max_size=5))
    options = {"input_format": file_format, "bad_input": "drop"}
    expected = read(path, sizes=ReadSizes(document=20), **options)
    assert read(path, cuts, SMALL, **options) == expected
    if lines:
        zipped = write(gzip.compress(path.read_bytes()), "in.gz")
        assert read(zipped, sizes=SMALL, **options)[:2] == expected[:2]


class Bad(NamedTuple):
    content: bytes
    place: str  # line and byte
    told: tuple[str, ...]
    reason: str
    kept: list[str]
    dropped: tuple[int, str]  # offset and text


GOOD = b'{"text": "good"}\n'
PAIR = "It eats all the day.\tThen it sleeps a while."
PAIRS = f"{PAIR}\n".encode() * 12
BAD = {
    "JSON, cut": Bad(
        GOOD + b'{"text": "tr\n' + GOOD,
        "line 2 (byte 17)",
        ("not one JSON object", "Unterminated string"),
        "bad_json",
        ["good", "good"],
        (17, '{"text": "tr'),
    ),
    "JSON, no JSON": Bad(
        GOOD + b"\n\n  plain words\n",
        "line 4 (byte 21)",
        ("not one JSON object", "Expecting value"),
        "bad_json",
        ["good"],
        (21, "plain words"),
    ),
    "JSON, two in a line": Bad(
        GOOD + b"{} {}\n",
        "line 2 (byte 17)",
        ("not one JSON object", "Extra data"),
        "bad_json",
        ["good"],
        (17, "{} {}"),
    ),
    "JSON, broken first": Bad(
        b"{'text': 'a'}\n" + GOOD,
        "line 1 (byte 0)",
        ("not one JSON object",),
        "bad_json",
        ["good"],
        (0, "{'text': 'a'}"),
    ),
    "JSON, nested too deeply": Bad(
        GOOD + b"[" * 200_000 + b"\n",
        "line 2 (byte 17)",
        ("nested too deeply",),
        "bad_json",
        ["good"],
        (17, "[" * 200_000),
    ),
    "JSON, a number too long": Bad(
        GOOD + b'{"text": ' + b"9" * 5000 + b"}\n",
        "line 2 (byte 17)",
        ("not one JSON object", "digits"),
        "bad_json",
        ["good"],
        (17, '{"text": ' + "9" * 5000 + "}"),
    ),
    "JSON, a list": Bad(
        GOOD + b'["text"]',
        "line 2 (byte 17)",
        ("a JSON list",),
        "bad_json",
        ["good"],
        (17, '["text"]'),
    ),
    "JSON, a string": Bad(
        GOOD + b'"text"',
        "line 2 (byte 17)",
        ("a JSON string",),
        "bad_json",
        ["good"],
        (17, '"text"'),
    ),
    "JSON, a null": Bad(
        GOOD + b"null",
        "line 2 (byte 17)",
        ("a JSON null",),
        "bad_json",
        ["good"],
        (17, "null"),
    ),
    "JSON, no text": Bad(
        GOOD + b'{"title": "t", "body": "b"}\n',
        "line 2 (byte 17)",
        ('no field "text"', '"title", "body"', "--text-field"),
        "no_text",
        ["good"],
        (17, '{"title": "t", "body": "b"}'),
    ),
    "JSON, no field": Bad(
        GOOD + b"{}\n",
        "line 2 (byte 17)",
        ("its fields: none",),
        "no_text",
        ["good"],
        (17, "{}"),
    ),
    "JSON, text a list": Bad(
        GOOD + b'{"text": ["a", 1]}\n',
        "line 2 (byte 17)",
        ('a list as "text"',),
        "no_text",
        ["good"],
        (17, '{"text": ["a", 1]}'),
    ),
    "JSON, text a number": Bad(
        GOOD + b'{"text": 1}\n',
        "line 2 (byte 17)",
        ('a number as "text"',),
        "no_text",
        ["good"],
        (17, '{"text": 1}'),
    ),
    "JSON, half a surrogate pair": Bad(
        GOOD + b'{"text": "a \\ud83d b"}\n',
        "line 2 (byte 17)",
        ("half of a surrogate pair",),
        "not_utf8",
        ["good"],
        (17, '{"text": "a \\ud83d b"}'),
    ),
    "JSON, Latin-1": Bad(
        GOOD + b'{"text": "caf\xe9"}\n',
        "line 2 (byte 30)",
        ("not UTF-8 (0xe9)", "--encoding cp1252"),
        "not_utf8",
        ["good"],
        (17, '{"text": "caf\ufffd"}'),
    ),
    "text, Latin-1": Bad(
        b"Good.\n\nLine one,\nline tw\xf6.\n\nGood too.",
        "line 4 (byte 24)",
        ("not UTF-8 (0xf6)", "--encoding cp1252"),
        "not_utf8",
        ["Good.", "Good too."],
        (7, "Line one,\nline tw\ufffd."),
    ),
    "text, cut in a character": Bad(
        "Good.\n\n你好".encode()[:-1],
        "line 3 (byte 10)",
        ("not UTF-8 (0xe5)",),
        "not_utf8",
        ["Good."],
        (7, "你\ufffd"),
    ),
    "text, a surrogate in UTF-8": Bad(
        b"Good.\n\n\xed\xa0\xbd",
        "line 3 (byte 7)",
        ("not UTF-8 (0xed)",),
        "not_utf8",
        ["Good."],
        (7, "\ufffd\ufffd\ufffd"),
    ),
    "wiki, Latin-1": Bad(
        b'<doc id="1" title="T">\nT\n\nCaf\xe9\n</doc>\n<doc id="2">\nGood.\n</doc>\n',
        "line 4 (byte 29)",
        ("not UTF-8 (0xe9)",),
        "not_utf8",
        ["Good."],
        (0, "\nCaf\ufffd\n"),
    ),
    "wiki, never closed": Bad(
        b'<doc id="1">\nOne.\n</doc>\n\n<doc id="2">\nTwo',
        "line 5 (byte 26)",
        ("no </doc> line closes",),
        "unterminated_document",
        ["One."],
        (26, "\nTwo"),
    ),
    "wiki, opened twice": Bad(
        b'<doc id="1">\nOne.\n<doc id="2">\nTwo.\n</doc>\n',
        "line 1 (byte 0)",
        ("no </doc> line closes",),
        "unterminated_document",
        ["Two."],
        (0, "\nOne.\n"),
    ),
    "wiki, text between": Bad(
        b'<doc id="1">\nOne.\n</doc>\n\n stray\n<doc id="2">\nTwo.\n</doc>\n',
        "line 5 (byte 27)",
        ("outside of <doc> and </doc>",),
        "text_outside_document",
        ["One.", "Two."],
        (27, "stray\n"),
    ),
    "wiki, text at the end": Bad(
        b'<doc id="1">\nOne.\n</doc>\n</doc>\nstray',
        "line 5 (byte 32)",
        ("outside of <doc> and </doc>",),
        "text_outside_document",
        ["One."],
        (32, "stray"),
    ),
    "pairs, no tab": Bad(
        PAIRS + b"It eats all the day.\n",
        "line 13 (byte 540)",
        ("not a sentence, a tab and the next sentence: it has no tab;",),
        "bad_pair",
        [PAIR] * 12,
        (540, "It eats all the day."),
    ),
    "pairs, a tab that is spelled": Bad(
        PAIRS + rb"It eats. \t It sleeps." + b"\n",
        "line 13 (byte 540)",
        (r"it has no tab but a backslash and a t, of which sed 's/\\t/\t/' makes one;",),
        "bad_pair",
        [PAIR] * 12,
        (540, r"It eats. \t It sleeps."),
    ),
    "pairs, two tabs": Bad(
        PAIRS + b"\ta\tb\r\n" + PAIRS,
        "line 13 (byte 540)",
        ("it has 2 tabs;",),
        "bad_pair",
        [PAIR] * 24,
        (540, "\ta\tb"),
    ),
    "pairs, nothing before": Bad(
        PAIRS + b"\n \n\tIt sleeps.\n",
        "line 15 (byte 543)",
        ("nothing stands before its tab;",),
        "bad_pair",
        [PAIR] * 12,
        (543, "\tIt sleeps."),
    ),
    "pairs, nothing behind": Bad(
        PAIRS + "It eats.\t\u3000".encode(),
        "line 13 (byte 540)",
        ("nothing stands behind its tab;",),
        "bad_pair",
        [PAIR] * 12,
        (540, "It eats.\t\u3000"),
    ),
    "pairs, Latin-1": Bad(
        PAIRS + b"It eats.\tCaf\xe9\n",
        "line 13 (byte 552)",
        ("not UTF-8 (0xe9)",),
        "not_utf8",
        [PAIR] * 12,
        (540, "It eats.\tCaf\ufffd"),
    ),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_bad_input_fails_with_its_place_or_is_dropped_and_counted(
    write: Any, name: str, packed: bool
) -> None:
    bad = BAD[name]
    path = write(gzip.compress(bad.content) if packed else bad.content)
    message = refusal(path)
    assert message.startswith(f": {bad.place} ")
    assert all(part in message for part in (*bad.told, "--bad-input drop")), message

    result = read(path, bad_input="drop")
    assert result.texts == bad.kept
    title = {"title_line": 1} if "title=" in bad.content.decode("latin-1") else {}
    assert result.counts == {**title, bad.reason: 1}
    assert result.dropped[-1] == (bad.reason, *bad.dropped)
