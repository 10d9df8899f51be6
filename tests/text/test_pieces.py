"""Text is cut where no context crosses, and its characters are told apart."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bertprep.text.pieces import character_lengths, code_points, cut_text, text_parts
from tests.examples_count import of_a_hundred
from tests.text.id_cases import CASINGS, batch_tokenizer, bounded_text, ids_between


def cut(text, *edges):
    data = text.encode()
    starts, ends = cut_text(np.frombuffer(data, np.uint8), np.array(edges, np.int64))
    return [data[start:end].decode() for start, end in zip(starts, ends, strict=True)]


@CASINGS
@settings(max_examples=of_a_hundred(200))
@given(bounded=bounded_text(), part_bytes=st.integers(1, 12), marked=st.booleans())
@example(bounded=("a <unk>b", [(0, 8)]), part_bytes=4, marked=True)
@example(bounded=("世界世界", [(0, 2), (2, 4)]), part_bytes=6, marked=False)
def test_parts_of_a_text_change_nothing(lowercase, bounded, part_bytes, marked):
    text, bounds = bounded
    whole = ids_between(batch_tokenizer(lowercase), text, bounds, marked=marked)
    in_parts = batch_tokenizer(lowercase, part_bytes=part_bytes)
    assert ids_between(in_parts, text, bounds, marked=marked) == whole


def test_parts_end_where_pieces_do():
    def parts(text, *edges):
        data = np.frombuffer(text.encode(), np.uint8)
        parts = text_parts(data, np.array(edges, np.int64), part_bytes=4)
        return [bytes(data[part]).decode() for part in parts]

    assert parts("ab cd, efghijkl <unk>x") == ["ab ", "cd, ", "efghijkl ", "<unk>x"]
    assert parts("ab cd ef", 8) == ["ab ", "cd ", "ef"]
    assert parts("世界世界", 3, 9) == ["世", "界世", "界"]
    assert parts("abcdefghijklm") == ["abcdefghijklm"]
    assert parts("") == []


def test_text_is_cut_where_no_context_crosses():
    # All the speed is in this: what stands alone here is looked up, not tokenized again.
    assert cut("Hi,  you\u3000two: 世界é𠀀\t") == [
        "Hi",
        ",",
        "you",
        "two",
        ":",
        "世",
        "界",
        "é",
        "𠀀",
    ]
    assert cut("don't") == ["don", "'", "t"]
    assert cut("unaffable", 2, 9) == ["un", "affable"]
    assert cut("か가\0ς") == ["か가\0ς"]
    for space in " \t\n\r\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000":
        assert cut(f"é{space}b") == ["é", "b"], ascii(space)
    assert cut(" \n") == cut("") == []


@pytest.mark.slow
def test_code_points_of_all_characters_beyond_ascii():
    expected = [i for i in range(0x80, 0x110000) if not 0xD800 <= i < 0xE000]
    text = np.frombuffer("".join(map(chr, expected)).encode(), np.uint8)
    leads = np.flatnonzero((text & 0xC0) != 0x80)
    assert code_points(text, leads).tolist() == expected
    assert character_lengths(text[leads]).tolist() == np.diff([*leads, len(text)]).tolist()
