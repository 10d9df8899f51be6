"""Templates that show where something is, and how many live there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bertprep.corpus.mediawiki.arguments import Arguments

_WINDS = {"N": "N", "S": "S", "E": "E", "W": "W", "O": "O"}
_SIGNS = ("°", "′", "″")


def _coordinates(arguments: Arguments) -> str:
    """Degrees, minutes and seconds; nothing where they are shown beside the title alone."""
    display = arguments.named.get("display", "inline")
    if "inline" not in display and display != "i":
        return ""
    parts: list[str] = []
    numbers: list[str] = []
    for given in arguments.listed:
        if given.upper() in _WINDS:
            degrees = "".join(n + sign for n, sign in zip(numbers, _SIGNS, strict=False))
            parts.append(degrees + given.upper())
            numbers = []
        elif _is_number(given) and len(numbers) < len(_SIGNS):
            numbers.append(given)
        else:
            break
    if not parts and len(numbers) >= 2:  # decimals: north and east
        parts = [f"{number}°" for number in numbers[:2]]
    return " ".join(parts)


def _is_number(given: str) -> bool:
    return given.lstrip("-").replace(".", "", 1).isdigit()


def _density(arguments: Arguments) -> str:
    """People on an area: the number of them is given, and that of its units."""
    people, area, unit = (arguments.at(i) for i in range(1, 4))
    digits = arguments.named.get("prec", "")
    try:
        each = float(people.replace(",", "")) / float(area.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return ""
    places = int(digits) if digits.isdigit() else (1 if each < 10 else 0)
    shown = {"km2": "km²", "sqmi": "sq mi", "mi2": "sq mi"}.get(unit, unit)
    return f"{each:,.{places}f}/{shown}"


_RUPEES = {"c": " crore", "l": " lakh", "m": " million", "b": " billion", "t": " trillion"}


def _rupees(arguments: Arguments) -> str:
    return f"₹{arguments.at(1)}{_RUPEES.get(arguments.at(2), '')}"


PLACES: Mapping[str, Callable[[Arguments], str]] = {
    **dict.fromkeys(("coord", "coordinates", "coords"), _coordinates),
    **dict.fromkeys(("pop density", "popdensity", "population density"), _density),
    **dict.fromkeys(("inrconvert", "inr convert"), _rupees),
}
