"""Records, whole or by ranges: each once, whatever the cuts, at a cost that stays linear."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bertprep.corpus import records, window
from bertprep.corpus.formats.wikiextractor import wikiextractor_records
from bertprep.corpus.records import (
    BLANK_LINE,
    BLANK_LINES,
    LINE_BREAK,
    Record,
    line_number,
    separated_records,
    whole_record,
)
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from tests.corpus.reading import CountingStream
from tests.examples_count import of_a_hundred

BOM = "\ufeff"
NO_END = 2**63 - 1
Found = list[tuple[int, bytes]]

# White space of one, two and three bytes, characters of one to four, all kinds of line breaks.
PIECES = [
    *("\n", "\r\n", "\r", "\n\n", " ", "\t", "\x0b", "\x1d", "\x85", "\xa0"),
    *("\u1680", "\u2003", "\u2028", "\u205f", "\u3000", BOM, "\u200b"),
    *("a", "bc ", "é", "你好", "😀", "\x00"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
CUTS = st.lists(st.integers(0, 80), max_size=6)


SIZES = st.builds(
    ReadSizes, block=st.integers(1, 12), overrun=st.integers(1, 5), look_back=st.integers(1, 7)
)


def sized(block: int, overrun: int, look_back: int) -> ReadSizes:
    return ReadSizes(block=block, overrun=overrun, look_back=look_back)


def ranges(size: int, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    return pairwise(sorted({0, size, *(cut for cut in cuts if cut < size)}))


def read_apart(
    data: bytes, cuts: Iterable[int], separator: object, sizes: ReadSizes = READ_SIZES
) -> Found:
    """What the ranges give, read last range first, put in the order of the ranges."""
    found: list[Found] = []
    for start, end in reversed(list(ranges(len(data), cuts))):
        part = list(separated_records(io.BytesIO(data), start, end, separator, sizes=sizes))
        assert all(start <= record.offset < end for record in part)
        assert all(record.content_offset == record.offset for record in part)
        found.append([(record.offset, record.content) for record in part])
    return [record for part in reversed(found) for record in part]


# Two references that know nothing of bytes, windows or ranges: they go over the text by lines.


def body_of(text: str) -> tuple[int, str]:
    """The text without a byte order mark, and the bytes before it."""
    return (3, text[1:]) if text.startswith(BOM) else (0, text)


def by_sections(text: str) -> Found:
    return by_blank_lines(text, 2)


def by_blank_lines(text: str, least: int = 1) -> Found:
    at, body = body_of(text)
    found: Found = []
    start = end = None
    blank = 0
    whole = text.encode()
    for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", body):
        content = line.rstrip("\r\n")
        if content.strip():
            indent = len(content) - len(content.lstrip())
            start = at + len(content[:indent].encode()) if start is None else start
            end = at + len(content.encode())
            blank = 0
        elif start is not None and line != content:  # a blank line that ends in a line break
            blank += 1
            if blank == least:
                found.append((start, whole[start:end]))
                start = None
        at += len(line.encode())
    if start is not None:
        found.append((start, whole[start:]))
    return found


def by_lines(text: str) -> Found:
    at, body = body_of(text)
    found: Found = []
    for line in re.split(r"([\r\n])", body):
        if visible := line.lstrip():
            found.append((at + len(line.encode()) - len(visible.encode()), visible.encode()))
        at += len(line.encode())
    return found


RULES = [(BLANK_LINE, by_blank_lines), (BLANK_LINES, by_sections), (LINE_BREAK, by_lines)]
RULE_NAMES = ["blank-line", "section", "line"]


@pytest.mark.parametrize(("separator", "reference"), RULES, ids=RULE_NAMES)
@settings(max_examples=of_a_hundred(300))
@given(TEXTS, CUTS, SIZES)
# A window that ends inside U+3000, a mark before leading white space, a cut inside a blank, and
# a look back that begins inside one.
@example("a\n\n\u3000b", [], sized(5, 1, 1))
@example(f"{BOM}  a", [5], sized(99, 99, 99))
@example(f" {BOM}a\nb", [1], sized(99, 99, 99))
@example("a\n\n\u3000b", [4], sized(99, 99, 99))
@example("a\n\n\u3000\u3000b\n\nc", [9], sized(99, 99, 2))
def test_ranges_give_what_a_walk_over_the_lines_gives(
    separator: object,
    reference: Callable[[str], Found],
    text: str,
    cuts: list[int],
    sizes: ReadSizes,
) -> None:
    expected = reference(text)
    data = text.encode()
    assert read_apart(data, cuts, separator, sizes) == expected
    whole = separated_records(io.BytesIO(data), 0, NO_END, separator, sizes=sizes)
    assert [(record.offset, record.content) for record in whole] == expected


@pytest.mark.parametrize("separator", [BLANK_LINE, BLANK_LINES, LINE_BREAK], ids=RULE_NAMES)
@settings(max_examples=of_a_hundred(200))
@given(
    st.lists(
        st.sampled_from([b"\n", b"\r", b" ", b"a", b"\x80", b"\xe3", b"\xe3\x80", b"\xc2", b"\xff"])
        | st.binary(max_size=3),
        max_size=24,
    ).map(b"".join),
    CUTS,
    SIZES,
)
def test_ranges_of_any_bytes_give_what_one_range_gives(
    separator: object, data: bytes, cuts: list[int], sizes: ReadSizes
) -> None:
    whole = separated_records(io.BytesIO(data), 0, NO_END, separator)
    parts = read_apart(data, cuts, separator, sizes)
    assert parts == [(record.offset, record.content) for record in whole]


def test_all_white_space_makes_a_line_blank_and_is_skipped_before_a_record() -> None:
    white = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    assert len(white) == 29
    for character in white:
        text = f"one\n{character}\n{character}two"
        at = len(text.encode()) - len("two")
        assert read_apart(text.encode(), [], BLANK_LINE) == [(0, b"one"), (at, b"two")]
        assert read_apart(text.encode(), [at], LINE_BREAK) == [(0, b"one"), (at, b"two")]


def test_documents_between_blank_lines() -> None:
    text = f"{BOM} \n First line \nsecond\r\n \t\r\n\u3000\nthird\r\rlast\n"
    assert read_apart(text.encode(), [], BLANK_LINE) == [
        (6, b"First line \nsecond"),
        (34, b"third"),
        (41, b"last\n"),
    ]


def test_one_document_per_line() -> None:
    assert read_apart(b"one\r\n\r\n  two \rthree", [], LINE_BREAK) == [
        (0, b"one"),
        (9, b"two "),
        (14, b"three"),
    ]


def test_line_breaks_of_unicode_end_no_line() -> None:
    # They are legal inside a JSON line.
    text = '{"a": "\u2028\x85\x0b\x0c"}\r\n\n\t{"b": 1}'
    assert read_apart(text.encode(), [], LINE_BREAK) == [
        (0, '{"a": "\u2028\x85\x0b\x0c"}'.encode()),
        (20, b'{"b": 1}'),
    ]


def test_a_record_belongs_to_the_range_that_holds_its_first_byte() -> None:
    data = b"aaaa\n\nbbbb"

    def offsets(start: int, end: int) -> list[int]:
        return [r.offset for r in separated_records(io.BytesIO(data), start, end, BLANK_LINE)]

    assert offsets(0, 6) == [0]
    assert offsets(0, 7) == [0, 6]
    assert offsets(6, 7) == [6]
    assert offsets(7, 10) == []
    assert offsets(1, 5) == []


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\xe3\x80\x80\n ", b"\n" * 99])
@pytest.mark.parametrize("separator", [BLANK_LINE, BLANK_LINES, LINE_BREAK], ids=RULE_NAMES)
def test_what_holds_no_visible_character_holds_no_record(data: bytes, separator: object) -> None:
    assert read_apart(data, [1, 2], separator) == []
    assert list(separated_records(io.BytesIO(data), 0, NO_END, separator)) == []


def test_a_range_past_the_end_of_a_file_that_shrank_is_empty() -> None:
    assert list(separated_records(io.BytesIO(b"a\n\nb"), 10, 20, BLANK_LINE)) == []
    assert list(wikiextractor_records(io.BytesIO(b"a\n\nb"), 10, 20, pytest.fail)) == []


def test_whole_file_is_one_record_without_its_mark() -> None:
    assert list(whole_record(io.BytesIO(b"\xef\xbb\xbf a\n\nb\n"))) == [Record(3, 3, b" a\n\nb\n")]
    assert list(whole_record(io.BytesIO(b"a"))) == [Record(0, 0, b"a")]


# WikiExtractor

WIKI_LINES = [
    *('<doc id="1" url="u" title="One">', '<doc id="2" title="a > b"> \t', "<doc>", "</doc>"),
    *("</doc> ", " </doc>", "</doc>.", '<doc id="3"> and text', "", " ", "\u3000", "text", "你好"),
]
WIKI_TEXTS = st.builds(
    lambda mark, lines, ending, last: mark + ending.join(lines) + last,
    st.sampled_from(["", BOM]),
    st.lists(st.sampled_from(WIKI_LINES), max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n"]),
)


class Wiki(NamedTuple):
    documents: list[tuple[int, int, bytes, bytes]]
    strays: list[tuple[int, str, bytes]]


def wiki_by_lines(text: str) -> Wiki:
    """The reference: a state machine over lines."""
    at, body = body_of(text)
    wiki = Wiki([], [])
    opened: tuple[int, int, str] | None = None
    between = ""  # the text since the last tag, which begins at byte ``since``
    since = at

    def close(by: str) -> None:
        if opened is not None and by == "</doc>":
            wiki.documents.append((opened[0], opened[1], opened[2].encode(), between.encode()))
        elif opened is not None:
            wiki.strays.append((opened[0], "unterminated_document", between.encode()))
        elif visible := between.replace(BOM, " ").lstrip():
            stray = between[len(between) - len(visible) :].encode()
            offset = since + len(between.encode()) - len(stray)
            wiki.strays.append((offset, "text_outside_document", stray))

    for line in re.findall(r"[^\n]*\n|[^\n]+", body):
        tag = line.rstrip("\n").rstrip(" \t\r")
        is_open = re.fullmatch(r'<doc [a-z]+="[^\n]*>', tag)
        if is_open or tag == "</doc>":
            close("</doc>" if tag == "</doc>" else "<doc>")
            since = at + len(line.rstrip("\n").encode())
            opened = (at, since, tag) if is_open else None
            between = line[len(line.rstrip("\n")) :]
        else:
            between += line
        at += len(line.encode())
    close("the end")
    return wiki


def read_wiki(data: bytes, cuts: Iterable[int], sizes: ReadSizes = READ_SIZES) -> Wiki:
    wiki = Wiki([], [])

    def stray(record: Record, reason: str) -> None:
        wiki.strays.append((record.offset, reason, record.content))

    for start, end in ranges(len(data), cuts):
        for record in wikiextractor_records(io.BytesIO(data), start, end, stray, sizes):
            assert start <= record.offset < end
            wiki.documents.append(
                (record.offset, record.content_offset, record.header, record.content)
            )
    return wiki


@settings(max_examples=of_a_hundred(300))
@given(WIKI_TEXTS, st.lists(st.integers(0, 250), max_size=6), SIZES)
@example(f'{BOM}<doc id="1">\na\n</doc>', [2], sized(99, 99, 99))
@example('<doc id="1">\na\n</doc>\n<doc id="2">\nb\n</doc>', [22], sized(9, 1, 1))
def test_ranges_give_the_wikiextractor_documents_of_a_walk_over_the_lines(
    text: str, cuts: list[int], sizes: ReadSizes
) -> None:
    expected = wiki_by_lines(text)
    assert read_wiki(text.encode(), cuts, sizes) == expected
    assert read_wiki(text.encode(), [], sizes) == expected


def test_wikiextractor_documents_and_what_is_outside_of_them() -> None:
    text = 'x\n<doc id="1">\nT\n\nBody\n</doc>\n\n y\n<doc id="2">\n<doc id="3">\n</doc>\n'
    assert read_wiki(text.encode(), []) == Wiki(
        documents=[
            (2, 14, b'<doc id="1">', b"\nT\n\nBody\n"),
            (47, 59, b'<doc id="3">', b"\n"),
        ],
        strays=[
            (0, "text_outside_document", b"x\n"),
            (32, "text_outside_document", b"y\n"),
            (34, "unterminated_document", b"\n"),
        ],
    )


# Cost. What is read and what is scanned is counted, as a clock would be at the machine's mercy.

MIB = 1 << 20
LENGTH = MIB // 4
LONG = {
    "one line": b"word and " * (LENGTH // 9),
    "spaces": b" " * LENGTH,
    "newlines": b"\n" * LENGTH,
    "ideographic spaces": "\u3000".encode() * (LENGTH // 3),
    "spaces inside a document": b"a" + b" " * LENGTH + b"b",
    "newlines inside a file": b"a" + b"\n" * LENGTH + b"b",
    "a blank line of spaces": b"a\n" + b" " * LENGTH + b"\nb",
    "marks": BOM.encode() * (LENGTH // 3),
    "one document": b'<doc id="1">\n' + b"word and\n" * (LENGTH // 9) + b"</doc>\n",
    "one document in a line": b'<doc id="1">\n' + b"word " * (LENGTH // 5) + b"\n</doc>\n",
}


@pytest.mark.parametrize("rule", [*RULE_NAMES, "wikiextractor"])
@pytest.mark.parametrize("name", LONG)
def test_sixteen_ranges_of_anything_are_read_at_linear_cost(name: str, rule: str) -> None:
    data = LONG[name]
    stream = CountingStream(data)
    scanned = 0
    plain_copy = window.plain_copy

    def counting(data: bytes, *rest: bool) -> bytes:
        nonlocal scanned
        scanned += len(data)
        return plain_copy(data, *rest)

    found = []
    sizes = ReadSizes(block=1 << 13, overrun=1 << 7)
    with (
        mock.patch.object(records, "plain_copy", counting),
        mock.patch.object(window, "plain_copy", counting),
    ):
        for start, end in ranges(len(data), [len(data) * i // 16 for i in range(16)]):
            if rule == "wikiextractor":
                part = wikiextractor_records(stream, start, end, lambda *_: None, sizes)
            else:
                separator = RULES[RULE_NAMES.index(rule)][0]
                part = separated_records(stream, start, end, separator, sizes=sizes)
            found += [record.offset for record in part]
    assert len(found) <= max(2, data.count(b"\n") + 1)
    # Each range of spaces has to find the line break before them, up to the whole file back.
    looking_back = 40 if b"  " in data or "\u3000".encode() in data else 0
    assert stream.given <= (4 + looking_back) * len(data)
    assert scanned <= (8 + looking_back) * len(data)


def test_a_range_that_ends_in_white_space_is_not_read_far_past_its_end() -> None:
    stream = CountingStream(b"a" + b"\n" * MIB + b"b")
    sizes = ReadSizes(block=1 << 10, overrun=1 << 10)
    (record,) = separated_records(stream, 0, 5000, BLANK_LINE, sizes=sizes)
    assert record == Record(0, 0, b"a")
    assert stream.given < 20_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [b" " * 2 * MIB, b"\n" * 2 * MIB, b"\r\n" * MIB, "\u3000".encode() * MIB],
    ids=["spaces", "newlines", "crlf", "ideographic spaces"],
)
def test_megabytes_of_white_space_are_no_record(data: bytes) -> None:
    for separator in (BLANK_LINE, LINE_BREAK):
        assert read_apart(data, [len(data) // 2 + 1], separator) == []


def test_a_line_of_twenty_megabytes_takes_a_few_times_its_size() -> None:
    line = b"word and " * (20_000_000 // 9)
    stream = io.BytesIO(line + b"\n\nnext")
    tracemalloc.start()
    try:
        found = [len(r.content) for r in separated_records(stream, 0, 1 << 20, BLANK_LINE)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == [len(line)]
    assert peak < 5 * len(line)


@pytest.mark.parametrize(("offset", "line"), [(0, 1), (1, 1), (2, 2), (3, 3), (5, 3), (99, 3)])
def test_line_numbers_count_newlines_before_a_byte(offset: int, line: int) -> None:
    assert line_number(io.BytesIO(b"a\n\nb\r"), offset) == line
