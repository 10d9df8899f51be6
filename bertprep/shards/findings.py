"""What was found wrong in a shard."""

from __future__ import annotations

from dataclasses import dataclass, field

_KEPT_PROBLEMS = 40


@dataclass
class Findings:
    """What was found in one shard.

    Attributes:
        rows: how many it holds; None as long as that cannot be told.
        problems: (row, message); row None where it is the file's.  Only the first few are kept.
        count: of all problems.
    """

    rows: int | None = None
    problems: list[tuple[int | None, str]] = field(default_factory=list)
    count: int = 0

    def add(self, message: str, row: int | None = None) -> None:
        self.count += 1
        if len(self.problems) < _KEPT_PROBLEMS:
            self.problems.append((row, message))
