"""Lines that are entries, and lines of texts with figures in them."""

from __future__ import annotations

from collections.abc import Callable

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.entries import entries

NAMES = ["Maple", "Lee", "Oak", "Rome", "Arden", "York", "Hull", "Bath", "Ely"]
TITLES = ["Pandas of the North", "News", "Rivers", "A Late Film", "Weather", "Bamboo Today"]


def said(make: Callable[[int], str], count: int = 80) -> str | None:
    finding = entries(Part("".join(make(n) + "\n" for n in range(count)).encode()))
    return finding and finding.what


def test_registers_ledgers_and_commands_are_told() -> None:
    assert "figures, codes and signs" in str(
        said(lambda n: f"{n % 28 + 1:02}/10/2023 {NAMES[n % 9]} {n * 3}.50 {n * 91}.10")
    )
    assert said(lambda n: f"G1 X{n}.5 Y{n}.25 {NAMES[n % 9]}")
    assert said(lambda n: f"9:{n % 60:02} - 10:{n % 60:02} Room A{n % 9} {NAMES[n % 9]} Lee")


def test_a_programme_is_told_and_a_chat_is_not() -> None:
    assert "time of day" in str(
        said(lambda n: f"{n % 24:02}:{n * 7 % 60:02} {NAMES[n % 9]}{n} {TITLES[n % 6]}")
    )
    assert not said(lambda n: f"{n % 24:02}:{n * 7 % 60:02} {NAMES[n % 3]} {TITLES[n % 6].lower()}")
    assert not said(lambda n: f"{n % 24:02}:{n * 7 % 60:02} lee{n}: {TITLES[n % 6].lower()}")
    assert not said(lambda n: f"{n % 24:02}:{n * 7 % 60:02} Panda{n} slept in its tree.")


def test_chords_over_words_are_told() -> None:
    assert "lines of chords" in str(
        said(lambda n: "C       G7     Am" if n % 2 else f"O {NAMES[n % 9]} on the river {n}")
    )
    assert not said(lambda n: "A" if n % 2 else f"O {NAMES[n % 9]} on the river")


def test_words_and_their_sounds_are_told() -> None:
    sounds = ["AH0", "B", "K", "EH1", "T", "N"]
    assert "codes of its sounds" in str(
        said(lambda n: f"{NAMES[n % 9].upper()}{'ABCD'[n % 4] * (n // 9)} "
             + " ".join(sounds[(n * i) % 6] for i in range(1, 7)))
    )  # fmt: skip


def test_lines_none_of_which_runs_on_are_told() -> None:
    assert "no words in a row" in str(
        said(lambda n: f"Sat {n % 28 + 1} Aug {NAMES[n % 9]} Town v {NAMES[n % 7]} County 15:00")
    )
    assert "no words in a row" in str(said(lambda n: f"{NAMES[n % 9]} (LP, Decca, {1950 + n})"))
    assert not said(lambda n: f"{NAMES[n % 9]} & {NAMES[n % 7]}")
    assert not said(lambda n: f"{n + 1}. {NAMES[n % 9]} {NAMES[n % 7]}")
    assert not said(lambda n: f"{NAMES[n % 9]} came in {1950 + n} and had never seen the river")
    assert not said(
        lambda n: f"{NAMES[n % 9].upper()} CAME IN {1950 + n} AND HAD NEVER SEEN A PANDA"
    )


def test_a_sign_between_words_is_told_and_a_dash_of_speech_is_not() -> None:
    assert "has = between" in str(said(lambda n: f"where is the {NAMES[n % 9]} = wo ist das"))
    assert "has \u00bb between" in str(
        said(lambda n: f"home and garden \u00bb the old {NAMES[n % 9]} \u00bb things")
    )
    assert not said(lambda n: f"\u2014 Where is the {NAMES[n % 9]}")
    assert not said(lambda n: f"The {NAMES[n % 9]} \u2013 an old one \u2013 sleeps in its tree.")


def test_lines_with_figures_that_people_write_are_read() -> None:
    assert not said(lambda n: f"{n % 3 + 1} cups {NAMES[n % 9].lower()} flour")
    assert not said(lambda n: f"{NAMES[n % 9]} {n % 5}, {NAMES[n % 7]} {n % 3}")
    assert not said(lambda n: f"Gen {n}:{n % 9 + 1} And the panda said unto Lee, I sleep.")
    assert not said(lambda n: f"BP {110 + n}/70, HR {60 + n % 30}, T 98.{n % 9}.")
    assert not said(lambda n: f"我{n}点到，你呢")
    assert not said(lambda n: f"[10:{n % 60:02}] <lee{n % 3}> ok {n % 4}")
    assert not said(lambda n: f"12/{n % 28 + 1}/21, 5:05 PM - Ann {NAMES[n % 3]}: yes :)")
    assert not said(lambda n: f"CC(=O)Oc1ccccc1C(=O)O{'C' * (n % 7)}")
