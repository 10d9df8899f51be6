"""BookCorpus: a sentence a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.options import ReadOptions
from tests.corpus.published import read
from tests.corpus.reading import look_at

SENTENCES = [f"the {n} pandas ate and ate , and then they slept . \n" for n in range(3000)]


@pytest.mark.parametrize("named", ["bookcorpus", "auto"])
def test_bookcorpus(named: str, tmp_path: Path) -> None:
    (tmp_path / "books_large_p1.txt").write_text("".join(SENTENCES))
    texts, _, formats = read(tmp_path, input_format=named)
    assert formats == {"bookcorpus"}
    assert 15 <= len(texts) <= 20
    assert "\n".join(text.strip() for text in texts).replace(" \n", "\n").split("\n") == [
        sentence.strip() for sentence in SENTENCES
    ]


def test_who_says_what_a_document_is_is_believed(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("".join(SENTENCES[:600]))
    texts, _, formats = read(tmp_path, documents="line")
    assert (len(texts), formats) == (600, {"text"})
    assert read(tmp_path, document_separator="<eod>")[2] == {"text"}


@pytest.mark.parametrize(
    "text",
    [
        "".join(SENTENCES[:50]),
        "".join(SENTENCES[:500]).replace(". \n", ". \n\n"),
        "".join(SENTENCES[:500]).replace("the ", "The "),
        "".join(SENTENCES[:500]).replace(" .", ".").replace(" ,", ","),
        "".join(f"panda {n} .\n" for n in range(500)),
    ],
    ids=["a few lines", "documents", "capitals", "marks at their words", "names"],
)
def test_what_it_is_not(text: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_text(text)
    assert look_at(tmp_path / "in", ReadOptions()).format == "text"
