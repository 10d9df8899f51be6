"""The examples do what they say."""

from __future__ import annotations

import bz2
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
WORDS = ["panda", "bamboo", "forest", "river", "winter", "bear", "leaf", "stone", "cloud"]


def dump(pages: int) -> bytes:
    """A dump in its exact shape, of made-up articles."""
    draws = random.Random(1)

    def sentence() -> str:
        return f"The {' '.join(draws.choices(WORDS, k=8))} of [[China|the land]].<ref>A book.</ref>"

    def page(n: int) -> str:
        text = " ".join(sentence() for _ in range(8))
        body = f"{{{{Infobox|a=1}}}}\n'''{n}''' {text}\n\n== History ==\n{text}\n[[Category:Bears]]"
        body = body.replace("<", "&lt;").replace(">", "&gt;")
        return (
            f"  <page>\n    <title>Page {n}</title>\n    <ns>0</ns>\n    <id>{n}</id>\n"
            f"    <revision>\n      <model>wikitext</model>\n"
            f'      <text bytes="1" xml:space="preserve">{body}</text>\n'
            "    </revision>\n  </page>\n"
        )

    head = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en">\n'
    return bz2.compress((head + "".join(map(page, range(pages))) + "</mediawiki>\n").encode())


@pytest.mark.slow
@pytest.mark.torch
def test_a_dump_becomes_a_trained_bert(tmp_path: Path) -> None:
    (tmp_path / "wiki.xml.bz2").write_bytes(dump(60))
    settings = {"VOCAB_SIZE": "60", "HOLDOUT": "0.2", "STEPS": "2"}
    settings |= {"BERTPREP": f"{sys.executable} -m bertprep", "PYTHON": sys.executable}
    done = subprocess.run(
        ["sh", EXAMPLES / "wikipedia_to_bert.sh", tmp_path / "wiki.xml.bz2", tmp_path / "work"],
        capture_output=True,
        text=True,
        env={**os.environ, **settings},
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "wiki_template 60" in done.stdout
    assert "infobox 60" in done.stdout
    assert "masked-LM loss" in done.stdout
