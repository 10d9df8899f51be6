"""The last word of a run that succeeded."""

from __future__ import annotations

from pipelines.messages.voice import voice


def show_result(text: str) -> None:
    """Says what a run wrote; that nobody can be told does not make it a failure."""
    voice().result(text)
