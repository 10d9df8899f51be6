"""Cuts text into the pieces that BERT's tokenization takes one by one, and tells them apart.

BERT's tokenization is context-free across white space, ASCII punctuation and CJK characters.  The
text is cut at exactly those, in columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.common.characters import is_ideograph
from bertprep.common.lists import binary_array
from bertprep.common.ragged import gather_index, offsets_of

UNKNOWN_WORD = b"<unk>"
# Memory for pieces is many times that for text: what is longer is taken part by part.
PART_BYTES = 4 << 20
_STEP_BYTES = 1 << 16

_WORD, _SPACE, _ALONE = 0, 1, 2
NOWHERE = np.empty(0, np.int64)


def _ascii_classes() -> NDArray[np.uint8]:
    """uint8[256]: white space and punctuation as BERT's BasicTokenizer takes them; the rest is 0.

    The control characters that ``str.isspace`` counts but BERT removes (\\v, \\f, U+001C-1F) do
    not separate words.
    """
    classes = np.full(256, _WORD, np.uint8)
    for byte in b"\t\n\r ":
        classes[byte] = _SPACE
    for byte in (*range(33, 48), *range(58, 65), *range(91, 97), *range(123, 127)):
        classes[byte] = _ALONE
    return classes


_CLASSES = _ascii_classes()
# Bytes that end a piece, whatever follows; not the one that UNKNOWN_WORD begins with.
_IS_END = (_CLASSES != _WORD) & (np.arange(256) != UNKNOWN_WORD[0])
_UNICODE_SPACES = np.array(
    [0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
)


def text_parts(
    text: NDArray[np.uint8],
    edges: NDArray[np.int64],
    whole: tuple[NDArray[np.int64], NDArray[np.int64]] = (NOWHERE, NOWHERE),
    part_bytes: int = PART_BYTES,
    *,
    only_edges: bool = False,
) -> Iterator[slice]:
    """The parts of a text, of one size or as little more as it takes to cut no piece in two.

    Args:
        text: uint8[bytes], in UTF-8.
        edges: int64[n], ascending, positions that separate pieces whatever is there.
        whole: starts and ends, int64[m] and ascending, of stretches that are not cut.
        part_bytes: the size.
        only_edges: whether nothing but the edges separates pieces.
    """
    start = 0
    starts, ends = whole
    is_end = np.zeros_like(_IS_END) if only_edges else _IS_END
    while start < len(text):
        end, step = start + part_bytes, min(_STEP_BYTES, part_bytes)
        stop = _end_of_part(text, edges, end, step, is_end)
        before = int(np.searchsorted(starts, stop)) - 1
        stop = max(stop, int(ends[before])) if before >= 0 else stop
        yield slice(start, stop)
        start = stop


def _end_of_part(
    text: NDArray[np.uint8],
    edges: NDArray[np.int64],
    end: int,
    step: int,
    is_end: NDArray[np.bool_],
) -> int:
    """Where a part ends that has to reach ``end``; looks back, and on, by ``step`` bytes."""
    while end < len(text):
        first = end - step
        separators = np.flatnonzero(is_end[text[first:end]])
        before = int(np.searchsorted(edges, end, side="right"))
        edge = int(edges[before - 1]) if before else 0
        last = max(edge, first + int(separators[-1]) + 1 if len(separators) else 0)
        if last > first:
            return last
        end += step
    return len(text)


def cut_text(
    text: NDArray[np.uint8],
    edges: NDArray[np.int64],
    *,
    marked: bool = False,
    ideographs: bool = True,
    whole: tuple[NDArray[np.int64], NDArray[np.int64]] = (NOWHERE, NOWHERE),
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cuts a text into pieces, white space left out.

    A piece is a CJK character, an ASCII punctuation mark, or a stretch of anything else.

    Args:
        text: uint8[bytes], in UTF-8.
        edges: int64[k], positions that must separate pieces besides.
        marked: whether ``UNKNOWN_WORD`` is a piece, too, which it is not otherwise.
        ideographs: whether each CJK character is a piece.
        whole: starts and ends, int64[m], of stretches that are a piece each, whatever is in them.

    Returns:
        The starts and the ends of the pieces, int64[n] each, in bytes.
    """
    classes = np.frombuffer(bytearray(text).translate(_CLASSES.tobytes()), np.uint8)
    cuts = np.empty(len(text) + 1, bool)
    cuts[-1] = True
    np.not_equal(classes, _WORD, out=cuts[:-1])
    cuts[1:-1] |= cuts[: len(text) - 1]
    cuts[0] = True
    cuts[edges] = True
    _cut_beyond_ascii(text, classes, cuts, ideographs)
    if len(whole[0]):
        _keep_whole(*whole, classes, cuts)
    if marked:
        inside = np.arange(1, len(UNKNOWN_WORD))
        cuts[places_of(UNKNOWN_WORD, text)[:, None] + inside] = False
    bounds = np.flatnonzero(cuts)
    visible = classes[bounds[:-1]] != _SPACE
    return bounds[:-1].compress(visible), bounds[1:].compress(visible)


def _keep_whole(
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    classes: NDArray[np.uint8],
    cuts: NDArray[np.bool_],
) -> None:
    cuts[gather_index(starts + 1, ends - starts - 1)] = False
    cuts[starts] = cuts[ends] = True
    classes[starts] = _WORD


def places_of(word: bytes, text: NDArray[np.uint8]) -> NDArray[np.int64]:
    """int64[n], ascending: the bytes at which the word stands in the text, uint8[bytes]."""
    places = np.flatnonzero(text[: max(0, len(text) - len(word) + 1)] == word[0])
    for i in range(1, len(word)):
        places = places[text[places + i] == word[i]]
    return places


def _cut_beyond_ascii(
    text: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    cuts: NDArray[np.bool_],
    ideographs: bool,
) -> None:
    """Marks CJK characters and Unicode's spaces, which take 2 to 4 bytes each."""
    leads = np.flatnonzero(text >= 0xC2)
    if not len(leads):
        return
    points = code_points(text, leads)
    alone = is_ideograph(points) if ideographs else np.zeros(len(points), bool)
    space = np.isin(points, _UNICODE_SPACES)
    classes[leads[space]] = _SPACE
    separate = leads[alone | space]
    cuts[separate] = True
    cuts[separate + character_lengths(text[separate])] = True


def character_lengths(leads: NDArray[np.uint8]) -> NDArray[np.int64]:
    """int64[n]: bytes of the UTF-8 characters that begin with the bytes ``leads``, uint8[n]."""
    return 1 + (leads >= 0xC0).astype(np.int64) + (leads >= 0xE0) + (leads >= 0xF0)


def code_points(text: NDArray[np.uint8], leads: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[n]: code points of characters of two bytes and more.

    Args:
        text: uint8[bytes], in UTF-8.
        leads: int64[n], the bytes at which they begin.
    """
    first = text[leads].astype(np.int64)
    points = (first & 0x1F) << 6 | text[leads + 1] & 0x3F
    for floor, mask in ((0xE0, 0x0F), (0xF0, 0x07)):
        longer = np.flatnonzero(first >= floor)
        at = leads[longer]
        point = first[longer] & mask
        for byte in range(1, 3 if floor == 0xE0 else 4):
            point = point << 6 | text[at + byte] & 0x3F
        points[longer] = point
    return points


def dictionary_encode(
    text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[Any, NDArray[np.int32]]:
    """Tells pieces apart.

    Args:
        text: uint8[bytes], in UTF-8.
        starts: int64[n], where the pieces start in it; ascending.
        ends: int64[n], where they end, none behind the start of the next.

    Returns:
        The distinct pieces, an Arrow binary array by first appearance, and the index of each piece
        in it, int32[n].
    """
    lengths = ends - starts
    flat = _joined(text, starts, ends)
    encoded = binary_array(flat, offsets_of(lengths)).dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy()


def _joined(
    text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """The bytes of pieces, one after the other: without those of the gaps, mostly a space each."""
    gaps = np.append(0, ends)
    sizes = np.append(starts, len(text)) - gaps
    inside = np.ones(len(text), bool)
    inside[gaps.compress(sizes > 0)] = False
    longer = np.flatnonzero(sizes > 1)
    inside[gather_index(gaps[longer] + 1, sizes[longer] - 1)] = False
    return text.compress(inside)
