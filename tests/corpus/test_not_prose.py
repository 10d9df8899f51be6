"""A file is judged by its places: most of them count, a few are a warning."""

from __future__ import annotations

from bertprep.corpus.not_prose import not_prose, shape_of
from bertprep.corpus.sample import Part, Sample

PROSE = b"\n".join(
    b"The panda eats bamboo on day %d, and sleeps under a tree." % n for n in range(60)
)
TABLE = b"\n".join(b"%d,panda,bamboo" % n for n in range(60))


def sample(first: bytes, *middles: bytes) -> Sample:
    return Sample("in.txt", first, False, middles)


def test_binary_data_is_told_by_its_control_characters() -> None:
    found = shape_of(Part(bytes(range(256)) * 20))
    assert found is not None and found.kind == "binary data" and found.is_side
    assert shape_of(Part(PROSE)) is None
    assert shape_of(Part(b" \n" * 99)) is None


def test_the_beginning_decides_alone() -> None:
    found = not_prose(sample(TABLE, PROSE, PROSE))
    assert found is not None and not found.is_warning


def test_of_the_other_places_more_than_half() -> None:
    found = not_prose(sample(PROSE, TABLE, TABLE, PROSE))
    assert found is not None and not found.is_warning


def test_fewer_are_a_warning_that_counts_them() -> None:
    found = not_prose(sample(PROSE, TABLE, PROSE, PROSE))
    assert found is not None and found.is_warning
    assert "in 1 of 4 places" in found.what
    assert not_prose(sample(PROSE, PROSE)) is None
