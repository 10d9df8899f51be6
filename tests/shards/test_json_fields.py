"""Fields of an object that may have been edited."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.options import MaskingOptions
from bertprep.shards.json_fields import count, counts, field, file_name, options, share, shares


def test_a_field_is_of_the_types_that_it_may_have() -> None:
    assert field({"a": 1}, "a", int, str) == 1
    with pytest.raises(TypeError, match="expected an integer or a string as a, got True"):
        field({"a": True}, "a", int, str)
    with pytest.raises(TypeError, match="expected an object with a, got \\[1\\]"):
        field([1], "a", int)
    with pytest.raises(KeyError, match="a"):
        field({}, "a", int)


@pytest.mark.parametrize("value", [-1, 1 << 48])
def test_counts_have_bounds(value: int) -> None:
    assert count({"a": 0}, "a") == 0
    assert counts({"a": {"b": (1 << 48) - 1}}, "a", ("b",)) == {"b": (1 << 48) - 1}
    with pytest.raises(ValueError, match="expected b from 0 to 281,474,976,710,655, got"):
        counts({"a": {"b": value}}, "a")
    with pytest.raises(KeyError, match="c"):
        counts({"a": {}}, "a", ("c",))


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), float("inf")])
def test_shares_are_from_0_to_1(value: float) -> None:
    assert shares({"a": {"used_share": 1}}, "a", ("used_share",)) == {"used_share": 1}
    assert share({"mean": 1.5}, "mean") == 1.5  # no share by its name
    with pytest.raises(ValueError, match="expected used_share from 0 to 1, got"):
        share({"used_share": value}, "used_share")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "rows/../a", "rows/", "a\\b", "a\0"])
def test_names_stay_in_the_folder(name: str) -> None:
    assert file_name({"name": "rows/a.parquet"}, "name") == "rows/a.parquet"
    with pytest.raises(ValueError, match="expected the name of a file in the folder"):
        file_name({"name": name}, "name")


def test_options_are_those_of_the_class() -> None:
    given = MaskingOptions("span", 0.2, 9)
    stored: dict[str, Any] = dict(vars(given))
    assert options(MaskingOptions, {"masking": stored}, "masking") == given
    with pytest.raises(ValueError, match="masking has the option 'more', which is unknown"):
        options(MaskingOptions, {"masking": {**stored, "more": 1}}, "masking")
    name = next(iter(stored))
    with pytest.raises(TypeError, match=f"expected a string as {name}, got 1"):
        options(MaskingOptions, {"masking": {**stored, name: 1}}, "masking")
