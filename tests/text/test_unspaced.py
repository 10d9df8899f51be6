from __future__ import annotations

import pytest
import regex

from bertprep.text.unspaced import PARTICLES, SYLLABLE

DOT_KILLER, KILLER_DOT = "\u1037\u103a", "\u103a\u1037"


def places(text: str, ranks: tuple[regex.Pattern[str], ...] = PARTICLES) -> str:
    """The text with a bar where a word begins or ends by its particles."""
    found = {match.end() for rank in ranks for match in rank.finditer(text)} - {0, len(text)}
    return "".join("|" * (at in found) + letter for at, letter in enumerate(text))


@pytest.mark.parametrize(
    "marked",
    [
        "คน|และ|ประเทศ",
        "ຄົນ|ແລະ|ປະເທດ",
        "ຈຳເປັນ",
        "ຄົນ|ເປັນ",
        "ខ្មែរ|និង|ប្រទេស",
        "ពោលគឺ",
        "ផ្ទះនេះ|ធំ",
        "ရေသည်|မြန်မာ",
        "ရေနှင့်ပတ်သက်",
        "ရေသော်",
        "သတို့သမီး",
        "ကြောင့်|ABC|မြန်",
        "ខ្មែរ|ABC|ខ្មែរ",
    ],
)
def test_words_are_found_where_they_stand_alone(marked: str) -> None:
    assert places(marked.replace("|", "")) == marked


def test_both_spellings_of_a_burmese_syllable_are_known() -> None:
    for word in ("နှင့်", "ဖြင့်"):
        one = f"လူ{word}".replace(KILLER_DOT, DOT_KILLER)
        other = one.replace(DOT_KILLER, KILLER_DOT)
        assert one != other
        assert places(f"{one}မြ") == f"{one}|မြ"
        assert places(f"{other}မြ") == f"{other}|မြ"


@pytest.mark.parametrize("text", ["ជាតិ", "សិទិ", "ជាមិន", "ខ្មែរ"])
def test_a_short_vowel_is_no_end_of_a_khmer_syllable(text: str) -> None:
    assert places(text, (SYLLABLE,)) == text


def test_silent_and_clipped_letters_end_a_khmer_syllable() -> None:
    assert places("គាត់កូន", (SYLLABLE,)) == "គាត់|កូន"
