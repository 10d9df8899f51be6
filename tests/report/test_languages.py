"""The mix of languages in rows, against texts whose languages are known."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import BertWordPieceTokenizer

from bertprep.report.languages import LanguageMix, language_by_script
from bertprep.vocabulary.vocabulary import Vocabulary

ENGLISH = "it was the best of times and it was the worst of times for all that we have"
GERMAN = "es war die beste der zeiten und es war auch die schlechteste von allen für uns"
NUMBERS = "12 34 56"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PIECES = sorted({*f"{ENGLISH} {GERMAN} {NUMBERS}".split()} - {"worst", "zeiten"})
VOCABULARY = Vocabulary((*SPECIAL, *PIECES, "wor", "##st", "zei", "##ten"), lowercase=True)


def ids_of(text: str) -> list[int]:
    numbers = {token: number for number, token in enumerate(VOCABULARY.shown_tokens)}
    found = BertWordPieceTokenizer(numbers, strip_accents=False).encode(text)
    assert VOCABULARY.unk_id not in found.ids
    return list(found.ids[1:-1])


def rows(*pairs: tuple[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """[CLS] A [SEP] B [SEP] of each, padded."""
    cls, sep = VOCABULARY.cls_id, VOCABULARY.sep_id
    made = [[cls, *ids_of(a), sep, *ids_of(b), sep] for a, b in pairs]
    width = max(map(len, made)) + 2
    ids = np.array([row + [0] * (width - len(row)) for row in made], np.int32)
    return ids, np.arange(width) < np.array([len(row) for row in made])[:, None]


def test_each_segment_counts_for_its_own_language() -> None:
    mix = LanguageMix(VOCABULARY)
    mix.add(*rows((ENGLISH, GERMAN), (ENGLISH, NUMBERS)))
    expected = {"en": 2 * len(ids_of(ENGLISH)), "de": len(ids_of(GERMAN)), "": 3}
    assert dict(mix.tokens) == expected
    assert mix.segments == 4


def test_segments_are_looked_at_until_there_are_enough() -> None:
    mix = LanguageMix(VOCABULARY, most=5)
    for _ in range(4):
        mix.add(*rows((ENGLISH, GERMAN)))
    assert mix.segments == 5
    assert mix.tokens["en"] == 3 * len(ids_of(ENGLISH))


def test_no_rows_are_no_segments() -> None:
    mix = LanguageMix(VOCABULARY)
    mix.add(np.zeros((0, 16), np.int32), np.zeros((0, 16), np.bool_))
    assert (mix.segments, mix.tokens.total()) == (0, 0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("床前明月光", "zh"),
        ("吾輩は猫である", "ja"),
        ("カタカナ", "ja"),
        ("나는 학생이다", "ko"),
        ("ສະບາຍດີ", "lo"),
        ("សួស្តី", "km"),
        ("hello", ""),
        ("中 hello there", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_a_script_of_one_language_tells_it(text: str, language: str) -> None:
    assert language_by_script(text) == language
