"""Rules that drop a document, or lines of it; each has a name that drops are counted by."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.cleaning import c4, gopher
from bertprep.cleaning.c4 import Dropped
from bertprep.cleaning.measures import Measures
from bertprep.errors import UsageError
from bertprep.options import CleanOptions


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


def script_share(text: str, scripts: str) -> float:
    """The share of a text's letters that are of a script, or of one of several between commas."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = int(_letters()[points].sum())
    return int(_of_scripts(scripts)[points].sum()) / letters if letters else 0.0


@cache
def _letters() -> NDArray[np.bool_]:
    """bool[0x110000]: which code points are letters."""
    return np.fromiter((chr(i).isalpha() for i in range(sys.maxunicode + 1)), np.bool_)


@cache
def _of_scripts(scripts: str) -> NDArray[np.bool_]:
    """bool[0x110000]: which code points are letters of the scripts."""
    among = "".join(rf"\p{{Script={name.strip()}}}" for name in scripts.split(","))
    try:
        pattern = regex.compile(f"[{among}]", regex.VERSION1)
    except regex.error:
        raise UsageError(
            "--script must be a script by its name in Unicode, such as Latin, Cyrillic or Han, or "
            f"several between commas; got {scripts!r}"
        ) from None
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    found = np.zeros(sys.maxunicode + 1, np.bool_)
    found[[match.start() for match in pattern.finditer(every)]] = True
    return found & _letters()
