"""The language of a document, by its letters and short words."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.text.abbreviation_lists import LISTED
from bertprep.text.language import LANGUAGES, SAMPLE, UNDECIDED, DocumentLanguages, languages_of

TEXTS = {
    "en": "The house is on a hill and it was built by the man.",
    "de": "Das Haus ist auf dem Berg und wird nicht von ihm gebaut.",
    "fr": "La maison est sur la colline et elle ne fut pas construite par un homme.",
    "es": "La casa está en la colina y los niños no la ven por el árbol.",
    "pt": "A casa não está na colina e os meninos não a veem.",
    "it": "La casa è nella collina e non la vede il bambino che gli sta con lui.",
    "ro": "Casa este pe deal și nu o vede copilul care este în sat.",
    "nl": "Het huis staat op de heuvel en hij heeft het niet zelf gebouwd.",
    "sv": "Huset är på berget och det var inte han som hade byggt det för att bo där.",
    "fi": "Talo on mäellä, ja se ei ole hänen, mutta hän on siellä nyt.",
    "pl": "Dom jest na górze i nie widać go z ulicy, bo się kryje.",
    "cs": "Dům je na hoře a není ho vidět, když se na něj dívá z ulice.",
    "hu": "A ház a hegyen van, és nem látszik, hogy ez az övé.",
    "tr": "Ev tepede ve bu çok güzel bir ev, ama onun değil.",
    "id": "Rumah itu ada di bukit dan tidak ada orang yang melihatnya.",
    "vi": "Ngôi nhà ở trên đồi và không có ai trong đó.",
    "ru": "Дом стоит на горе, и его не видно с улицы, но он был там.",
    "uk": "Будинок стоїть на горі, і його не видно, але він був там.",
    "bg": "Къщата е на хълма и не се вижда от улицата, но тя е там.",
    "el": "Το σπίτι είναι στον λόφο.",
    "hy": "Տունը բլրի վրա է։",
    "hi": "घर पहाड़ी पर है और यह नहीं दिखता है।",
}


def names(text: str, starts: list[int]) -> list[str]:
    bounds = np.array([*starts, len(text)])
    found = languages_of(text, bounds[:-1], bounds[1:])
    return ["" if number == UNDECIDED else LANGUAGES[number] for number in found.tolist()]


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_shows_its_language(language: str) -> None:
    assert names(TEXTS[language], [0]) == [language]
    assert names(TEXTS[language].upper(), [0]) == [language]


def test_what_documents_stand_beside_does_not_matter() -> None:
    text = "\n\n".join(TEXTS.values())
    starts = np.cumsum([0, *(len(one) + 2 for one in TEXTS.values())])[:-1]
    assert names(text, starts.tolist()) == list(TEXTS)


@pytest.mark.parametrize("text", ["", "1914", "Mr. Smith", "你好。", "안녕하세요", "🙂" * 9])
def test_too_little_decides_nothing(text: str) -> None:
    assert names(text, [0]) == [""]


def test_only_the_beginning_is_looked_at() -> None:
    assert names("x " * SAMPLE + TEXTS["es"], [0]) == [""]


def test_documents_are_asked_once_and_counted() -> None:
    text = f"{TEXTS['es']}\n\n{TEXTS['ru']}\n\n9"
    starts = np.array([0, len(TEXTS["es"]) + 2, len(text) - 1])
    languages = DocumentLanguages(text, starts)
    assert languages.counts() == {}
    assert languages.at(np.array([len(text) - 1, 5, 9])) == ["", "es", "es"]
    assert languages.counts() == {"es": 1, "": 1}
    assert DocumentLanguages(text, starts, "it").at(starts) == ["it"] * 3


def test_every_list_is_of_a_language_that_is_found() -> None:
    assert set(LISTED) <= set(LANGUAGES)
