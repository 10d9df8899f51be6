"""The page's look at the text: unknown words, languages, scripts, sentences, and what repeats."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

import regex

from bertprep.common.units import percent, plural
from bertprep.text.sentence_lengths import lengths_of
from bertprep.vocabulary.vocabulary import continued
from pipelines.inspect.charts import share_bar
from pipelines.inspect.overview import Overview

_SHOWN = 20
_SHOWN_LINES = 10
_OF_NO_SCRIPT = regex.compile(r"[\p{Script=Common}\p{Script=Inherited}]")
# What Unicode's names of letters begin with, by the name of their script.
_SCRIPTS = {"CJK": "Han", "HIRAGANA": "Hiragana", "KATAKANA": "Katakana", "HANGUL": "Hangul"}


def unknown_view(overview: Overview) -> dict[str, Any]:
    """Which words are [UNK], and which characters make them so."""
    manifest = overview.manifest
    share = manifest.statistics["unknown_token_share"]
    count = manifest.sums.get("unknown_tokens", round(share * manifest.tokens))
    if not count:
        return {"note": "No word of the text is [UNK].", "lists": []}
    note = (
        f"{plural(count, 'word')} of the text, {percent(share, 3)} of its tokens, are [UNK]. Those "
        "that are most often so, and the characters in them that no token of the vocabulary has."
    )
    lists = [("Characters", manifest.unknown_characters), ("Words", manifest.unknown_words)]
    return {"note": note, "lists": [(name, _counted(found)) for name, found in lists if found]}


def _counted(found: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Text, what Unicode calls it if it is one character, and its count."""
    return [
        (text, _named(text), f"{count:,}") for text, count in Counter(found).most_common(_SHOWN)
    ]


def _named(text: str) -> str:
    if len(text) != 1:
        return ""
    return f"U+{ord(text):04X} {unicodedata.name(text, '')}".strip()


def sentences_view(overview: Overview) -> dict[str, Any]:
    """How long sentences are; without rows where the corpus was prepared before they were counted.

    They are counted as they were found, before long ones are cut.
    """
    manifest = overview.manifest
    mean = manifest.tokens / max(1, manifest.sentences)
    note = f"{plural(manifest.sentences, 'sentence')} of {mean:.1f} tokens on average."
    found = lengths_of(manifest.sums)
    total = sum(count for *_, count in found)
    rows = [
        (_range(first, last), f"{count:,}", percent(count / total), share_bar(count / total))
        for first, last, count in found
    ]
    return {"note": note, "rows": rows}


def _range(first: int, last: int) -> str:
    return f"{last:,}" if first == last else f"{first:,} to {last:,}"


def scripts_view(overview: Overview) -> dict[str, Any]:
    """Of which scripts the letters are that tokens begin with."""
    counts: Counter[str] = Counter()
    tokens = overview.vocabulary.shown_tokens
    for number, count in zip(overview.ordinary_ids, overview.token_counts.tolist(), strict=True):
        token = tokens[number]
        if count and (script := script_of(continued(token) or token)):
            counts[script] += count
    total = sum(counts.values())
    note = f"Tokens that begin with a letter, by its script, in {overview.surveyed}."
    rows = [
        (script, f"{count:,}", percent(count / total, 2), share_bar(count / total))
        for script, count in counts.most_common(_SHOWN)
    ]
    return {"note": note, "rows": rows}


def languages_view(overview: Overview) -> dict[str, Any]:
    """Of which languages the text is, by a sample of the rows."""
    mix = overview.survey.languages
    total = mix.tokens.total()
    note = (
        f"By the words and letters that tell one language from another, in "
        f"{plural(mix.segments, 'segment')} of the rows; codes as in ISO 639-1. A segment too "
        "short, or of a language not known here, is undecided."
    )
    rows = [
        (code or "undecided", f"{count:,}", percent(count / total, 2), share_bar(count / total))
        for code, count in mix.tokens.most_common(_SHOWN)
    ]
    return {"note": note, "rows": rows}


def script_of(text: str) -> str:
    """The script of the letter that a text begins with; empty if it begins with none.

    >>> script_of("pandas"), script_of("気"), script_of("ж"), script_of("7"), script_of("µ")
    ('Latin', 'Han', 'Cyrillic', '', '')
    """
    if not text[:1].isalpha() or _OF_NO_SCRIPT.match(text):
        return ""
    first = unicodedata.name(text[0], "").partition(" ")[0]
    return _SCRIPTS.get(first, first.capitalize())


def repeats_view(overview: Overview) -> dict[str, Any]:
    """Documents of equal text, and lines that many documents have."""
    manifest = overview.manifest
    copies, lines = manifest.copies, manifest.repeated_lines
    more = manifest.documents - copies.texts
    note = "No two documents are of equal text."
    if more:
        note = (
            f"{plural(more, 'document')} of {manifest.documents:,} "
            f"({percent(more / manifest.documents)}) are equal to another; one text is there "
            f"{copies.most_copies:,} times."
        )
    rows = [
        (line, f"{count:,}", percent(count / max(1, manifest.documents)))
        for line, count in Counter(lines).most_common(_SHOWN_LINES)
    ]
    note += " Lines that most documents have:" if rows else " No line is in many documents."
    return {"note": note, "rows": rows}
