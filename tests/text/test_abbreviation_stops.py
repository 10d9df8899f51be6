from __future__ import annotations

import numpy as np
import pytest

from bertprep.text.abbreviation_stops import in_abbreviation
from bertprep.text.language import DocumentLanguages
from bertprep.text.punctuation import kinds_of
from bertprep.text.segment import Segmenter


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("I met Mr. Smith", True),
        ("He said no. Then", False),
        ("at 20 °C. Then", False),
        ("I don't. Then", False),
        ("l'Ing. Rossi", True),
        ("J. Smith", True),
        ("gamut-ს. ბ", False),
    ],
)
def test_which_stops_belong_to_a_word(text: str, inside: bool) -> None:
    languages = DocumentLanguages(text, np.zeros(1, np.int64), "it" if "Ing" in text else "en")
    dots = np.array([text.index(".")])
    found = in_abbreviation(text, kinds_of(text), dots, dots + 2, np.zeros(1, bool), languages)
    assert found.tolist() == [inside]


# Language, and "|" at the boundaries.
HEADS = """
cs|V položce „B.II.6. Jiný“ je „B.II. Dlouhodobý“ i „3. Liga“.
cs|Podle odstavce 1. |(2) Zbytek je zde.
en|VII. The Law. |1012. The use of it. |When was it? |1990. |Then it ended.
en|It lies between A and B. |Users of plan A or B. |Then I met M. Smith and W. B. Yeats.
uk|А, Б та В. |Крива.
ka|და სხვ. |მეფე. |და ა.შ. |მეფე (ძვ. ბ და სხვ.) იყო.
ta|ஏ.எம். கோபு.
"""


@pytest.mark.parametrize("marked", HEADS.strip().splitlines())
def test_numbers_and_letters_at_the_head_name_and_do_not_end(marked: str) -> None:
    language, _, marked = marked.partition("|")
    text = marked.replace("|", "")
    starts, ends = Segmenter(language=language)(text)
    found = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert found == [part.strip() for part in marked.split("|")]
