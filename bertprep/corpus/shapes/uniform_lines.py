"""Lines of one build, as of a list or a register, whatever its form is called: not sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import regex

from bertprep.common.scripts import UNSPACED
from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding, longest_run, not_sentences

# A number with what joins its parts, letters with digits, letters, or one sign.
_ATOM = regex.compile(
    r"\d+(?:[.,:/\-]\d+)*|[\p{L}\p{M}]+\d[\p{L}\d]*|\d[\p{L}\d]+"
    r"|[\p{L}\p{M}'\u2019]+|[^\s\p{L}\p{M}\d]"
)
_STOPPED = regex.compile(r"[\p{STerm}…][\p{P}\s]*$|[\p{Pe}\p{Pf}\"]\s*$")
_SPACED = regex.compile(rf"(?V1)[\p{{L}}--[{UNSPACED}]]")
_FEWEST_LINES, _MOST_LINES = 40, 400
_BUILDS, _SHARE_OF_BUILDS = 8, 0.8
_FEWEST_SIGNS, _SIGNS_OF_A_WORD = 3.5, 0.5
_MOST_STOPPED, _FEWEST_BLANKS = 0.2, 2
_MOST_WORDS = 3.5
_SIGNED = re.compile(r"[#@$&*+=~^|\\<>/_]")
_FEWEST_WORDS, _SHARE_SIGNED = 60, 0.6
_BETWEEN_ITEMS = re.compile(r"[,;|•·/]")
_FEWEST_ITEMS, _SHARE_LISTED, _WORDS_OF_ITEM = 5, 0.8, 2.0
# A class or a grade before a sentence: no name, which has a colon behind it where people speak.
_CLASS = re.compile(rb"([a-z_]{2,15}|\d)(?:[ \t]+|,)[\"']?[A-Z]")
_FEWEST_CLASSED, _MOST_CLASSES, _SHARE_CLASSED = 60, 12, 0.95


def classed_lines(part: Part) -> Finding | None:
    """One of a few words or digits before each sentence, which stands for its class."""
    lines = part.filled
    if len(lines) < _FEWEST_CLASSED:
        return None
    classed = [(match, line) for line in lines if (match := _CLASS.match(line))]
    found = [match[1] for match, line in classed if _is_sentence(line[match.end() :])]
    if len(found) < _SHARE_CLASSED * len(lines):
        return None
    classes = Counter(found)
    if not 1 < len(classes) <= _MOST_CLASSES:
        return None
    shown = ", ".join(sorted(name.decode() for name in classes)[:4])
    return Finding(
        "labels",
        f"has a label before each line ({shown}), which is no text",
        "cut them off",
        "sed -E 's/^[^[:space:],]+[[:space:],]+//'",
        options="--documents line",
    )


def _is_sentence(line: bytes) -> bool:
    return line.count(b" ") > 1 and line.rstrip(b"\"')").endswith((b".", b"!", b"?"))


def regular_lines(part: Part) -> Finding | None:
    """Names, numbers and signs in one order in nearly all lines: addresses, prices, results."""
    lines = part.filled_text[:_MOST_LINES]
    if len(lines) < _FEWEST_LINES:
        return None
    return _signed_words(lines) or _listed(lines) or _of_one_build(lines)


def _signed_words(lines: Sequence[str]) -> Finding | None:
    words = [word for line in lines for word in line.split()]
    sign, count = Counter(word[0] for word in words).most_common(1)[0]
    if len(words) < _FEWEST_WORDS or count < _SHARE_SIGNED * len(words):
        return None
    if not _SIGNED.match(sign) or sum(word != sign for word in words) < _SHARE_SIGNED * len(words):
        return None
    return not_sentences(
        "a list", f"has {sign} before {count / len(words):.0%} of its words: they are tags or names"
    )


def _listed(lines: Sequence[str]) -> Finding | None:
    items = [list(filter(None, map(str.strip, _BETWEEN_ITEMS.split(line)))) for line in lines]
    listed = [len(some) >= _FEWEST_ITEMS and not line.rstrip().endswith(".")
              and sum(item.count(" ") + 1 for item in some) <= _WORDS_OF_ITEM * len(some)
              for line, some in zip(lines, items, strict=True)]  # fmt: skip
    if sum(listed) < _SHARE_LISTED * len(lines) or not _SPACED.search("".join(lines)):
        return None
    return not_sentences("a list", "lists words between commas or such")


def _of_one_build(lines: Sequence[str]) -> Finding | None:
    if sum(bool(_STOPPED.search(line)) for line in lines) > _MOST_STOPPED * len(lines):
        return None
    if sum(line.count(" ") for line in lines) < _FEWEST_BLANKS * len(lines):  # as of Chinese
        return None
    atoms = [_ATOM.findall(line) for line in lines]
    words = [sum(atom[0].isalpha() for atom in some) for some in atoms]
    signs = sum(map(len, atoms)) - sum(words)
    is_dense = signs >= max(_FEWEST_SIGNS * len(lines), _SIGNS_OF_A_WORD * sum(words))
    if not is_dense or sum(map(_longest_run, atoms)) > _MOST_WORDS * len(lines):
        return None
    builds = Counter(map(_build, atoms)).most_common(_BUILDS)
    if sum(count for _, count in builds) < _SHARE_OF_BUILDS * len(lines):
        return None
    return not_sentences("a list", f"has lines of one build ({builds[0][0][:40].strip()})")


def _longest_run(atoms: Sequence[str]) -> int:
    return longest_run(_kind(atom) == "a" for atom in atoms)


def _kind(atom: str) -> str:
    """9 for what holds a digit, a for another word, else the sign itself."""
    if any(map(str.isdigit, atom)):
        return "9"
    return "a" if atom[0].isalpha() else atom


def _build(atoms: Sequence[str]) -> str:
    """A line without what differs: a for words in a row, 9 for a number."""
    build: list[str] = []
    for atom in atoms:
        kind = _kind(atom)
        if kind != "a" or build[-1:] != ["a"]:
            build.append(kind)
    return " ".join(build) + " "
