"""Lines for the user while a job runs."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.messages.voice import voice


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
