"""How letters are treated with a vocabulary, checked on a sample of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bertprep.corpus.files import Split
from bertprep.errors import VocabularyError
from bertprep.text.casing_trial import better_reading, losing_marks, sample_of
from bertprep.vocabulary.lost_marks import mark_warnings
from pipelines.folders.input_sampler import Sampler

if TYPE_CHECKING:
    from bertprep.vocabulary.configuration import Found

_OTHER_VOCABULARY = (
    "a vocabulary learned with `bertprep vocab --keep-accents` or `--cased` keeps them"
)


def sample_text(splits: Sequence[Split], sampler: Sampler) -> bytes:
    """A little of the text, of a few places in the files."""
    return b"\n".join(sample_of(batch.text) for batch in sampler.batches(splits))


def casing_warnings(found: Found, sample: bytes) -> list[str]:
    """The message about a casing after a look at the text.

    Raises:
        VocabularyError: if it was taken from the tokens, and another reads the text much better.
    """
    vocabulary = found.vocabulary
    if vocabulary.settings.whole:
        return []
    if better := better_reading(vocabulary, sample):
        option, here, other = better
        text = (
            f"read as {found.casing}, {here.unknown:.1%} of the tokens of a sample of the text are "
            f"[UNK], and {other.unknown:.1%} with {option}"
        )
        if not found.stated:
            raise VocabularyError(f"{text}: say by --cased or --uncased how to treat letters")
        return [f"{text}: is the casing right?"]
    settings = vocabulary.settings
    strips = vocabulary.lowercase if settings.strip_accents is None else settings.strip_accents
    return mark_warnings(*losing_marks(sample), _OTHER_VOCABULARY) if strips else []
