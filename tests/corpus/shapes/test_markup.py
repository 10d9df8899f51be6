"""Mark-up, and prose with a mark now and then."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.markup import markdown, tags, tex, wiki_source
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (tags, '<seg id="{}"><>.</seg>', True),
        (tags, "<>. It is < 3 and > 1.", False),
        (
            wiki_source,
            "'''Panda {}''' is a [[bear]] of [[China|the east]]<ref>x</ref>.\n== Food ==",
            True,
        ),
        (wiki_source, "<>.", False),
        (markdown, "## Panda {}\n\n* **It** [eats](http://a.org)\n\n```\nx\n```", True),
        (markdown, "<>.", False),
        (tex, "\\section{Panda} \\emph{It} eats \\cite{lee{}} \\textbf{bamboo}.", True),
        (tex, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
