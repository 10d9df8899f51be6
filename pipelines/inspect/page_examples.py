"""The part of the page that shows examples: text to read, what is to be predicted above it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from bertprep.common.units import plural
from bertprep.report.decode import DecodedRow, Token, meaning_of
from bertprep.report.targets import is_masked
from bertprep.settings.row_length import special_tokens
from bertprep.vocabulary.reading_settings import UNK
from bertprep.vocabulary.vocabulary import continued
from pipelines.inspect.overview import Overview, Source

_CLOSING = frozenset(".,;:!?)]}%_\u2019\u201d\u2026")
_OPENING = frozenset("([{_\u2018\u201c$#")
_LONGEST_ANSWER = 20  # it is not broken into lines, and must fit a phone
_APOSTROPHES = frozenset("'\u2019")
_CONTRACTED = frozenset(("s", "t", "re", "ve", "ll", "d", "m"))


def examples_view(overview: Overview) -> dict[str, Any]:
    """Some of the examples, to leaf through; without its script the page shows all of them."""
    examples, manifest = overview.examples, overview.manifest
    task = manifest.options.task
    if not examples:
        return {"note": "None were asked for.", "shown": []}
    masked = is_masked(manifest)
    note = (
        f"{len(examples):,} of {overview.example_count:,}, from all over the shards"
        + (". " if not masked else ", as the model sees them; above what it predicts, the answer. ")
        + "Tokens carry no spaces; those between them are a guess."
    )
    return {
        "note": note,
        "masked": masked,
        "kinds": sorted({kind for row in examples for kind in _kinds(row, task)}),
        "shown": [_example(row, source, task) for row, source in overview.sourced_examples()],
    }


def _kinds(row: DecodedRow, task: str) -> list[str]:
    """The properties by which an example can be filtered."""
    tokens = [*row.a, *(row.b or ())]
    kinds = [meaning_of(row.label, task)]
    kinds += ["with a random token"] if any(token.kind == "random" for token in tokens) else []
    kinds += ["with an [UNK]"] if any(token.seen == UNK for token in tokens) else []
    return [kind for kind in kinds if kind]


def _example(row: DecodedRow, source: Source, task: str) -> dict[str, Any]:
    tokens = [*row.a, *(row.b or ())]
    predicted = sum(token.answer is not None for token in tokens)
    said = meaning_of(row.label, task)
    facts = [said] if said else []
    facts.append(plural(len(tokens) + special_tokens(row.b is not None), "token"))
    facts += [f"{predicted} to predict"] if predicted else []
    segments = [("A", list(parts(row.a)), source.a)]
    if row.b is not None:
        segments.append(("B", list(parts(row.b)), source.b))
    return {"kinds": _kinds(row, task), "facts": facts, "segments": segments}


def parts(tokens: Sequence[Token]) -> Iterator[dict[str, str | None]]:
    """Each token with the gap before it, what it is, and the answer that stands above it."""
    for i, (token, is_glued) in enumerate(zip(tokens, _glued(tokens), strict=True)):
        letters = continued(token.seen) if is_glued else None
        seen = token.seen if letters is None else letters
        answer, full = token.answer, None
        if answer is not None and len(answer) > _LONGEST_ANSWER:
            answer, full = f"{answer[: _LONGEST_ANSWER - 1]}…", answer
        kind = token.kind if answer is not None else "unknown" if token.seen == UNK else None
        gap = "" if is_glued or not i else " "
        yield {
            "gap": gap,
            "seen": seen or token.seen,
            "kind": kind,
            "answer": answer,
            "full": full,
        }


def _glued(tokens: Sequence[Token]) -> list[bool]:
    """Whether each token stands close to the one before it, as far as tokens tell."""
    # A token that is hidden stands where its answer does.
    words = [t.answer if t.answer and t.kind == "masked" else t.seen for t in tokens]
    glued = [False] * len(words)
    for i in range(1, len(words)):
        before, word = words[i - 1], words[i]
        continues = continued(word) is not None and tokens[i].kind != "random"
        glued[i] |= continues or word in _CLOSING or before in _OPENING
        glued[i] |= _is_wide(before[-1:]) and _is_wide(word[:1])
        if word in _APOSTROPHES and i + 1 < len(words) and words[i + 1] in _CONTRACTED:
            glued[i] = glued[i + 1] = True
    return glued


def _is_wide(character: str) -> bool:
    """Chinese and Japanese, which are written without blanks; Korean is not."""
    if not character or "\uac00" <= character <= "\ud7a3":
        return False
    return unicodedata.east_asian_width(character) in "WF"
