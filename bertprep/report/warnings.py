"""The text and tokens of a run against bounds: are they what good text gives?

A figure out of its bounds is a finding: its value, what is likely behind it, and what helps.  The
bounds are those that no ordinary text broke: English and Chinese encyclopedias, novels, and some
sixty kinds of odd but good text, at 64 to 512 tokens a row; where a figure depends on the length of
rows, so does its bound.  Little text proves nothing: below a number of sentences, rows or lines,
nothing is said.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping

from bertprep.common.units import plural
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.oddities import notable_oddities
from bertprep.options import ReadOptions
from bertprep.shards.manifest_types import CorpusManifest, Finding
from bertprep.text.line_widths import spread_of_widths

LEAST_SENTENCES = 500
_LEAST_LINES = 100
_LEAST_TOKENS = 1000

_MANY_UNKNOWN = 0.01
_MANY_OPEN_LINES, _LIKE_WIDTHS = 0.6, 0.12
# Only lines hold so much, or words that the vocabulary spells letter by letter.
_LONG_MEAN = {"lines": 80, "rules": 100, "wrapped": 100, "thai": 100}
_MANY_PASSES = 50
_SHOWN = 8
_CUT = ("unterminated_document", "unterminated_page", "text_outside_document")


def prepared_findings(manifest: CorpusManifest) -> list[Finding]:
    """The figures of text and tokens that are out of bounds, whatever rows are made of it."""
    rules = (_wrapped, _unknown, _long_mean, _odd, _cut_documents, _undivided, _taken_often)
    return [found for rule in rules for found in rule(manifest)]


def sums_of(manifest: CorpusManifest) -> Counter[str]:
    """The counts of a run; of what was not counted there is none."""
    return Counter(manifest.sums)


def share_of(part: int, whole: int) -> float:
    """A part as a share of the whole; 0 of nothing."""
    return part / whole if whole else 0.0


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.05 else f"{share:.1%}"


def sentence_rule(manifest: CorpusManifest) -> str:
    """How sentences were found, as ``--sentences`` says it."""
    return manifest.read.sentences


def _wrapped(manifest: CorpusManifest) -> Iterator[Finding]:
    sums = sums_of(manifest)
    share = share_of(sums["open_lines"], sums["followed_lines"])
    if sums["followed_lines"] < _LEAST_LINES or share <= _MANY_OPEN_LINES:
        return
    if spread_of_widths(sums) <= _LIKE_WIDTHS:
        width = sums["open_line_bytes"] / sums["open_lines"]
        yield Finding(
            "hard_wrapped_lines",
            round(share, 4),
            f"{share:.0%} of the lines break off within a sentence, at a width of about "
            f"{width:.0f} bytes: the text is hard-wrapped, and each line was taken for a sentence; "
            "use --sentences wrapped (what two blank lines or more separate is a document then; "
            "--documents blank-line if one blank line does)",
        )


def _unknown(manifest: CorpusManifest) -> Iterator[Finding]:
    marks = share_of(sums_of(manifest)["unknown_marks"], manifest.tokens)
    share = manifest.statistics["unknown_token_share"] - marks
    marked = any(FORMATS[file.format].marks_unknown for file in manifest.inputs)
    if share <= _MANY_UNKNOWN or marked or manifest.tokens < _LEAST_TOKENS:
        return
    behind = "".join(
        f"; {what}: {_listed(counts)}"
        for what, counts in (
            ("words", manifest.unknown_words),
            ("characters", manifest.unknown_characters),
        )
        if counts
    )
    yield Finding(
        "unknown_tokens",
        round(share, 4),
        f"{_percent(share)} of the tokens are [UNK]: the vocabulary does not fit this text; "
        f"learn one from it with `bertprep vocab`, or give that of its language{behind}",
    )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in list(counts.items())[:_SHOWN])


def _long_mean(manifest: CorpusManifest) -> Iterator[Finding]:
    mean = share_of(manifest.tokens, manifest.sentences)
    limit = _LONG_MEAN[sentence_rule(manifest)]
    if mean <= limit or manifest.tokens < LEAST_SENTENCES * limit:
        return
    why = (
        "the vocabulary has few of the text's words and spells them; learn one with "
        "`bertprep vocab`, or give that of its language"
    )
    if sentence_rule(manifest) == "lines":
        why = "lines hold more than one sentence; use --sentences rules"
    yield Finding(
        "long_mean_sentence", round(mean, 2), f"a sentence has {mean:.0f} tokens on average: {why}"
    )


def _taken_often(manifest: CorpusManifest) -> Iterator[Finding]:
    """The input of a mixture that is repeated most, if a model would know it by heart."""
    most = max(manifest.mixture, key=lambda each: each.passes, default=None)
    if most and most.passes > _MANY_PASSES:
        distinct = plural(round(most.documents / most.passes), "document")
        yield Finding(
            "taken_often",
            most.passes,
            f"the input {most.input} of the mixture is taken {most.passes:,.0f} times, as it is "
            f"small ({distinct}) for the share it was to have: a model learns it by heart; give it "
            "a smaller --weight, or --smoothing",
        )


def _odd(manifest: CorpusManifest) -> Iterator[Finding]:
    """The oddities that the text holds."""
    for oddity in notable_oddities(manifest.sums):
        yield Finding(oddity.name, oddity.figure, oddity.text)


def _cut_documents(manifest: CorpusManifest) -> Iterator[Finding]:
    """Documents that files cut in two, both parts of which ``--bad-input drop`` leaves out."""
    if text := cut_documents_warning(manifest.drops):
        count = sum(manifest.drops.get(reason, 0) for reason in _CUT)
        yield Finding("cut_documents", count, text)


def cut_documents_warning(drops: Mapping[str, int]) -> str:
    """The warning of documents that begin in one file and end in another; "" if none do."""
    count = sum(drops.get(reason, 0) for reason in _CUT)
    if not count:
        return ""
    were = "part of a document was" if count == 1 else "parts of documents were"
    return (
        f"{count:,} {were} left out, as the beginning or the end is not in the same file: "
        "if the files are pieces of one (as of `split -b`), join them by cat, in order, and give "
        "that"
    )


def _undivided(manifest: CorpusManifest) -> Iterator[Finding]:
    """A mark that was named to stand between documents, and parts no file."""
    separator, files = manifest.read.document_separator, len(manifest.inputs)
    if not manifest.documents or manifest.documents > files:
        return
    if separator:
        named = f"--document-separator {shlex.quote(separator)}"
        why = "look how it is written there"
    elif _is_section_asked(manifest.read) and manifest.sentences > LEAST_SENTENCES * files:
        named, why = "--documents section", "no two blank lines stand between its texts"
    else:
        return
    if any(file.format != "text" for file in manifest.inputs):  # which have marks of their own
        return
    count = plural(manifest.documents, "document")
    yield Finding(
        "undivided_documents",
        manifest.documents,
        f"{named} parted none of {plural(files, 'file')} ({count}): {why}",
    )


def _is_section_asked(read: ReadOptions) -> bool:
    """Whether it was asked for, and is not what wrapped lines have by themselves."""
    return read.documents == "section" and read.sentences != "wrapped"
