"""Moves of many files, all or none, even if the run is killed between two of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from bertprep.stores.schemes import is_remote
from pipelines.folders import files
from pipelines.folders.checked_json import read_sealed, write_sealed

Moves = Sequence[tuple[str, str]]


def move_all(moves: Moves, journal: str) -> None:
    """Moves each source to its target, in order; if anything fails, all are where they were.

    What is to be moved is written to the file ``journal`` first, for ``put_back``.
    """
    write_sealed(journal, list(moves))
    try:
        for source, target in moves:
            _move(source, target)
    except BaseException:
        _undo(moves)
        files.remove(journal)
        raise


def put_back(journal: str, folders: Sequence[str], finished: bool = True) -> None:
    """Undoes the moves of a journal, if it is there, and removes it.

    Args:
        journal: its path.
        folders: those that the moves may be between; a journal that leads out of them, or that is
            not as it was written, is none.
        finished: whether moves that came to their end are undone, too.
    """
    if not files.exists(journal):
        return
    moves = _moves_in(journal, folders)
    if moves and (finished or files.exists(moves[-1][0])):
        _undo(moves)
    files.remove(journal)


def is_done(journal: str, folders: Sequence[str]) -> bool:
    """Whether there is a journal, and all its moves came to their end."""
    moves = _moves_in(journal, folders) if files.exists(journal) else []
    return bool(moves) and files.exists(moves[-1][1]) and not files.exists(moves[-1][0])


def _move(source: str, target: str) -> None:
    if not is_remote(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
    files.rename(source, target)


def _undo(moves: Moves) -> None:
    for source, target in reversed(moves):
        if files.exists(target) and not files.exists(source):
            _move(target, source)


def _moves_in(journal: str, folders: Sequence[str]) -> Moves:
    try:
        moves = [(source, target) for source, target in read_sealed(journal)]
        inside = all(_is_inside(path, folders) for move in moves for path in move)
    except (ValueError, TypeError, AttributeError):
        return []
    return moves if inside else []


def _is_inside(path: Any, folders: Sequence[str]) -> bool:
    is_plain = ".." not in path.split("/") and "\0" not in path
    return is_plain and any(path.startswith(files.join(folder, "")) for folder in folders)
