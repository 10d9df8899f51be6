"""How many examples hypothesis tries, by the profile: see tests/lanes.py."""

from __future__ import annotations

from hypothesis import settings


def of_a_hundred(usual: int) -> int:
    """So many where a test that says nothing has a hundred."""
    return max(1, usual * settings.default.max_examples // 100)
