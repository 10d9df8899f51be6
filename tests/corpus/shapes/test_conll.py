"""Tokens and their tags, and sentences."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.conll import conllu, tagged_columns
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (conllu, "# sent_id = {}\n1\tPanda\tpanda\tNOUN\t_\t_\t0\troot\t_\t_\n", True),
        (conllu, "<>.", False),
        (tagged_columns, "Panda NNP B-NP\neats VBZ B-VP\n. . O\n", True),
        (tagged_columns, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found


def test_the_sentences_of_conllu_are_taken_from_where_they_stand_whole() -> None:
    row = "1\tPanda\tpanda\tNOUN\t_\t_\t0\troot\t_\t_\n"
    bare, whole = (
        conllu(Part((row * 4).encode())),
        conllu(Part((f"# text = Panda\n{row}" * 4).encode())),
    )
    assert bare and bare.command.startswith("awk")
    assert whole and whole.command.startswith("sed")
