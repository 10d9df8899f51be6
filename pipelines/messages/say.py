"""Lines for the user while a job runs, and the last word of one that succeeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.messages.audience import voice


def say(text: str) -> None:
    """A line for the user while a job runs, which goes on if no line can be written."""
    voice().note(text)


def tell(text: str) -> None:
    """A line for those who want to be told more."""
    voice().detail(text)


def warn(texts: Sequence[str]) -> None:
    """Lines for the user of what is allowed but probably not meant."""
    for text in texts:
        voice().warning(text)


def show_result(text: str, figures: Mapping[str, Any] | None = None) -> None:
    """Says what a run wrote; that nobody can be told does not make it a failure.

    Args:
        text: a line for each figure.
        figures: the same, and more, as JSON has it.
    """
    voice().result(text, figures)
