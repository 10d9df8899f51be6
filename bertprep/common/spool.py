"""A file of texts that came from none: where it is, and how a resumed run knows it again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b

_TIMES = 10**9  # seconds from 1970 on: all long before any run


def existing_folder(path: str) -> str:
    """The local folder, or the nearest above it that is there."""
    folder = os.path.abspath(path)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def write_spool(path: str, parts: Iterable[bytes]) -> None:
    """Writes a file whose time of change its content decides.

    The same content is the same input to a run that is resumed, which goes by the time of a file.
    """
    digest = blake2b(digest_size=8)
    with open(path, "wb") as stream:
        for part in parts:
            digest.update(part)
            stream.write(part)
    seconds = int.from_bytes(digest.digest()) % _TIMES
    os.utime(path, (seconds, seconds))
