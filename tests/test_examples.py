"""The examples do what they say."""

from __future__ import annotations

import bz2
import os
import random
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
PAGES = 20
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
def test_a_dump_becomes_a_trained_bert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last command runs here, where what takes most of its time may be imported already."""
    (tmp_path / "wiki.xml.bz2").write_bytes(dump(PAGES))
    settings = {"VOCAB_SIZE": "60", "HOLDOUT": "0.2", "STEPS": "2"}
    settings |= {"BERTPREP": f"{sys.executable} -m bertprep", "PYTHON": "printf %s\\n"}
    done = subprocess.run(
        ["sh", EXAMPLES / "wikipedia_to_bert.sh", tmp_path / "wiki.xml.bz2", tmp_path / "work"],
        capture_output=True,
        text=True,
        env={**os.environ, **settings},
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"wiki_template {PAGES}" in done.stdout
    assert f"infobox {PAGES}" in done.stdout
    command = done.stdout.splitlines()[-5:]
    assert command[3:] == ["--steps", "2"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "argv", command)
    runpy.run_path(command[0], run_name="__main__")
    assert "masked-LM loss" in capsys.readouterr().out
