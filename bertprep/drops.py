"""Nothing is lost silently: what is left out has a reason, a count and, if asked, a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

DropWriter = Callable[[dict[str, object]], None]

# reason -> what the user is told
REASONS = {
    "empty_document": "documents without any token",
    "title_line": "title lines that WikiExtractor repeats in the text",
    "bad_json": "lines that are not a JSON object",
    "no_text": "JSON lines without a text",
    "bad_pair": "lines that are not two sentences with one tab between",
    "not_utf8": "documents that are not UTF-8",
    "unterminated_document": "<doc> without its </doc>",
    "text_outside_document": "stretches of text outside of <doc> and </doc>",
    "damaged_gzip": "damaged .gz files, read up to the damage",
    "empty_sentence": "sentences without any token (control characters only)",
    "rare_word": "of the rarest distinct words, beyond the 2,000,000 a vocabulary is learned from",
    "unsplittable_sentence": "lone sentences that --task sop could not split",
}


class Drops:
    """Counts what is left out, by reason, and passes each on to ``writer`` where there is one."""

    def __init__(self, writer: DropWriter | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._writer = writer

    def add(self, reason: str, name: str, offset: int, content: bytes | str = b"") -> None:
        """Notes one drop: ``offset`` is the byte in file ``name`` where it starts."""
        self.counts[reason] += 1
        if self._writer:
            # A JSON string may hold half a surrogate pair, which no file can be given.
            raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
            text = raw.decode("utf-8", "replace")
            self._writer({"reason": reason, "file": name, "offset": offset, "text": text})
