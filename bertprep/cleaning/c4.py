"""The rules of the Colossal Clean Crawled Corpus, for pages of the web.

Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer"
(2020), section 2.2; the figures are theirs.  Their list of bad words is not used, and spans of
sentences that occur again are `duplicates`' to drop.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bertprep.cleaning.measures import Measures

_MIN_LINE_WORDS = 5
_MIN_SENTENCES = 3
_LINE_ENDS = (".", "!", "?", '"', "”", "。", "！", "？", "」", "”", "؟", "।")
_POLICIES = (
    "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies",
    "use cookies",
)  # fmt: skip
_CITATION = re.compile(r"\[(?:\d+|edit|citation needed)\]")
_SENTENCE_END = re.compile(r"[.!?。！？؟।]+[\"'”’」)]*(?:\s|$)|[。！？]")

# Told of what is left out: the reason, and the text.
Dropped = Callable[[str, str], None]


def kept_lines(text: str, dropped: Dropped) -> str:
    """The lines that end as sentences do, have five words or more and are no notices."""
    lines = []
    for line in _CITATION.sub("", text).split("\n"):
        if reason := _broken_line(line.strip()):
            dropped(reason, line)
        else:
            lines.append(line)
    return "\n".join(lines).strip()


def _broken_line(line: str) -> str:
    if not line:
        return ""
    if not line.endswith(_LINE_ENDS) or line.endswith("..."):
        return "c4_line_end"
    lower = line.lower()
    if len(line.split()) < _MIN_LINE_WORDS and line.isascii():
        return "c4_line_words"
    if "javascript" in lower or any(policy in lower for policy in _POLICIES):
        return "c4_line_notice"
    return ""


def broken_rule(document: Measures) -> str:
    """The name of the rule that a document breaks; nothing if it keeps them all."""
    if "{" in document.text:
        return "c4_code"
    if "lorem ipsum" in document.text.lower():
        return "c4_lorem_ipsum"
    if len(_SENTENCE_END.findall(document.text)) < _MIN_SENTENCES:
        return "c4_sentences"
    return ""
