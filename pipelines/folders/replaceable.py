"""The files of an output folder that are an earlier run's, and may be replaced."""

from __future__ import annotations

import os
import re
from functools import cache

from bertprep.errors import InputError, OutputError
from bertprep.layouts.registry import file_names
from bertprep.shards.cleaned import TEXT_NAMES
from bertprep.shards.manifest_parsing import listed_names
from bertprep.shards.names import (
    MANIFEST_NAME,
    ORIGINS_FOLDER,
    PLACES_STEM,
    ROWS_FOLDER,
    RUN_NAME,
    SENTENCES_BIN,
    SENTENCES_INDEX,
    TEXT_FOLDER,
)
from bertprep.shards.origins import ORIGINS_NAMES
from bertprep.stores.schemes import is_remote
from pipelines.folders import files
from pipelines.folders.finished_folder import manifest_bytes, manifest_path, present_names
from pipelines.folders.remote_commit import half_done

PREPARED_FILE = re.compile(r"prepared-(?:(?:documents-)?\d{6,}(?:-\d{6,})?|index)\.arrow")


@cache
def _own_files() -> re.Pattern[str]:
    """The names of all files that runs write."""
    sentences = "|".join(map(re.escape, (SENTENCES_BIN, SENTENCES_INDEX)))
    return re.compile(
        rf"(?:(?:{ROWS_FOLDER}|{ORIGINS_FOLDER})/)?(?:{file_names()})|{sentences}"
        rf"|{ORIGINS_FOLDER}/(?:{ORIGINS_NAMES}|{PLACES_STEM}-\d{{6,}}\.arrow)"
        rf"|{TEXT_FOLDER}/{TEXT_NAMES}"
        r"|manifest\.json|run\.json|dropped\.jsonl|vocab\.txt|tokenizer\.json"
        rf"|tokenizer_config\.json|{PREPARED_FILE.pattern}"
    )


def check_replaceable(output: str, root: str, overwrite: bool) -> None:
    """Raises OutputError where a folder holds what a run is not to replace.

    Args:
        output: the folder, as the user knows it.
        root: the work folder, which may lie in it.
        overwrite: whether what an earlier run wrote there is replaced.
    """
    names = present_names(output)
    present = [name for name in names if files.join(canonical(output), name) != root]
    ours = written_before(output) | half_done(root)
    if present and not ours:
        raise OutputError(
            f"{output} is not empty (it holds {present[0]}), and bertprep wrote nothing "
            "of it; name a new folder"
        )
    if present and not overwrite:
        raise OutputError(
            f"{output} is not empty (it holds {present[0]}); name a new folder, or "
            "replace what bertprep wrote there before by --overwrite"
        )
    for name in present:
        if _own_files().fullmatch(name) and name not in ours:
            raise OutputError(
                f"{files.join(output, name)} is not of a finished bertprep run, and "
                "--overwrite replaces nothing else; move it away, or name another folder"
            )


def canonical(folder: str) -> str:
    """The path of a folder by which two names of it are told to be one."""
    return folder if is_remote(folder) else os.path.realpath(folder)


def written_before(folder: str) -> set[str]:
    """Which of the files in a folder are those of a finished bertprep run, by its manifest."""
    try:
        names = listed_names(manifest_bytes(folder), manifest_path(folder))
    except (InputError, OSError):
        return set()
    if not names:
        return set()
    return {MANIFEST_NAME, RUN_NAME, *names} & set(present_names(folder))
