"""The parts of documents that other documents may have, too: their paragraphs or their lines."""

from __future__ import annotations

import re
from collections.abc import Collection
from hashlib import blake2b
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Unit = Literal["paragraphs", "lines"]

# Shorter ones are headings, names, answers: they are alike for good reasons.
LEAST_BYTES = 40
_BETWEEN_PARAGRAPHS = re.compile(rb"\n[ \t]*\n\s*")
_LINE_END = ord("\n")
# Bytes that are no white space, nor of a character that may be some.
_IS_VISIBLE = (np.arange(256) > ord(" ")) & (np.arange(256) < 0x7F)


class Parts(NamedTuple):
    """The parts of documents, in order.

    Attributes:
        starts, ends: int64[n], bytes of the text.
        documents: int64[n], the number of the document that each is of.
        numbers: int64[n], its own number in that.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    documents: NDArray[np.int64]
    numbers: NDArray[np.int64]


def parts_of(text: bytes, starts: NDArray[np.int64], unit: Unit) -> Parts:
    """The parts of the documents of a batch.

    Args:
        text: the documents, joined.
        starts: int64[documents], ascending: the bytes at which they begin.
        unit: of what size parts are.
    """
    edges = _paragraph_edges(text) if unit == "paragraphs" else _line_edges(text)
    documents = np.searchsorted(starts, edges[::2], "right") - 1
    first = np.searchsorted(documents, documents)
    return Parts(edges[::2], edges[1::2], documents, np.arange(len(documents)) - first)


def _paragraph_edges(text: bytes) -> NDArray[np.int64]:
    """int64[2n]: where each paragraph starts and ends."""
    edges = [edge for match in _BETWEEN_PARAGRAPHS.finditer(text) for edge in match.span()]
    return np.array([0, *edges, len(text)], np.int64)


def _line_edges(text: bytes) -> NDArray[np.int64]:
    """int64[2n]: where each line starts and ends; empty ones are between others."""
    breaks = np.flatnonzero(np.frombuffer(text, np.uint8) == _LINE_END)
    follows = np.diff(breaks, prepend=-2) == 1
    is_last = np.append(~follows[1:], True)[: len(breaks)]
    edges = np.empty(2 * int((~follows).sum()) + 2, np.int64)
    edges[0], edges[-1] = 0, len(text)
    edges[1:-1:2], edges[2:-1:2] = breaks[~follows], breaks[is_last] + 1
    return edges


def digests(text: bytes, parts: Parts) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Places int64[m] of the parts that are long enough to be told by; hashes uint64[m, 2]."""
    places, found = [], []
    long = np.flatnonzero(parts.ends - parts.starts >= LEAST_BYTES)
    starts, ends = parts.starts[long], parts.ends[long]
    bytes_ = np.frombuffer(text, np.uint8)
    is_bare = _IS_VISIBLE[bytes_[starts]] & _IS_VISIBLE[bytes_[ends - 1]]
    columns = (long, starts, ends, is_bare)
    for place, start, end, bare in zip(*(c.tolist() for c in columns), strict=True):
        content = text[start:end] if bare else _stripped(text[start:end])
        if len(content) >= LEAST_BYTES:
            places.append(place)
            found.append(blake2b(content, digest_size=16, person=b"part").digest())
    hashes = np.frombuffer(b"".join(found), ">u8").astype(np.uint64).reshape(-1, 2)
    return np.array(places, np.int64), hashes


def _stripped(content: bytes) -> bytes:
    content = content.strip()
    if content and (content[0] >= 0x80 or content[-1] >= 0x80):
        return content.decode("utf-8").strip().encode("utf-8")
    return content


def without(document: bytes, unit: Unit, numbers: Collection[int]) -> tuple[bytes, list[bytes]]:
    """A document without some of its parts.

    Args:
        document: its text.
        unit: of what size parts are.
        numbers: of the parts to leave out, from 0.

    Returns:
        What is left, and the parts that are not.
    """
    parts = parts_of(document, np.zeros(1, np.int64), unit)
    spans = pairwise([*parts.starts.tolist(), len(document)])
    kept = [document[a:b] for number, (a, b) in enumerate(spans) if number not in numbers]
    left_out = [document[parts.starts[n] : parts.ends[n]] for n in sorted(numbers)]
    return b"".join(kept).strip(), left_out
