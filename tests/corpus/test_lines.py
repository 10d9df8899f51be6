"""Lines as records, alone or together with their neighbours: each once, whatever the cuts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bertprep.corpus.formats.sentence_pairs import pair_fault
from bertprep.corpus.records import line_records
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from tests.corpus.reading import CountingStream
from tests.examples_count import of_a_hundred

BOM = b"\xef\xbb\xbf"
NO_END = 2**63 - 1
Found = list[tuple[int, bytes]]

PIECES = [b"\n", b"\r\n", b"\r", b" ", b"\t", b"\x0b", b"a", b"bc ", "é你\u2028".encode(), BOM]
DATA = st.lists(st.sampled_from(PIECES), max_size=24).map(b"".join)
CUTS = st.lists(st.integers(0, 60), max_size=6)
STRETCHES = st.sampled_from([1, 2, 3, 4, 7, 16, 100])


def ranges(size: int, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    return pairwise(sorted({0, size, *(cut for cut in cuts if cut < size)}))


def read_apart(
    data: bytes, cuts: Iterable[int], stretch: int, sizes: ReadSizes = READ_SIZES
) -> Found:
    """What the ranges give, read last range first, put in the order of the ranges."""
    found: list[Found] = []
    for start, end in reversed(list(ranges(len(data), cuts))):
        part = list(line_records(io.BytesIO(data), start, end, stretch, sizes))
        assert all(start <= record.offset < end for record in part)
        assert all(record.content_offset == record.offset for record in part)
        found.append([(record.offset, record.content) for record in part])
    return [record for part in reversed(found) for record in part]


def by_lines(data: bytes, stretch: int) -> Found:
    """The reference: a walk over all the lines, which go under the stretch they begin in."""
    at = len(BOM) if data.startswith(BOM) else 0
    together: dict[int, tuple[int, bytes]] = {}
    for line in re.findall(rb"[^\r\n]*[\r\n]+|[^\r\n]+", data[at:]):
        first, lines = together.get(at // stretch, (at, b""))
        together[at // stretch] = first, lines + line
        at += len(line)
    found = [(first, lines.rstrip(b"\r\n")) for first, lines in together.values()]
    return [(first, lines) for first, lines in found if lines.strip(b" \r\n\v\f")]


@settings(max_examples=of_a_hundred(300))
@given(DATA, CUTS, STRETCHES, st.integers(1, 12), st.integers(1, 5))
# A cut in a mark, one behind it, those in line breaks, and a line over several stretches.
@example(BOM + b"a\nb", [1, 2], 1, 99, 99)
@example(BOM + b"a\nb", [3, 4], 2, 99, 99)
@example(b"a\r\nb", [1, 2], 2, 99, 99)
@example(b"a\n\n\n\nb", [3], 2, 3, 1)
@example(b"a\nbbbbbbbbbb\nc\nd", [2, 3, 9, 13], 4, 1, 1)
def test_ranges_give_what_a_walk_over_the_lines_gives(
    data: bytes, cuts: list[int], stretch: int, block: int, overrun: int
) -> None:
    expected = by_lines(data, stretch)
    sizes = ReadSizes(block=block, overrun=overrun)
    assert read_apart(data, cuts, stretch, sizes) == expected
    whole = line_records(io.BytesIO(data), 0, NO_END, stretch, sizes)
    assert [(record.offset, record.content) for record in whole] == expected


def test_one_record_a_line() -> None:
    data = BOM + b"one\r\n \n\ttwo \rthree\t\n\t\nfour"
    expected = [(3, b"one"), (10, b"\ttwo "), (16, b"three\t"), (23, b"\t"), (25, b"four")]
    assert read_apart(data, [], 1) == expected
    assert read_apart(data, range(len(data)), 1) == expected


def test_lines_go_under_the_stretch_they_begin_in() -> None:
    data = b"aaaa\nbb\ncccccccccccccc\nd\n\ne"  # they begin at 0, 5, 8, 23, 26
    expected = [(0, b"aaaa\nbb"), (8, b"cccccccccccccc"), (23, b"d"), (26, b"e")]
    assert read_apart(data, [], 8) == expected
    assert read_apart(data, range(len(data)), 8) == expected


@pytest.mark.parametrize("data", [b"", BOM, b"\n", b" \r\n \n\r\r", BOM + b"\n\n"])
@pytest.mark.parametrize("stretch", [1, 3, 100])
def test_blank_lines_are_no_record(data: bytes, stretch: int) -> None:
    assert read_apart(data, [1, 2], stretch) == []
    assert list(line_records(io.BytesIO(data), 0, NO_END, stretch)) == []


def test_a_range_past_the_end_of_a_file_that_shrank_is_empty() -> None:
    assert list(line_records(io.BytesIO(b"a\nb"), 10, 20)) == []


# Cost. What is read is counted, as a clock would be at the machine's mercy.

MIB = 1 << 20


@pytest.mark.parametrize("stretch", [1, 8192])
@pytest.mark.parametrize(
    ("line", "lines"), [(b"words\r\n\n", MIB // 8), (b"word and", 1), (b"\n", 0)]
)
def test_sixteen_ranges_are_read_at_linear_cost(line: bytes, lines: int, stretch: int) -> None:
    data = line * (MIB // len(line))
    stream = CountingStream(data)
    found = 0
    sizes = ReadSizes(block=1 << 15, overrun=1 << 9)
    for start, end in ranges(len(data), [len(data) * i // 16 for i in range(16)]):
        found += sum(1 for _ in line_records(stream, start, end, stretch, sizes))
    assert found == min(lines, MIB // stretch)
    assert stream.given <= 4 * len(data)


# Pairs


@pytest.mark.parametrize("line", ["a\tb", " One. Two. \t Three.", "你好。\t世界。", "a\t\u200bb"])
def test_a_pair_has_one_tab_and_something_on_both_sides(line: str) -> None:
    assert pair_fault(line) is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a b", "it has no tab"),
        ("a    b", "it has no tab"),
        (r"a \t b", r"it has no tab but a backslash and a t, of which sed 's/\\t/\t/' makes one"),
        ("a\tb\tc", "it has 2 tabs"),
        ("\ta\tb", "it has 2 tabs"),
        ("a\tb\t", "it has 2 tabs"),
        ("\tb", "nothing stands before its tab"),
        ("\t", "nothing stands before its tab"),
        ("a\t \u3000", "nothing stands behind its tab"),
        ("\ufeff\tb", "nothing stands before its tab"),
    ],
)
def test_what_is_no_pair_and_why(line: str, fault: str) -> None:
    assert pair_fault(line) == fault
