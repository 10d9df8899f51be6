"""Shards of a text in which every word stands once, and what ``bertprep inspect`` shows of them."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
Shard = Callable[..., str]
Made = tuple[dict[tuple[object, ...], str], Path]

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# Every word stands once in the whole text, so that it tells where it comes from.
WORDS = ["".join(letters) for letters in itertools.product(ascii_lowercase, repeat=2)][:360]
# 18 documents of 4 sentences of 5 words; each sentence is a line.
DOCUMENTS = [WORDS[n : n + 20] for n in range(0, len(WORDS), 20)]


def inspect(run: Run, *options: object) -> str:
    done = run("inspect", "out", *options)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def page_of(run: Run, *options: object) -> str:
    done = run("inspect", "out", "--html", "page.html", *options)
    assert done.returncode == 0, done.stderr
    said = r"page\.html: [\d.,]+ [kM]B, \d+ examples of [\d,]+\n"
    assert re.fullmatch(said, done.stdout)
    return Path("page.html").read_text(encoding="utf-8")


def check_error(done: Done, *parts: str) -> None:
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("bertprep: error: ")
    assert [part for part in parts if part not in line] == []
