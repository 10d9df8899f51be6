"""Findings: the problems of one shard."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Findings:
    """The problems of one shard.

    Attributes:
        rows: how many it holds; None as long as that cannot be told.
        problems: (row, message); row None where it is the file's.  Only the first few are kept.
        count: of all problems.
        kept: how many problems are kept.
    """

    rows: int | None = None
    problems: list[tuple[int | None, str]] = field(default_factory=list)
    count: int = 0
    kept: int = 40

    def add(self, message: str, row: int | None = None) -> None:
        """Counts a problem of a row, or of the file, and keeps it if few were found before."""
        self.count += 1
        if len(self.problems) < self.kept:
            self.problems.append((row, message))
