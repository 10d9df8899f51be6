"""Rules that drop a document, or lines of it; each has a name that drops are counted by."""

from __future__ import annotations

from dataclasses import dataclass

from bertprep.cleaning import c4, gopher
from bertprep.cleaning.c4 import Dropped
from bertprep.cleaning.languages import language_share
from bertprep.cleaning.measures import Measures
from bertprep.cleaning.scripts import letters_of, script_share
from bertprep.options import CleanOptions


@dataclass(frozen=True)
class Rules:
    """The rules that the options ask for, in the order they are applied."""

    options: CleanOptions

    def __post_init__(self) -> None:
        if self.options.script:
            letters_of(self.options.script)

    @property
    def is_idle(self) -> bool:
        """Whether they keep everything."""
        options = self.options
        asked = options.rules or options.script or options.languages
        return not asked and options.min_words <= 1 and options.max_words is None

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
        if options.min_words > 1 and len(document.words) < options.min_words:
            return "too_short"
        if options.max_words is not None and len(document.words) > options.max_words:
            return "too_long"
        if options.script and script_share(document.text, options.script) < options.min_script:
            return "other_script"
        if options.languages:
            share = language_share(document.text, options.languages)
            if share < options.min_language_share:
                return "other_language"
        if "gopher" in options.rules and (reason := gopher.broken_rule(document)):
            return reason
        if "c4" in options.rules:
            return c4.broken_rule(document)
        return ""
