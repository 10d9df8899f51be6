"""Tells files of one record a line by what all the lines at their beginning have in common.

That is a guess from the text itself, so it is made only of what prose would hardly be by chance.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from statistics import median

import regex

_FEWEST_LINES = 3
_FORMED_SHARE = 0.9

# PTB is in lower case but for N, which stands for a number.
_NOT_PTB = re.compile(rb"[A-MO-Z\t\x80-\xff]|[A-Za-z]N|N[A-Za-z]")

_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]|\p{L}[\p{L}\p{M}]*")
# Fewer words than a sentence has are a name, a label or a number, more are an article.
_FEWEST_WORDS, _MOST_WORDS = 4, 100


def complete_lines(head: bytes, limit: int) -> list[bytes]:
    """The lines of a file's first bytes, but for one that ``limit`` bytes were too few for."""
    lines = head.removeprefix(BOM_UTF8).splitlines()
    return lines[:-1] if len(head) >= limit and not head.endswith((b"\n", b"\r")) else lines


def is_ptb(lines: Sequence[bytes]) -> bool:
    """Whether the lines are the Penn Treebank's, in Mikolov's form.

    Each begins with a blank, holds no capital letter but N, and words are replaced by ``<unk>``.
    """
    return (
        len(lines) >= _FEWEST_LINES
        and any(b" <unk> " in line for line in lines)
        and all(line.startswith(b" ") and not _NOT_PTB.search(line) for line in lines)
    )


def two_columns(lines: Sequence[bytes]) -> list[list[bytes]]:
    """The lines as rows if nearly all have one tab, with something on both sides; else none.

    A bad line does not make prose of the others.
    """
    rows = [line.split(b"\t") for line in lines if line.strip()]
    good = [row for row in rows if len(row) == 2 and row[0].strip() and row[1].strip()]
    return good if len(good) >= max(_FEWEST_LINES, _FORMED_SHARE * len(rows)) else []


def are_sentences(rows: Sequence[Sequence[bytes]]) -> bool:
    """Whether the cells of each column mostly have as many words as a sentence has."""
    return all(
        _FEWEST_WORDS <= median(map(_count_words, column)) <= _MOST_WORDS
        for column in zip(*rows, strict=True)
    )


def _count_words(cell: bytes) -> int:
    return len(_WORD.findall(cell.decode("utf-8", "replace")))
