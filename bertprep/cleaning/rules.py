"""Rules that drop a document, or lines of it; each has a name that drops are counted by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import regex

from bertprep.cleaning import c4, gopher
from bertprep.cleaning.measures import Measures
from bertprep.errors import UsageError
from bertprep.options import CleanOptions

# Told of what is left out: the reason, and the text.
Dropped = Callable[[str, str], None]


@dataclass(frozen=True)
class Rules:
    """What the options ask for, in the order it is done."""

    options: CleanOptions

    def __post_init__(self) -> None:
        if self.options.script:
            _of_scripts(self.options.script)

    def kept(self, text: str, dropped: Dropped) -> str:
        """A document's text without the lines that are left out; nothing if it is itself."""
        if "c4" in self.options.rules:
            text = c4.kept_lines(text, dropped)
            if not text:
                return ""
        if reason := self._broken(Measures(text)):
            dropped(reason, text)
            return ""
        return text

    def _broken(self, document: Measures) -> str:
        """The first rule that a document breaks; nothing if it keeps them all."""
        options = self.options
        if len(document.words) < options.min_words:
            return "too_short"
        if options.max_words is not None and len(document.words) > options.max_words:
            return "too_long"
        if options.script and script_share(document.text, options.script) < options.min_script:
            return "other_script"
        if "gopher" in options.rules and (reason := gopher.broken_rule(document)):
            return reason
        if "c4" in options.rules:
            return c4.broken_rule(document)
        return ""


_LETTER = regex.compile(r"\p{L}")


def script_share(text: str, scripts: str) -> float:
    """The share of a text's letters that are of a script, or of one of several between commas."""
    letters = len(_LETTER.findall(text))
    if not letters:
        return 0.0
    return len(_of_scripts(scripts).findall(text)) / letters


@cache
def _of_scripts(scripts: str) -> regex.Pattern[str]:
    among = "".join(rf"\p{{Script={name.strip()}}}" for name in scripts.split(","))
    try:
        return regex.compile(rf"[[{among}]&&\p{{L}}]", regex.VERSION1)
    except regex.error:
        raise UsageError(
            "--script must be a script by its name in Unicode, such as Latin, Cyrillic or Han, or "
            f"several between commas; got {scripts!r}"
        ) from None
