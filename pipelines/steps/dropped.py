"""The file of what a step left out, if it is to be written."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bertprep.common.digests import digest_of
from pipelines.folders import files


def write_dropped(path: str, dropped: Sequence[dict[str, object]]) -> dict[str, str]:
    """Writes records as JSON lines, if there are any; the SHA-256 of the file by its path."""
    if not dropped:
        return {}
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in dropped)
    data = "".join(lines).encode("utf-8")
    files.write_bytes(path, data)
    return {path: digest_of(data)}
