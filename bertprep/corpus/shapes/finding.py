"""A finding: the reason why a file is no prose, or odd prose, and the way out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import regex

# How a sentence ends.
STOPPED = regex.compile(r"[\p{STerm}…][\p{P}\s]*$")
# How one of Latin letters does, in bytes.
STOPPED_BYTES = re.compile(rb"[.!?][\"')\]]*$")


class Finding(NamedTuple):
    """Why a file is not to be taken as it is.

    Attributes:
        kind: a short name, the same for all files of the kind.
        what: what the file is, or holds; follows its name in a sentence.
        advice: the way out in words.
        command: a shell command from the file's bytes to what bertprep reads, where there is one.
        made: the ending of what it makes.
        options: to read that by.
        is_warning: whether the file is read all the same.
        is_side: whether such a file beside many others is no part of a corpus.
    """

    kind: str
    what: str
    advice: str = ""
    command: str = ""
    made: str = ".txt"
    options: str = ""
    is_warning: bool = False
    is_side: bool = False

    def way_out(self, path: str, decompress: str = "") -> str:
        """The advice for a file of this path; commands stand between backticks.

        Args:
            path: as the user knows it.
            decompress: the command that writes what a compressed file holds.
        """
        if not self.command:
            return self.advice
        if "://" in path:
            return f"{self.advice}: get a copy of it here, and pass it through `{self.command}`"
        file = shlex.quote(path)
        plain = f"{self.command} < {file}"
        source = f"{decompress} {file} | {self.command}" if decompress else plain
        command = f"`{source} > {shlex.quote(path + self.made)}`"
        return f"{self.advice}: {command}" + (
            f", to be read with {self.options}" * bool(self.options)
        )


def not_sentences(kind: str, what: str) -> Finding:
    """A warning of what is read, though it has ``what`` in the place of sentences."""
    advice = "it is read as text; leave such files out by --exclude"
    return Finding(kind, f"{what}, not sentences", advice, is_warning=True)


def tokens_in_lines(kind: str, what: str, joined: str) -> Finding:
    """Lines that begin with a token each.

    Args:
        kind: what the file is one of, for who looks into it.
        what: the same as the rest of a sentence about the file.
        joined: what the advice calls the tokens.
    """
    advice, command = f"join {joined} to sentences", 'awk \'NF {printf "%s ", $1} !NF {print ""}\''
    return Finding(kind, what, advice, command, options="--sentences lines")


def longest_run(are_words: Iterable[bool]) -> int:
    """How many words stand together at most; for each part of a line whether it is one."""
    return max((sum(1 for _ in run) for is_word, run in groupby(are_words) if is_word), default=0)


def share_stopped(lines: Sequence[str]) -> float:
    """Which share of some lines, one at least, end as sentences do."""
    return sum(bool(STOPPED.search(line)) for line in lines) / len(lines)


def share_matching(test: Callable[[bytes], object], lines: Sequence[bytes]) -> float:
    """Which share of some lines passes a test; 0 of none."""
    return sum(bool(test(line)) for line in lines) / len(lines) if lines else 0.0
