"""Tells whether a file is prose all through, as far as it was looked at.

Each shape in `bertprep.corpus.shapes` looks at one stretch; here their findings of the head and of
the stretches from the middle are weighed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from bertprep.corpus.sample import Part, Sample
from bertprep.corpus.shapes import (
    alphabetical,
    annotated,
    blank_columns,
    code,
    conll,
    corpus_marks,
    entries,
    escapes,
    exports,
    gibberish,
    json_values,
    layout,
    lines,
    lists,
    logs,
    markup,
    notations,
    records,
    signs,
    spoiled_text,
    tables,
    timed,
    tokenized,
    uniform_lines,
    word_order,
    words,
)
from bertprep.corpus.shapes.finding import Finding
from bertprep.corpus.shapes.plain import is_plain

Shape = Callable[[Part], Finding | None]

# The first that finds something decides.
_SHAPES: tuple[Shape, ...] = (
    lines.subtitles,
    timed.timed_text,
    lines.mail,
    json_values.json_in_lines,
    escapes.overstrikes,
    escapes.terminal,
    lines.vocabulary,
    lines.addresses,
    lines.numbers,
    lines.encoded,
    blank_columns.merges,
    conll.conllu,
    conll.tagged_columns,
    tokenized.tagged_words,
    tokenized.trees,
    tokenized.pieces,
    blank_columns.token_lines,
    markup.wikiextractor_piece,
    markup.tags,
    annotated.annotated,
    lines.settings,
    markup.wiki_source,
    markup.wiki_headings,
    logs.log,
    notations.notations,
    lines.labels,
    lines.yaml,
    exports.references,
    exports.sequences,
    exports.sql,
    exports.quoted_printable,
    corpus_marks.separators,
    tables.table,
    blank_columns.columns,
    blank_columns.line_labels,
    blank_columns.trailing_labels,
    uniform_lines.classed_lines,
    alphabetical.alphabetical,
    layout.laid_out,
    markup.tex,
    notations.odd_notations,
    code.source_code,
    markup.markdown,
    records.field_blocks,
    escapes.forum,
    blank_columns.leading_columns,
    layout.directory,
    escapes.written_escapes,
    signs.no_letters,
    words.no_words,
    gibberish.bare_words,
    gibberish.gibberish,
    word_order.disordered,
    spoiled_text.spoiled,
    uniform_lines.regular_lines,
    escapes.controls,
    corpus_marks.repeated_rules,
    corpus_marks.numbered_marks,
    corpus_marks.first_signs,
    entries.entries,
    lists.lists,
)
_FEWEST_BYTES = 64
_MOST_CONTROLS = 0.05
_MOST_CONTROLS_OF_NO_TEXT = 0.01
_CUT_CHARACTER = 3
_PARTS, _LEAST_PART = 4, 1 << 12


def not_prose(sample: Sample) -> Finding | None:
    """Why the file is not to be read as prose, or is odd prose (then ``is_warning``); or None."""
    first, *others = map(shape_of, sample.parts)
    if first and not first.is_warning:
        return first
    counts = Counter(found.kind for found in others if found)
    if not counts:
        return first or _in_parts(sample.first)
    kind, count = counts.most_common(1)[0]
    found = next(found for found in others if found and found.kind == kind)
    if found.is_warning:
        return first or found
    if 2 * count > len(others) > 1:
        return found
    return _beside_prose(found, f"{count} of {len(sample.parts)} places that were looked at")


def _in_parts(head: Part) -> Finding | None:
    """The finding where prose stands before something else: that is at least half of the head."""
    size = len(head.data) // _PARTS
    if size < _LEAST_PART:
        return None
    edges = [size * number for number in range(_PARTS)] + [len(head.data)]
    parts = [
        Part(head.data[start:end], head.starts and not start, head.ends and end == edges[-1])
        for start, end in pairwise(edges)
    ]
    if shape_of(parts[0]):  # the whole was looked at, and found to be prose
        return None
    found = [shape for part in parts if (shape := shape_of(part))]
    counts = Counter(shape.kind for shape in found).most_common(1)
    if not counts or 2 * counts[0][1] < _PARTS:
        return None
    shape = next(shape for shape in found if shape.kind == counts[0][0])
    return _beside_prose(shape, f"{counts[0][1]} of {_PARTS} parts that were looked at")


def _beside_prose(found: Finding, where: str) -> Finding:
    """The finding for a file that holds prose, too: a command for the whole would spoil that."""
    advice = "take those parts out of the file, or leave it out by --exclude"
    return Finding(found.kind, f"{found.what}, in {where}", advice, is_warning=True)


def shape_of(part: Part) -> Finding | None:
    """The finding for one stretch, if it does not look like prose."""
    if is_plain(part.data) or not part.data.strip():
        return None
    return _binary(part) or next((found for shape in _SHAPES if (found := shape(part))), None)


def _binary(part: Part) -> Finding | None:
    """Bytes that are no text, in whatever encoding."""
    data = part.data
    if len(data) < _FEWEST_BYTES:
        return None
    controls = (len(data) - len(data.translate(None, escapes.CONTROLS))) / len(data)
    most = _MOST_CONTROLS if _is_utf8(data) else _MOST_CONTROLS_OF_NO_TEXT
    if controls < most:
        return None
    what = f"holds binary data, not text ({controls:.0%} of its bytes are control characters)"
    advice = (
        "leave it out by --exclude, or if it is text in another encoding, name that by --encoding"
    )
    return Finding("binary data", what, advice, is_side=True)


def _is_utf8(data: bytes) -> bool:
    try:
        data[_CUT_CHARACTER:-_CUT_CHARACTER].decode("utf-8")
    except UnicodeDecodeError as error:
        size = len(data) - 2 * _CUT_CHARACTER
        return error.start < _CUT_CHARACTER or error.start > size - _CUT_CHARACTER - 1
    return True
