"""Corpora to clean."""

from __future__ import annotations

import json
import random
from pathlib import Path

from tests.commands import run_bertprep

DRAW = random.Random(11)
WORDS = [f"{a}{b}{c}" for a in "bdfgkl" for b in "aeiou" for c in "mnrst"]


def bertprep(*args: object, code: int = 0) -> str:
    done = run_bertprep(*args)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def sentence() -> str:
    return f"{' '.join(DRAW.choices(WORDS, k=DRAW.randrange(8, 20))).capitalize()}."


def article(sentences: int = 12) -> str:
    return "\n".join(sentence() for _ in range(sentences))


NOTICE = "All rights of this page are reserved by its owners and by nobody else."
ARTICLES = [article() for _ in range(40)]
NEAR = [text.replace(text.split("\n")[5], sentence()) for text in ARTICLES[:5]]
DOCUMENTS = [
    *(f"{text}\n{NOTICE}" if i % 2 else text for i, text in enumerate(ARTICLES)),
    *ARTICLES[::4],
    *NEAR,
]


def write(folder: Path, documents: list[str], files: int) -> None:
    folder.mkdir()
    for number in range(files):
        part = documents[number::files]
        (folder / f"part{number}.txt").write_text("\n\n".join(part), encoding="utf-8")


OPTIONS = ("--near-duplicates", "0.6", "--duplicates", "lines", "--repeated-lines", "5")


def texts(output: Path) -> list[str]:
    lines = [
        line
        for path in sorted((output / "text").iterdir())
        for line in path.read_bytes().splitlines()
    ]
    return [json.loads(line)["text"] for line in lines]
