"""Streams that are only looked into."""

from __future__ import annotations

from typing import Any, BinaryIO


class EnoughRead(Exception):  # noqa: N818 - no error
    """So much was read that the rest is left to the run."""


class Limited:
    """A stream that can be read up to a limit, which several of them share.

    ``left`` holds the bytes that are left; where more are read, EnoughRead is raised.
    """

    def __init__(self, stream: BinaryIO, left: list[int]) -> None:
        self._stream = stream
        self._left = left

    def read(self, size: int = -1) -> bytes:
        """As a stream's; EnoughRead where the limit is passed."""
        data = self._stream.read(size)
        self._left[0] -= len(data)
        if self._left[0] < 0:
            raise EnoughRead
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
