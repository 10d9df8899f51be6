"""Moves of many files, all or none, even if the run is killed between two of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipelines.folders import files

Moves = Sequence[tuple[str, str]]


def move_all(moves: Moves, journal: str) -> None:
    """Moves each source to its target, in order; if anything fails, all are where they were.

    What is to be moved is written to the file ``journal`` first, for ``put_back``.
    """
    files.write_bytes(journal, json.dumps(list(moves)).encode())
    try:
        for source, target in moves:
            files.rename(source, target)
    except BaseException:
        put_back(journal)
        raise


def put_back(journal: str, finished: bool = True) -> None:
    """Undoes the moves of a journal, if it is there, and removes it.

    Moves that came to their end are undone only if ``finished``.
    """
    if not files.exists(journal):
        return
    moves = _moves_in(journal)
    if moves and (finished or files.exists(moves[-1][0])):
        for source, target in reversed(moves):
            if files.exists(target) and not files.exists(source):
                files.rename(target, source)
    files.remove(journal)


def _moves_in(journal: str) -> Moves:
    try:
        moves: Moves = json.loads(files.read_bytes(journal))
    except ValueError:  # spoiled by a power cut before anything was moved
        return []
    return moves
