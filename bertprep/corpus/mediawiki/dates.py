"""Templates that show dates and years."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bertprep.corpus.mediawiki.arguments import Arguments

_MONTH_NAMES = (
    "January February March April May June July August September October November December"
)
_MONTHS = _MONTH_NAMES.split()


def _month(number: str) -> str:
    is_number = number.isdigit() and 1 <= int(number) <= len(_MONTHS)
    return _MONTHS[int(number) - 1] if is_number else number


def _date(arguments: Arguments) -> str:
    """A year, a month and a day, the month first unless ``df`` says otherwise."""
    year, month, day = arguments.at(1), _month(arguments.at(2)), arguments.at(3).lstrip("0")
    if not month:
        return year
    if not day:
        return f"{month} {year}"
    if arguments.is_on("df", "on", "yes", "y", "1", "dmy"):
        return f"{day} {month} {year}"
    return f"{month} {day}, {year}"


def _written(arguments: Arguments) -> str:
    """A date in words as it was given, such as French wikis have it: day, month, year."""
    return " ".join(filter(None, arguments.listed[:3]))


def _as_of(arguments: Arguments) -> str:
    if shown := arguments.named.get("alt"):
        return shown
    begin = arguments.named.get("pre", "as of" if arguments.is_on("lc") else "As of")
    year, month, day = arguments.at(1), _month(arguments.at(2)), arguments.at(3)
    if arguments.is_on("df", "us") and day:
        return f"{begin} {month} {day}, {year}"
    return " ".join(filter(None, [begin, day, month, year]))


def _years(prefix: str) -> Callable[[Arguments], str]:
    return lambda a: prefix + "–".join(filter(None, (a.at(1), a.at(2))))


def _old_style(arguments: Arguments) -> str:
    day, year, old = arguments.at(1), arguments.at(2), arguments.at(3)
    return f"{day} [O.S. {old}] {year}" if old else f"{day} {year}"


_BY_NUMBER = (
    "birth date|birth date and age|birth-date|birth-date and age|bda|dob|death date|"
    "death date and age|death-date|death-date and age|dda|start date|start date and age|end date|"
    "start-date|end-date|film date|birth year and age|birth year|death year|death year and age|"
    "date of birth|release date"
)

DATES: Mapping[str, Callable[[Arguments], str]] = {
    **dict.fromkeys(_BY_NUMBER.split("|"), _date),
    **dict.fromkeys(("dts", "date", "date-", "date de naissance", "datum", "fecha"), _written),
    **dict.fromkeys(("as of", "asof"), _as_of),
    **dict.fromkeys(("circa", "c.", "ca", "ca.", "circa2"), _years("c. ")),
    **dict.fromkeys(("floruit", "fl.", "fl"), _years("fl. ")),
    **dict.fromkeys(("reign", "r."), _years("r. ")),
    **dict.fromkeys(("b.", "born"), _years("b. ")),
    **dict.fromkeys(("d.", "died"), _years("d. ")),
    **dict.fromkeys(("oldstyledate", "old style date", "os"), _old_style),
}
