"""Small files of JSON that know whether they are whole: no bit of them was flipped or lost."""

from __future__ import annotations

import json
from typing import Any

from bertprep.common.digests import digest_of
from pipelines.folders import files


def write_sealed(path: str, content: Any) -> None:
    """Writes a value as JSON, behind a line with its SHA-256."""
    body = json.dumps(content, separators=(",", ":")).encode()
    files.write_bytes(path, digest_of(body).encode() + b"\n" + body)


def read_sealed(path: str) -> Any:
    """The value in a file that ``write_sealed`` wrote.

    Raises:
        ValueError: if it is not as it was written.
        OSError: if there is none.
    """
    digest, _, body = files.read_regular(path).partition(b"\n")
    if digest != digest_of(body).encode():
        raise ValueError(f"{path} is not as it was written")
    return json.loads(body)
