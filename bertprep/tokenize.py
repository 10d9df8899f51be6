"""Token ids of a batch of sentences: tokenize the distinct pieces, gather the rest.

BERT's tokenization is context-free across white space, ASCII punctuation and CJK characters.  The
text is cut at exactly those, the pieces are dictionary-encoded by Arrow, and only pieces not met
before go through ``tokenizers``; everything Unicode-hard stays inside it, so the ids are its own by
construction.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.characters import is_ideograph
from bertprep.ragged import gather_index, offsets_of
from bertprep.vocabulary import UNK, Vocabulary, word_tokenizer

CACHE_BYTES = 32 << 20
UNKNOWN_WORD = b"<unk>"
_ENTRY_BYTES = 150

_WORD, _SPACE, _ALONE = 0, 1, 2


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
_UNICODE_SPACES = np.array(
    [0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
)


def cut_text(
    text: NDArray[np.uint8], edges: NDArray[np.int64], *, marked: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of the pieces of a UTF-8 text, white space left out.

    A piece is a CJK character, an ASCII punctuation mark, or a stretch of anything else; ``edges``
    are positions that must separate pieces besides.  In a text that is ``marked``, so is
    ``UNKNOWN_WORD``, which no piece is otherwise.
    """
    classes = _CLASSES[text]
    cuts = np.empty(len(text) + 1, bool)
    cuts[-1] = True
    np.not_equal(classes, _WORD, out=cuts[:-1])
    cuts[1:-1] |= cuts[: len(text) - 1]
    cuts[0] = True
    cuts[edges] = True
    _cut_beyond_ascii(text, classes, cuts)
    if marked:
        inside = np.arange(1, len(UNKNOWN_WORD))
        cuts[_places_of(UNKNOWN_WORD, text)[:, None] + inside] = False
    bounds = np.flatnonzero(cuts)
    visible = classes[bounds[:-1]] != _SPACE
    return bounds[:-1][visible], bounds[1:][visible]


def _places_of(word: bytes, text: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where the word stands in the text."""
    places = np.flatnonzero(text[: max(0, len(text) - len(word) + 1)] == word[0])
    for i in range(1, len(word)):
        places = places[text[places + i] == word[i]]
    return places


def _cut_beyond_ascii(
    text: NDArray[np.uint8], classes: NDArray[np.uint8], cuts: NDArray[np.bool_]
) -> None:
    """Marks CJK characters and Unicode's spaces, which take 2 to 4 bytes each."""
    leads = np.flatnonzero(text >= 0xC2)
    if not len(leads):
        return
    points = code_points(text, leads)
    alone = is_ideograph(points)
    space = np.isin(points, _UNICODE_SPACES)
    classes[leads[space]] = _SPACE
    separate = leads[alone | space]
    cuts[separate] = True
    cuts[separate + character_lengths(text[separate])] = True


def character_lengths(leads: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Bytes of the UTF-8 characters that begin with the bytes ``leads``."""
    return 1 + (leads >= 0xC0).astype(np.int64) + (leads >= 0xE0) + (leads >= 0xF0)


def code_points(text: NDArray[np.uint8], leads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Code points of the characters of two bytes and more that begin at ``leads``."""
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
    """The distinct pieces, an Arrow binary array by first appearance, and each piece's index."""
    lengths = ends - starts
    flat = text[gather_index(starts, lengths)]
    offsets = offsets_of(lengths).astype(np.int32)
    pieces = pa.BinaryArray.from_buffers(
        pa.binary(), len(lengths), [None, pa.py_buffer(offsets), pa.py_buffer(flat)]
    )
    encoded = pieces.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy()


class Tokens(NamedTuple):
    """The tokens of a batch of sentences.

    Attributes:
        ids: int32[tokens], without special tokens.
        sentence_offsets: int64[sentences + 1]: sentence i has ``ids[offsets[i]:offsets[i + 1]]``.
        piece_starts: int64[pieces], byte positions of the pieces, ascending.
        piece_offsets: int64[pieces + 1], the tokens of each piece likewise.
    """

    ids: NDArray[np.int32]
    sentence_offsets: NDArray[np.int64]
    piece_starts: NDArray[np.int64]
    piece_offsets: NDArray[np.int64]

    def beginning_at(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """The tokens that begin at these byte positions, where one does."""
        piece = np.searchsorted(self.piece_starts, positions)
        piece = piece[np.append(self.piece_starts, -1)[piece] == positions]
        first = self.piece_offsets[piece]
        tokens: NDArray[np.int64] = first[self.piece_offsets[piece + 1] > first]
        return tokens


class BatchTokenizer:
    """Tokenizes batches with one vocabulary, remembering the ids of the pieces it met.

    The memory is emptied when it holds about ``cache_bytes``; results never depend on it.
    """

    def __init__(self, vocabulary: Vocabulary, cache_bytes: int = CACHE_BYTES) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._reference = word_tokenizer(vocabulary)
        self._unk_id = vocabulary.ids[UNK]
        self._cache_bytes = cache_bytes
        self._forget()

    def _forget(self) -> None:
        self._rows: dict[bytes, int] = {UNKNOWN_WORD: 0}
        self._used = 0
        self._ids = np.array([self._unk_id], np.int32)
        self._offsets = np.arange(2)

    def __call__(
        self,
        text: bytes,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        *,
        marked: bool = False,
    ) -> Tokens:
        """Tokens of the sentences ``text[start:end]`` (UTF-8 bytes, ascending, not overlapping).

        Text outside of the sentences gives none.  In a text that is ``marked``, ``UNKNOWN_WORD``
        is [UNK].
        """
        data = np.frombuffer(text, np.uint8)
        piece_starts, piece_ends = cut_text(data, np.concatenate((starts, ends)), marked=marked)
        first_piece, end_piece = np.searchsorted(piece_starts, (starts, ends))
        counts = end_piece - first_piece
        if counts.sum() < len(piece_starts):
            inside = gather_index(first_piece, counts)
            piece_starts, piece_ends = piece_starts[inside], piece_ends[inside]
        pieces, indices = dictionary_encode(data, piece_starts, piece_ends)
        rows = self._rows_of(pieces.to_pylist())[indices]
        first = self._offsets[rows]
        lengths = self._offsets[rows + 1] - first
        ids = self._ids[gather_index(first, lengths)]
        piece_offsets = offsets_of(lengths)
        return Tokens(ids, piece_offsets[offsets_of(counts)], piece_starts, piece_offsets)

    def _rows_of(self, pieces: list[bytes]) -> NDArray[np.int64]:
        """Rows of the memory that hold the ids of the pieces, after learning the new ones."""
        if self._used > self._cache_bytes:
            self._forget()
        known = self._rows
        fresh = [piece for piece in pieces if piece not in known]
        if fresh:
            self._learn(fresh)
        return np.fromiter(map(known.__getitem__, pieces), np.int64, len(pieces))

    def _learn(self, pieces: list[bytes]) -> None:
        encodings = self._reference.encode_batch(
            [piece.decode("utf-8") for piece in pieces], add_special_tokens=False
        )
        ids = [encoding.ids for encoding in encodings]
        count = len(self._rows)
        self._rows.update(zip(pieces, range(count, count + len(pieces)), strict=True))
        lengths = np.fromiter(map(len, ids), np.int64, len(ids))
        flat = np.fromiter((i for row in ids for i in row), np.int32, int(lengths.sum()))
        self._ids = np.concatenate((self._ids, flat))
        self._offsets = np.concatenate((self._offsets, self._offsets[-1] + np.cumsum(lengths)))
        self._used += sum(map(len, pieces)) + _ENTRY_BYTES * len(pieces)
