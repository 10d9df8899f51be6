"""Lines of as many cells, and prose with commas."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.tables import conllu, table, tagged_columns
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (table, "{},panda,bamboo", True),
        (table, "{};panda;bamboo", True),
        (table, "panda|{}|bamboo", True),
        (table, "{}\tpanda\tbamboo", True),
        (table, "<>.", False),
        (table, "In the end, after {} days, all of them went home, and slept.", False),
        (conllu, "# sent_id = {}\n1\tPanda\tpanda\tNOUN\t_\t_\t0\troot\t_\t_\n", True),
        (conllu, "<>.", False),
        (tagged_columns, "Panda NNP B-NP\neats VBZ B-VP\n. . O\n", True),
        (tagged_columns, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
