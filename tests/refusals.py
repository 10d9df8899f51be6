"""How an option class refuses a value."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.errors import UsageError


def check_refused(kind: type, values: dict[str, Any], expected: str, got: str) -> None:
    """A usage error says the flag, what is expected and what came."""
    with pytest.raises(UsageError) as error:
        kind(**values)
    assert expected in str(error.value)
    assert f"; got {got}" in str(error.value)
    assert error.value.exit_code == 2


def check_taken(kind: type, values: dict[str, Any]) -> None:
    """The values are those of the fields."""
    options = kind(**values)
    assert {name: getattr(options, name) for name in values} == values
