"""An overview for a terminal: examples, lengths, targets."""

from __future__ import annotations

import click
import numpy as np

from bertprep.report.decode import DecodedRow, Token
from pipelines.inspect.console import describe_overview
from tests.inspect.pages import overview

ROW = DecodedRow([Token("a", None), Token("[MASK]", "##s")], [Token("b", None)], 1)


def test_figures_stand_in_lines() -> None:
    text = click.unstyle(describe_overview(overview([ROW]), "out", True))
    lines = text.splitlines()
    assert lines[0] == "example 1 (B is random)"
    assert lines[2].strip() == "B: b"
    (full,) = (line for line in lines if line.lstrip().startswith("15-16"))
    assert full.split()[:2] == ["15-16", "70.0%"] and full.endswith("\u2588" * 28)
    assert any(line.split()[:2] == ["masked", "15.12%"] for line in lines)
    assert "5 of 7 tokens occur (71.4%); most often a b" in text


def test_bars_of_characters_that_every_terminal_has() -> None:
    text = click.unstyle(describe_overview(overview([]), "out", False))
    assert "\u2588" not in text
    assert any(line.endswith(f"70.0% {'#' * 28}") for line in text.splitlines())


def test_of_no_rows_nothing_is_divided() -> None:
    empty = overview([])
    empty.survey.lengths[:] = 0
    assert "0.0%" in describe_overview(empty, "out", True)
    assert np.all(empty.survey.lengths == 0)
