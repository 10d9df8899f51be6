from __future__ import annotations

import sys
from types import ModuleType

import pytest

from bertprep.errors import UsageError
from bertprep.text.segment import Segmenter
from bertprep.text.thai import load_thai

THAI = "ฉันไป วันนี้ ดีมาก"
TEXT = f"Mr. Smith came. He left.\n{THAI}\n{THAI}! Then he came."


def sentences(text: str) -> list[str]:
    starts, ends = Segmenter("thai")(text)
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def test_only_thai_is_given_to_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []

    def segment(text: str) -> list[str]:
        given.append(text)
        first = text.index(" ") + 1
        return [text[:first], text[first:]]

    module = ModuleType("pythainlp.tokenize.crfcut")
    module.segment = segment  # type: ignore[attr-defined]
    for name in ("pythainlp", "pythainlp.tokenize"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "pythainlp.tokenize.crfcut", module)
    first, rest = THAI.split(" ", 1)
    wanted = ["Mr. Smith came.", "He left.", first, rest, first, f"{rest}!", "Then he came."]
    assert sentences(TEXT) == wanted
    assert given == [THAI, f"{THAI}!"]
    given.clear()
    long = THAI + " " * 3 + THAI * 200
    assert "".join("".join(sentences(long)).split()) == "".join(long.split())
    assert "".join(given) == long and max(map(len, given)) <= 2100


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # Another test may have loaded it: then what is imported by name need not ask for the package.
    for name in ("pythainlp", "pythainlp.tokenize.crfcut"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=r"--sentences thai needs pythainlp.*bertprep\[thai\]"):
        load_thai()


@pytest.mark.slow
def test_pythainlp_cuts_at_spaces() -> None:
    pytest.importorskip("pycrfsuite")
    pytest.importorskip("pythainlp")
    clause = "ฉันไปโรงเรียน"
    weather = "วันนี้อากาศดีมาก"
    found = sentences(f"{clause}  {weather} {clause}  {weather}")
    assert found[0] == clause and len(found) > 2
