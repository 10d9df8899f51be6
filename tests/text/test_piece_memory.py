"""The memory of pieces: each is encoded once while it comes again, and the columns stay in step."""

import numpy as np
import pytest

from bertprep.text.piece_ids import PieceIds
from bertprep.text.piece_memory import PieceMemory

UNK, MARK = 99, b"<unk>"


class Letters:
    """Encodes a piece as its letters, "?" as [UNK], the last of a call first; notes the calls."""

    def __init__(self):
        self.calls = []

    def __call__(self, pieces):
        self.calls.append(pieces)
        pieces = pieces[::-1]
        ids = [UNK if letter == ord("?") else letter for piece in pieces for letter in piece]
        inside = [number > 0 for piece in pieces for number in range(len(piece))]
        lengths = np.array(list(map(len, pieces)), np.int64)
        return pieces, PieceIds(np.array(ids, np.int32), lengths, np.array(inside, bool))


def held(memory, row):
    start, stop = memory.offsets[row : row + 2]
    return memory.ids[start:stop].tolist(), memory.is_inside[start:stop].tolist()


def of(piece):
    return [UNK if letter == ord("?") else letter for letter in piece], [
        number > 0 for number in range(len(piece))
    ]


def test_rows_hold_the_ids_of_their_pieces_and_each_is_encoded_once():
    encode = Letters()
    memory = PieceMemory(encode, MARK, UNK)
    first = memory.rows_of([b"ab", MARK, b"c?d", b""])
    assert first[1] == 0 and held(memory, 0) == ([UNK], [False])
    second = memory.rows_of([b"c?d", b"e", b"ab"])
    assert encode.calls == [[b"ab", b"c?d", b""], [b"e"]]
    assert second[[0, 2]].tolist() == first[[2, 0]].tolist()
    for piece, row in zip([b"c?d", b"e", b"ab", b""], [*second, first[3]], strict=True):
        assert held(memory, row) == of(piece)
        assert memory.is_unknown[row] == (b"?" in piece)
    assert not memory.is_unknown[0], "the mark is no word that gave an [UNK]"
    assert len(memory) == 5 and b"e" in memory and b"x" not in memory
    memory.forget()
    assert len(memory) == 1 and b"ab" not in memory


@pytest.mark.parametrize("cache_bytes", [0, 700, 4000])
def test_a_full_memory_keeps_what_came_again_and_is_right(cache_bytes):
    memory = PieceMemory(Letters(), MARK, UNK, cache_bytes)
    for number in range(100):
        pieces = [b"often", b"%d?" % number, b"x%d" % number]
        for row, piece in zip(memory.rows_of(pieces), pieces, strict=True):
            assert held(memory, row) == of(piece)
            assert memory.is_unknown[row] == (b"?" in piece)
        assert len(memory) <= cache_bytes // 150 + 5
        assert len(memory.offsets) == len(memory.is_unknown) + 1 == len(memory) + 1
        assert len(memory.is_inside) == len(memory.ids) == memory.offsets[-1]


def test_pieces_that_come_again_and_again_are_encoded_once():
    encode = Letters()
    memory = PieceMemory(encode, MARK, UNK, cache_bytes=4000)
    for number in range(100):
        memory.rows_of([b"hello", b"%d" % number, b"x%d" % number, b"world"[: 5 - number // 50]])
    encoded = [piece for call in encode.calls for piece in call]
    assert len(encoded) == len(set(encoded)) == 203  # some eight memories full
    assert b"hello" in memory and b"world" not in memory
