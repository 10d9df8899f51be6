"""Texts that rules judge."""

from __future__ import annotations

from bertprep.cleaning.rules import Rules
from bertprep.options import CleanOptions


def verdict(text: str, **options: object) -> tuple[str, list[str]]:
    reasons: list[str] = []
    rules = Rules(CleanOptions(**options))  # type: ignore[arg-type]
    return rules.kept(text, lambda reason, what: reasons.append(reason)), reasons
