"""Templates that show numbers, money and measures.

``{{convert}}`` shows the quantity that was given, with its unit; what it would compute from it in
another unit is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bertprep.corpus.mediawiki.arguments import Arguments

_NUMBER = re.compile(r"[+−-]?\d[\d,. ]*(?:e[+-]?\d+)?(?:[+ ]?\d*//?\d+)?", re.IGNORECASE)
_BETWEEN = {
    "to": " to ", "-": "–", "–": "–", "to-": " to ", "to(-)": " to ", "and": " and ", "or": " or ",
    "and(-)": " and ", "by": " by ", "x": " × ", "×": " × ", "xx": " × ", "*": " × ",
    "+/-": " ± ", "±": " ± ", "+": " + ", "&": " & ", ",": ", ", "to about": " to about ", "/": "/",
}  # fmt: skip

# code=symbol=singular=plural; a plural of "+" adds an s.
_UNITS: dict[str, tuple[str, str, str]] = {}
_BY_CODE = (
    "mm=mm=millimetre=+|cm=cm=centimetre=+|m=m=metre=+|km=km=kilometre=+|um=μm=micrometre=+|"
    "μm=μm=micrometre=+|nm=nm=nanometre=+|in=in=inch=inches|ft=ft=foot=feet|yd=yd=yard=+|"
    "mi=mi=mile=+|nmi=nmi=nautical mile=+|furlong=fur=furlong=+|fathom=fathom=fathom=+|"
    "ly=ly=light-year=+|au=AU=astronomical unit=+|pc=pc=parsec=+|hand=h=hand=+|rod=rd=rod=+|"
    "m2=m²=square metre=+|km2=km²=square kilometre=+|cm2=cm²=square centimetre=+|"
    "mm2=mm²=square millimetre=+|ha=ha=hectare=+|acre=acre=acre=+|sqmi=sq mi=square mile=+|"
    "sqft=sq ft=square foot=square feet|sqyd=sq yd=square yard=+|"
    "sqin=sq in=square inch=square inches|m3=m³=cubic metre=+|km3=km³=cubic kilometre=+|"
    "cm3=cm³=cubic centimetre=+|cc=cc=cubic centimetre=+|cuft=cu ft=cubic foot=cubic feet|"
    "cuyd=cu yd=cubic yard=+|cuin=cu in=cubic inch=cubic inches|cumi=cu mi=cubic mile=+|"
    "l=L=litre=+|ml=mL=millilitre=+|usgal=US gal=US gallon=+|"
    "impgal=imp gal=imperial gallon=+|gal=gal=gallon=+|oilbbl=bbl=barrel=+|bbl=bbl=barrel=+|"
    "pint=pt=pint=+|usoz=US fl oz=US fluid ounce=+|acre.ft=acre⋅ft=acre-foot=acre-feet|"
    "acre-ft=acre⋅ft=acre-foot=acre-feet|g=g=gram=+|kg=kg=kilogram=+|mg=mg=milligram=+|"
    "t=t=tonne=+|mt=t=metric ton=+|lb=lb=pound=+|lbs=lb=pound=+|oz=oz=ounce=+|"
    "st=st=stone=stone|lt=long tons=long ton=+|ozt=ozt=troy ounce=+|"
    "st2=short tons=short ton=+|ston=short tons=short ton=+|kt=kt=kiloton=+|"
    "cwt=cwt=hundredweight=+|km/h=km/h=kilometre per hour=kilometres per hour|"
    "mph=mph=mile per hour=miles per hour|m/s=m/s=metre per second=metres per second|"
    "ft/s=ft/s=foot per second=feet per second|kn=kn=knot=+|knot=kn=knot=+|"
    "km/s=km/s=kilometre per second=kilometres per second|"
    "c=°C=degree Celsius=degrees Celsius|f=°F=degree Fahrenheit=degrees Fahrenheit|"
    "k=K=kelvin=+|°c=°C=degree Celsius=degrees Celsius|"
    "°f=°F=degree Fahrenheit=degrees Fahrenheit|kw=kW=kilowatt=+|mw=MW=megawatt=+|w=W=watt=+|"
    "hp=hp=horsepower=horsepower|bhp=bhp=brake horsepower=brake horsepower|"
    "ps=PS=metric horsepower=metric horsepower|shp=shp=shaft horsepower=shaft horsepower|"
    "gwh=GWh=gigawatt-hour=+|kwh=kWh=kilowatt-hour=+|j=J=joule=+|kj=kJ=kilojoule=+|"
    "mj=MJ=megajoule=+|cal=cal=calorie=+|kcal=kcal=kilocalorie=+|nm2=N⋅m=newton-metre=+|"
    "n.m=N⋅m=newton-metre=+|lbft=lb⋅ft=pound-foot=pound-feet|"
    "lb.ft=lb⋅ft=pound-foot=pound-feet|n=N=newton=+|kn2=kN=kilonewton=+|"
    "lbf=lbf=pound-force=pounds-force|pa=Pa=pascal=+|kpa=kPa=kilopascal=+|"
    "mpa=MPa=megapascal=+|hpa=hPa=hectopascal=+|bar=bar=bar=+|"
    "psi=psi=pound per square inch=pounds per square inch|atm=atm=atmosphere=+|"
    "mbar=mbar=millibar=+|inhg=inHg=inch of mercury=inches of mercury|"
    "mmhg=mmHg=millimetre of mercury=millimetres of mercury|"
    "/km2=/km²=per square kilometre=per square kilometre|"
    "/sqmi=/sq mi=per square mile=per square mile|"
    "pd/km2=/km²=inhabitant per square kilometre=inhabitants per square kilometre|"
    "pd/sqmi=/sq mi=inhabitant per square mile=inhabitants per square mile|"
    "m3/s=m³/s=cubic metre per second=cubic metres per second|"
    "cuft/s=cu ft/s=cubic foot per second=cubic feet per second|"
    "kg/m3=kg/m³=kilogram per cubic metre=kilograms per cubic metre|"
    "g/cm3=g/cm³=gram per cubic centimetre=grams per cubic centimetre|"
    "mpgus=mpg‑US=mile per US gallon=miles per US gallon|"
    "l/100km=L/100 km=litre per 100 kilometres=litres per 100 kilometres|hz=Hz=hertz=hertz|"
    "khz=kHz=kilohertz=kilohertz|mhz=MHz=megahertz=megahertz|"
    "rpm=rpm=revolution per minute=revolutions per minute|year=yr=year=+|day=d=day=+"
)
for _line in _BY_CODE.split("|"):
    _code, _symbol, _singular, _plural = _line.split("=")
    _UNITS[_code] = (_symbol, _singular, _singular + "s" if _plural == "+" else _plural)


def with_commas(number: str) -> str:
    """A number with a comma between each three digits, as far as it has none."""
    whole, point, rest = number.partition(".")
    if not whole.lstrip("-").isdigit() or len(whole.lstrip("-")) < 4:
        return number
    return f"{int(whole):,}{point}{rest}"


def _convert(arguments: Arguments) -> str:
    """The quantity as it was given: numbers and what is between them, and the unit."""
    shown, place = _numbers(arguments.listed)
    unit = arguments.at(place + 1)
    symbols = arguments.is_on("abbr", "on", "in", "~", "values")
    adjective = arguments.is_on("adj", "on", "mid", "1", "pre")
    text = _measured(shown, unit, arguments, symbols, adjective)
    more, after = arguments.at(place + 2), arguments.at(place + 3)
    if _NUMBER.fullmatch(more) and after.lower() in _UNITS and not after.isdigit():
        # Feet and inches, stones and pounds.
        text += " " + _measured(with_commas(more), after, arguments, symbols, adjective)
    return text


def _numbers(listed: tuple[str, ...]) -> tuple[str, int]:
    """The numbers as they are shown, and how many arguments they take."""
    if not listed:
        return "", 0
    shown, place = with_commas(listed[0].replace("//", "/")), 1
    while place + 1 < len(listed) and listed[place] in _BETWEEN:
        if not _NUMBER.fullmatch(listed[place + 1]):
            break
        shown += _BETWEEN[listed[place]] + with_commas(listed[place + 1])
        place += 2
    return shown, place


def _measured(number: str, unit: str, arguments: Arguments, symbols: bool, adjective: bool) -> str:
    symbol, singular, plural = _UNITS.get(unit.lower(), (unit, unit, unit))
    if symbols or symbol == unit == singular:
        return f"{number}{'' if symbol.startswith('/') else ' '}{symbol}".strip()
    if adjective:
        return f"{number}-{_spelled(singular.replace(' ', '-'), arguments)}"
    name = singular if number in ("1", "-1") else plural
    return f"{number} {_spelled(name, arguments)}".strip()


def _spelled(name: str, arguments: Arguments) -> str:
    if not arguments.is_on("sp", "us"):
        return name
    return name.replace("metre", "meter").replace("litre", "liter").replace("gramme", "gram")


def _abbreviated(arguments: Arguments) -> str:
    return _convert(Arguments(arguments.listed, {**arguments.named, "abbr": "on"}))


def _value(arguments: Arguments) -> str:
    """A number with its uncertainty, power of ten and unit."""
    shown = with_commas(arguments.at(1))
    if error := arguments.at(2):
        shown += f" ± {error}" if not error.startswith("(") else error
    if power := arguments.named.get("e"):
        shown += f"×10^{power}"
    unit = arguments.first("u", "ul", "upl")
    return f"{shown} {unit}".strip()


def _fraction(arguments: Arguments) -> str:
    parts = arguments.listed
    if len(parts) == 1:
        return f"1⁄{parts[0]}"
    if len(parts) == 2:
        return "⁄".join(parts)
    return f"{parts[0]} {parts[1]}⁄{parts[2]}" if parts else ""


def _height(arguments: Arguments) -> str:
    named = arguments.named
    if "ft" in named or "in" in named:
        return " ".join(f"{named[unit]} {unit}" for unit in ("ft", "in") if named.get(unit))
    unit = next((unit for unit in ("m", "cm") if named.get(unit)), "")
    return f"{named[unit]} {unit}" if unit else ""


def _money(sign: str) -> Callable[[Arguments], str]:
    return lambda arguments: sign + arguments.at(1)


def _spaced(arguments: Arguments) -> str:
    return " ".join(filter(None, arguments.listed))


def _number(arguments: Arguments) -> str:
    return with_commas(arguments.at(1))


def _gauge(arguments: Arguments) -> str:
    gauge = re.sub(r"(\d)(mm|in|ft)\b", r"\1 \2", arguments.at(1))
    return {"sg": "1,435 mm", "std": "1,435 mm"}.get(gauge.lower(), gauge)


QUANTITIES: Mapping[str, Callable[[Arguments], str]] = {
    "convert": _convert,
    **dict.fromkeys(("cvt", "convinfobox"), _abbreviated),
    "val": _value,
    **dict.fromkeys(("frac", "fraction", "sfrac", "fr", "br-frac", "tfrac"), _fraction),
    "height": _height,
    **dict.fromkeys(("nts", "number table sorting", "formatnum", "formatprice", "ntsh"), _number),
    **dict.fromkeys(("us$", "usd", "us dollar"), _money("US$")),
    **dict.fromkeys(("gbp", "£", "pound sterling", "pound"), _money("£")),
    **dict.fromkeys(("eur", "euro", "€"), _money("€")),
    **dict.fromkeys(("inr", "indian rupee", "indian rupees", "rs", "rupee"), _money("₹")),
    **dict.fromkeys(("jpy", "yen", "¥", "cny"), _money("¥")),
    **dict.fromkeys(("a$", "aud"), _money("A$")),
    **dict.fromkeys(("c$", "cad", "can$"), _money("C$")),
    **dict.fromkeys(("nz$", "nzd"), _money("NZ$")),
    **dict.fromkeys(("unité", "unite", "nombre", "nb", "num", "nobr num", "drem"), _spaced),
    **dict.fromkeys(("railgauge", "track gauge", "rail gauge"), _gauge),
    "ordinal": lambda arguments: arguments.at(1) + _ending(arguments.at(1)),
}


def _ending(number: str) -> str:
    if number[-2:] in ("11", "12", "13"):
        return "th"
    return {"1": "st", "2": "nd", "3": "rd"}.get(number[-1:], "th")
