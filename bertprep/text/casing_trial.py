"""Two ways to treat letters, compared on a sample of the text that is to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.text.pieces import NOWHERE, cut_text, dictionary_encode
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.lost_marks import script_that_loses
from bertprep.vocabulary.vocabulary import Vocabulary

SAMPLE_BYTES = 200_000
# Points of [UNK] by which the other reading has to be better; a few capitals or accents that a
# vocabulary lacks are no evidence.
_BETTER = 0.03


class Reading(NamedTuple):
    """A sample read in one way: tokens of a word, and the share of [UNK] among the tokens."""

    tokens_per_word: float
    unknown: float


def sample_of(text: bytes) -> bytes:
    """The beginning of a text (UTF-8), cut at white space, else between characters."""
    if len(text) <= SAMPLE_BYTES:
        return text
    cuts = (text.rfind(mark, 1, SAMPLE_BYTES) for mark in (b"\n", b" "))
    end = next((cut for cut in cuts if cut > 0), SAMPLE_BYTES)
    while text[end] & 0xC0 == 0x80:
        end -= 1
    return text[:end]


def reading(vocabulary: Vocabulary, sample: bytes) -> Reading:
    """How the vocabulary reads the sample."""
    ids = _ids_of(BatchTokenizer(vocabulary), sample)
    unknown = np.count_nonzero(ids == vocabulary.unk_id)
    return Reading(len(ids) / max(1, len(sample.split())), float(unknown / max(1, len(ids))))


def token_counter(vocabulary: Vocabulary) -> Callable[[bytes], int]:
    """The function that tells how many tokens a text (UTF-8) has."""
    tokenizer = BatchTokenizer(vocabulary)
    return lambda sample: len(_ids_of(tokenizer, sample))


def _ids_of(tokenizer: BatchTokenizer, sample: bytes) -> NDArray[np.int32]:
    return tokenizer(sample, np.array([0]), np.array([len(sample)])).ids


def better_reading(vocabulary: Vocabulary, sample: bytes) -> tuple[str, Reading, Reading] | None:
    """The option that would read the sample much better, how it is read, and how it would be.

    None if there is no such.
    """
    here = reading(vocabulary, sample)
    if here.unknown <= _BETTER:
        return None
    settings = vocabulary.settings
    others = {
        "--cased": (False, None),
        "--uncased": (True, None),
        "--keep-accents": (True, False),
    }
    found = {}
    for option, (lowercase, accents) in others.items():
        if (lowercase, accents) != (vocabulary.lowercase, settings.strip_accents):
            other = Vocabulary(
                vocabulary.tokens, lowercase, replace(settings, strip_accents=accents)
            )
            found[option] = reading(other, sample)
    option = min(found, key=lambda name: found[name].unknown)
    if found[option].unknown + _BETTER > here.unknown:
        return None
    return option, here, found[option]


def losing_marks(sample: bytes) -> tuple[Counter[str], int]:
    """How many words lose marks that carry meaning where accents are stripped, and of how many.

    Words are the pieces that ``cut_text`` makes.
    """
    text = np.frombuffer(sample, np.uint8)
    pieces, indices = dictionary_encode(text, *cut_text(text, NOWHERE))
    losing: Counter[str] = Counter()
    counts = np.bincount(indices, minlength=len(pieces)).tolist()
    for piece, count in zip(pieces.to_pylist(), counts, strict=True):
        if not piece.isascii() and (script := script_that_loses(piece.decode("utf-8"))):
            losing[script] += count
    return losing, len(indices)
