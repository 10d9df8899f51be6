"""The part of the page that shows examples: text to read, what is to be predicted above it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bertprep.common.units import plural
from bertprep.report.decode import DecodedRow, Token, meaning_of
from bertprep.report.targets import is_masked
from bertprep.vocabulary.vocabulary import MASK, UNK, continued
from pipelines.inspect.markup import Markup, join, section, tag
from pipelines.inspect.overview import Overview

_CLOSING = frozenset(".,;:!?)]}%_\u2019\u201d\u2026")
_OPENING = frozenset("([{_\u2018\u201c$#")
_LONGEST_ANSWER = 20  # it is not broken into lines, and must fit a phone
_APOSTROPHES = frozenset("'\u2019")
_CONTRACTED = frozenset(("s", "t", "re", "ve", "ll", "d", "m"))


def examples_section(overview: Overview) -> Markup:
    """Some of the examples, to leaf through; without its script the page shows all of them."""
    examples, manifest = overview.examples, overview.manifest
    task = manifest.options.task
    if not examples:
        return section("examples", "Examples", "None were asked for.")
    masked = is_masked(manifest)
    note = (
        f"{len(examples):,} of {overview.example_count:,}, from all over the shards"
        + (". " if not masked else ", as the model sees them; above what it predicts, the answer. ")
        + "Tokens carry no spaces; those between them are a guess."
    )
    items = [_example(number, row, task) for number, row in enumerate(examples, 1)]
    kinds = sorted({kind for row in examples for kind in _kinds(row, task)})
    return section(
        "examples",
        "Examples",
        note,
        _controls(kinds, masked),
        _legend() if masked else "",
        tag("ol", *items, class_="examples", tabindex="0", aria_label="Examples"),
    )


def _controls(kinds: Sequence[str], masked: bool) -> Markup:
    """What leafs through the examples; the script shows it."""
    options = [tag("option", "all", value=""), *(tag("option", kind) for kind in kinds)]
    return tag(
        "div",
        tag("button", "←", type="button", data_step="-1", aria_label="Previous example"),
        tag("output", aria_live="polite"),
        tag("button", "→", type="button", data_step="1", aria_label="Next example"),
        tag("label", "Show ", tag("select", *options)),
        tag("label", "Find ", tag("input", type="search", autocomplete="off", spellcheck="false")),
        tag("label", tag("input", type="checkbox", checked=""), " answers") if masked else "",
        class_="controls",
        hidden="",
    )


def _legend() -> Markup:
    shown = (
        ("masked", MASK, "hidden"),
        ("random", "word", "replaced by a random one"),
        ("kept", "word", "kept"),
    )
    keys = [
        tag("span", tag("ruby", tag("span", seen), class_=kind), f" {meaning}")
        for kind, seen, meaning in shown
    ]
    return tag("p", *keys, class_="keys")


def _kinds(row: DecodedRow, task: str) -> list[str]:
    """What an example can be filtered by."""
    tokens = [*row.a, *(row.b or ())]
    kinds = [meaning_of(row.label, task)]
    kinds += ["with a random token"] if any(token.kind == "random" for token in tokens) else []
    kinds += ["with an [UNK]"] if any(token.seen == UNK for token in tokens) else []
    return [kind for kind in kinds if kind]


def _example(number: int, row: DecodedRow, task: str) -> Markup:
    tokens = [*row.a, *(row.b or ())]
    predicted = sum(token.answer is not None for token in tokens)
    said = meaning_of(row.label, task)
    facts = [said] if said else []
    facts.append(plural(len(tokens) + (2 if row.b is None else 3), "token"))
    facts += [f"{predicted} to predict"] if predicted else []
    return tag(
        "li",
        tag("h3", f"Example {number}"),
        tag("p", " · ".join(facts), class_="facts"),
        _segment("A", row.a),
        _segment("B", row.b) if row.b is not None else "",
        id=f"example-{number}",
        class_="example",
        data_kinds="|".join(_kinds(row, task)),
    )


def _segment(name: str, tokens: Sequence[Token]) -> Markup:
    text = tag("p", example_text(tokens), lang="", dir="auto")
    return tag("div", tag("span", name, class_="name"), text, class_="segment")


def example_text(tokens: Sequence[Token]) -> Markup:
    """Tokens as text to read."""
    parts: list[Markup | str] = []
    for token, is_glued in zip(tokens, _glued(tokens), strict=True):
        letters = continued(token.seen) if is_glued else None
        parts.append("" if is_glued or not parts else " ")
        parts.append(_token(token, token.seen if letters is None else letters))
    return join(*parts)


def _token(token: Token, seen: str) -> Markup:
    if token.answer is None:
        return tag("span", seen, class_="unknown") if token.seen == UNK else join(seen)
    answer = tag("rt", token.answer)
    if len(token.answer) > _LONGEST_ANSWER:
        answer = tag("rt", f"{token.answer[: _LONGEST_ANSWER - 1]}…", title=token.answer)
    parts = tag("span", seen), tag("rp", "("), answer, tag("rp", ")")
    return tag("ruby", *parts, class_=token.kind)


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
