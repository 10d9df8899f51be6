"""Beginnings of several tests of words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "own_words.py").write_text(
        "class Pairs:\n"
        "    @staticmethod\n"
        "    def cut(text):\n"
        "        return [text[at : at + 2] for at in range(0, len(text), 2)]\n"
        "def spaceless(text):\n"
        "    return ['T恤', '也', '好看', '没有']\n"
        "def broken(text):\n"
        "    raise KeyError('x')\n"
        "def count(text):\n"
        "    return [len(text)]\n"
        "number = 3\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "own_words", raising=False)
    return "own_words"
