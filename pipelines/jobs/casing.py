"""How letters are treated with a vocabulary, checked on a sample of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bertprep.common.drops import Drops
from bertprep.corpus.files import InputFile, Split
from bertprep.corpus.read import read_split
from bertprep.corpus.splits import plan_splits
from bertprep.errors import VocabularyError
from bertprep.options import ReadOptions
from bertprep.text.readings import better_reading, losing_marks, sample_of
from bertprep.vocabulary.marks import mark_warnings
from pipelines.folders import files

if TYPE_CHECKING:
    from bertprep.vocabulary.configuration import Found

_OTHER_VOCABULARY = (
    "a vocabulary learned with `bertprep vocab --keep-accents` or `--cased` keeps them"
)


def sample_text(inputs: Sequence[InputFile], read: ReadOptions) -> bytes:
    """A little of the text: of the first, the middle and the last of the files."""
    splits = plan_splits(inputs, read)
    some = {number: splits[number] for number in (0, len(splits) // 2, len(splits) - 1)}
    return b"\n".join(_beginning(split, read) for split in some.values())


def _beginning(split: Split, read: ReadOptions) -> bytes:
    batch = next(read_split(split, files.open_input, read, Drops()), None)
    return sample_of(batch.text) if batch else b""


def casing_warnings(found: Found, sample: bytes) -> list[str]:
    """What is to be said of a casing after a look at the text.

    Raises:
        VocabularyError: if it was taken from the tokens, and another reads the text much better.
    """
    vocabulary = found.vocabulary
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
