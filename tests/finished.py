"""Finished folders, as tests compare them: their files, and what their manifests say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bertprep.shards.names import MANIFEST_NAME, RUN_NAME


def contents(folder: Path) -> dict[str, bytes]:
    """All files by their names, but for the one that tells when the run was."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != RUN_NAME]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / MANIFEST_NAME).read_text("utf-8"))
    return found
