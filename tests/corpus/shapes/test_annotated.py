"""Texts beside what was found in them."""

from __future__ import annotations

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.annotated import annotated


def test_slashes_and_numbers_of_prose_are_no_annotations() -> None:
    lines = [f"He and/or she ate {n} of them (or: both) at 1|2 of the tables." for n in range(40)]
    assert annotated(Part("\n".join(lines).encode())) is None


def test_one_abstract_of_pubtator_is_enough() -> None:
    text = b"12|t|Pandas\n12|a|They eat.\n" + b"12\t0\t6\tPandas\tSpecies\t9\n" * 30
    found = annotated(Part(text))
    assert found is not None and found.kind == "PubTator"
