"""Columns of fixed width and directories, and prose that is laid out as well."""

from __future__ import annotations

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.layout import directory, laid_out

NAMES = ["Ann", "Bartholomew", "Cy", "Dorothea", "Ed"]


def found(lines: list[str]) -> str | None:
    finding = laid_out(Part("\n".join(lines).encode()))
    return finding and finding.what


def test_columns_are_counted() -> None:
    lines = [f"{NAMES[n % 5]:<15}{NAMES[n * 3 % 5]:<15}{n:>5}" for n in range(40)]
    assert found(lines) == "is a table, not prose: 3 columns of fixed width"


def test_a_play_with_its_names_in_a_column_is_read() -> None:
    lines = [
        f"{NAMES[n % 3].upper():<15}What shall we do on day {n}, my friend?" for n in range(40)
    ]
    assert found(lines) is None


def test_indented_verse_and_justified_lines_are_read() -> None:
    verse = [f"{'        ' * (n % 2)}The sun goes down on day {n} of all" for n in range(40)]
    assert found(verse) is None
    justified = [
        f"{'The sun goes down'[: n % 9 + 8]}  on  day {n}  of  all  of  us" for n in range(40)
    ]
    assert found(justified) is None


def listed(line: str) -> bool:
    return directory(Part("\n".join(line.format(n + 10) for n in range(40)).encode())) is not None


def test_telephone_numbers() -> None:
    assert listed("Lee, Ann ... 555-12{}")
    assert listed("Ann Lee +44 20 7946 00{}")
    assert not listed("Ann Lee was born in 18{}")
    assert not listed("BP 120/{}")
    assert not listed("He paid on 2020-01-{}")
    assert not listed("Leeds 3 Everton {}")
