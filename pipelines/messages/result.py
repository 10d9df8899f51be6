"""The last word of a run that succeeded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.messages.voice import voice


def show_result(text: str, figures: Mapping[str, Any] | None = None) -> None:
    """Says what a run wrote; that nobody can be told does not make it a failure.

    Args:
        text: a line for each figure.
        figures: the same, and more, as JSON has it.
    """
    voice().result(text, figures)
