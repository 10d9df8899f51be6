"""Inputs and output are apart: no run reads what it or an earlier one writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import lru_cache

from bertprep.corpus.files import InputFile
from bertprep.errors import InputError
from bertprep.stores.schemes import is_remote
from pipelines.folders import files


def check_apart(corpus: Iterable[InputFile], patterns: Iterable[str], output: str) -> None:
    """Raises InputError where a run would read what an earlier one wrote, or the next one would.

    Args:
        corpus: the files to read.
        patterns: the INPUTs that named them.
        output: the folder to write to.
    """
    way_out = "name another output folder, or narrower INPUTs"
    real = lru_cache(None)(os.path.realpath)  # of folders: there may be many files
    for file in corpus:
        if _is_within(file.path, output, real):
            raise InputError(
                f"{file.path} is an INPUT and lies in the --output folder {output}; {way_out}"
            )
    for pattern in patterns:
        if os.path.isdir(pattern) and _is_within(output, pattern):
            raise InputError(
                f"the --output folder {output} lies in the INPUT {pattern}, and the next run would "
                f"read what this one writes; {way_out}"
            )


def _is_within(path: str, folder: str, real: Callable[[str], str] = os.path.realpath) -> bool:
    if not is_remote(path) and os.path.islink(path):
        path = os.path.realpath(path)
    elif not is_remote(path):
        path = os.path.join(real(os.path.dirname(path)), os.path.basename(path))
    folder = folder if is_remote(folder) else real(folder)
    return path.startswith(files.join(folder, ""))
