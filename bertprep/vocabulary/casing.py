"""How a vocabulary that does not say so wants its letters: seen in tokens that no text would give.

What lower-casing or taking off accents would change can never come out of a text so treated.  A
vocabulary that was learned from such text holds no such token; one learned from other text is full
of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bertprep.errors import VocabularyError
from bertprep.vocabulary.reading_settings import CONTINUING
from bertprep.vocabulary.vocabulary import is_named

# Of the official vocabularies, the uncased one has none, the cased ones 30% and 33%.  A few may
# have been written over [unusedN] by hand.
_FEW = 0.005
_MANY = 0.05
_HAVE_CASE = 0.1
_SHOWN, _SHORT = 3, 2


class Casing(NamedTuple):
    """How text is to be read, and the evidence for it.

    Attributes:
        lowercase: whether letters are lower-cased.
        strip_accents: False where accents are kept though letters are lower-cased; else None.
        why: the evidence, in words.
    """

    lowercase: bool
    strip_accents: bool | None
    why: str

    @property
    def name(self) -> str:
        """The casing, in words."""
        return named(self.lowercase, self.strip_accents)


def named(lowercase: bool, strip_accents: bool | None) -> str:
    """A way to treat letters, in words."""
    if lowercase:
        return "uncased, accents kept" if strip_accents is False else "uncased"
    return "cased, accents stripped" if strip_accents else "cased"


def without_accents(text: str) -> str:
    """The text as BertNormalizer leaves it when it strips accents."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def casing_of(tokens: Sequence[str]) -> Casing:
    """The casing that the tokens of a bare vocab.txt show.

    Raises:
        VocabularyError: if they show both, which the user has to settle.
    """
    words = [token.removeprefix(CONTINUING) for token in tokens if not is_named(token)]
    capital = [word for word in words if word.lower() != word]
    accented = [word for word in words if without_accents(word) != word]
    among = max(1, len(words))
    impossible = len({*capital, *accented}) / among
    if impossible <= _FEW:
        return Casing(True, None, _why_uncased(capital or accented))
    if impossible < _MANY:
        some = _examples(capital or accented)
        raise VocabularyError(
            f"{impossible:.1%} of the tokens ({some}) have capitals or accents, too many for an "
            "uncased vocabulary and too few for a cased one: say which it is by --uncased or "
            "--cased"
        )
    if len(capital) / among > _FEW or not _have_case(words):
        kinds = " or ".join(
            kind for kind, found in (("capitals", capital), ("accents", accented)) if found
        )
        some = _examples([*capital[:2], *accented])
        return Casing(False, None, f"{impossible:.0%} of its tokens have {kinds} ({some})")
    some = _examples(accented)
    return Casing(True, False, f"no token has a capital, {impossible:.0%} have accents ({some})")


def _have_case(words: Sequence[str]) -> bool:
    """Whether many words are of a script that has capitals."""
    cased = sum(word.upper() != word for word in words)
    return cased > _HAVE_CASE * len(words)


def _why_uncased(strangers: Sequence[str]) -> str:
    if not strangers:
        return "no token has a capital or an accent"
    plural = "s that have" if len(strangers) > 1 else " that has"
    return (
        f"no token has a capital or an accent, but for {len(strangers):,} token{plural} and so "
        f"will never be used ({_examples(strangers)})"
    )


def _examples(words: Iterable[str]) -> str:
    """A few of the words; rather whole ones than single letters."""
    distinct = list(dict.fromkeys(words))
    long = [word for word in distinct if len(word) > _SHORT]
    return ", ".join((long or distinct)[:_SHOWN])
