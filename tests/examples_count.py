"""How many examples hypothesis tries, by the profile: `make test-fast` tries a tenth."""

from __future__ import annotations

from hypothesis import settings


def of_a_hundred(usual: int) -> int:
    """So many where a test that says nothing has the usual hundred."""
    return max(1, usual * settings.default.max_examples // 100)
