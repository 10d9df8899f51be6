"""The outcome of a run against bounds: is the result what good text gives?

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
from bertprep.corpus.formats.registry import FORMATS, ROW_FORMATS
from bertprep.corpus.oddities import notable_oddities
from bertprep.options import ReadOptions
from bertprep.shards.manifest_types import CorpusManifest, Finding, ShardManifest
from bertprep.text.line_widths import spread_of_widths

_LEAST_SENTENCES = 500
_LEAST_DOCUMENTS = 50
_LEAST_ROWS = 500
_LEAST_LINES = 100
_LEAST_TOKENS = 1000

_MANY_UNKNOWN = 0.01
_MANY_OPEN_LINES, _LIKE_WIDTHS = 0.6, 0.12
_SHORT_MEAN, _MANY_LONE_MARKS = 5, 0.05
# Only lines hold so much, or words that the vocabulary spells letter by letter.
_LONG_MEAN = {"lines": 80, "rules": 100, "wrapped": 100, "thai": 100}
_LEAST_RANDOM, _MOST_RANDOM = 0.48, 0.70
_MANY_SINGLE, _RANDOM_WITH_SINGLE = 0.35, 0.65
_MANY_UNPREDICTABLE = 0.01
# Of tokens of a row: the share of sentences that may be longer than half of it, and of tokens that
# may be truncated.
_LONG_SENTENCES = {64: 0.75, 128: 0.25, 256: 0.1, 512: 0.05}
_TRUNCATED = {64: 0.4, 128: 0.27, 256: 0.25}
# Long sentences that fit after all do no harm.
_TRUNCATED_BY_LONG = 0.15
_MANY_UNSEEN, _PASSES_TO_SEE = 0.05, 5
_MANY_PASSES = 50
_SHOWN = 8
_CUT = ("unterminated_document", "unterminated_page", "text_outside_document")


def prepared_findings(manifest: CorpusManifest) -> list[Finding]:
    """The figures of text and tokens that are out of bounds, whatever rows are made of it."""
    rules = (_wrapped, _unknown, _long_mean, _odd, _cut_documents, _undivided, _taken_often)
    return [found for rule in rules for found in rule(manifest)]


def shard_findings(manifest: ShardManifest) -> list[Finding]:
    """The figures of text, tokens and rows that are out of bounds."""
    rules = (_broken_up, _unpredictable, _truncated, _unseen, _long_sentences)
    found = [*prepared_findings(manifest), *(f for rule in rules for f in rule(manifest))]
    if manifest.options.task == "nsp":
        found.extend(_random_next(manifest))
    return found


def _sums(manifest: CorpusManifest) -> Counter[str]:
    return Counter(manifest.sums)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.05 else f"{share:.1%}"


def _sentence_rule(manifest: CorpusManifest) -> str:
    return manifest.read.sentences


def _wrapped(manifest: CorpusManifest) -> Iterator[Finding]:
    sums = _sums(manifest)
    share = _share(sums["open_lines"], sums["followed_lines"])
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
    marks = _share(_sums(manifest)["unknown_marks"], manifest.tokens)
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
    mean = _share(manifest.tokens, manifest.sentences)
    limit = _LONG_MEAN[_sentence_rule(manifest)]
    if mean <= limit or manifest.tokens < _LEAST_SENTENCES * limit:
        return
    why = (
        "the vocabulary has few of the text's words and spells them; learn one with "
        "`bertprep vocab`, or give that of its language"
    )
    if _sentence_rule(manifest) == "lines":
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
    elif _is_section_asked(manifest.read) and manifest.sentences > _LEAST_SENTENCES * files:
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


def _broken_up(manifest: ShardManifest) -> Iterator[Finding]:
    """A token a line: short sentences alone may be a poem or a list, lone stops are not."""
    sums, sentences = _sums(manifest), manifest.sentences
    mean, lone = _share(manifest.tokens, sentences), _share(sums["lone_marks"], sentences)
    if sentences >= _LEAST_SENTENCES and mean < _SHORT_MEAN and lone > _MANY_LONE_MARKS:
        yield Finding(
            "short_mean_sentence",
            round(mean, 2),
            f"a sentence has {mean:.1f} tokens on average, and {lone:.0%} are a punctuation mark "
            "alone: each line holds a word, not a sentence; use --sentences wrapped",
        )


def _unpredictable(manifest: ShardManifest) -> Iterator[Finding]:
    dropped = manifest.drops.get("nothing_to_predict", 0)
    share = _share(dropped, dropped + _sums(manifest)["examples"])
    if share <= _MANY_UNPREDICTABLE or dropped < _LEAST_ROWS * _MANY_UNPREDICTABLE:
        return
    why = "all their tokens are [UNK]; learn a vocabulary of this text with `bertprep vocab`"
    if manifest.options.masking == "whole-word":
        why = (
            "each of their words has more pieces than may be predicted, or is [UNK]; use --masking "
            "token, or a vocabulary of this text"
        )
    yield Finding(
        "rows_without_predictions", round(share, 4), f"{share:.1%} of the rows were left out: {why}"
    )


def _by_length(bounds: Mapping[int, float], max_seq_length: int) -> float:
    """The bound for rows of this length: that of the next shorter length there is one of."""
    return bounds[max((length for length in bounds if length <= max_seq_length), default=64)]


def _truncated(manifest: ShardManifest) -> Iterator[Finding]:
    sums, length = _sums(manifest), manifest.options.max_seq_length
    share = _share(sums["truncated_own_tokens"], sums["offered_tokens"])
    if sums["examples"] >= _LEAST_ROWS and share > _by_length(_TRUNCATED, length):
        yield Finding(
            "truncated_tokens",
            round(share, 4),
            f"{share:.0%} of the tokens a pass are cut off at {length} tokens a row: "
            f"{_why_long(manifest)}",
        )


def _long_sentences(manifest: ShardManifest) -> Iterator[Finding]:
    sums, length = _sums(manifest), manifest.options.max_seq_length
    share = _share(sums["long_sentences"], manifest.sentences)
    enough = manifest.sentences >= _LEAST_SENTENCES
    paired = manifest.options.task != "none"
    harms = _share(sums["truncated_own_tokens"], sums["offered_tokens"]) > _TRUNCATED_BY_LONG
    if enough and paired and harms and share > _by_length(_LONG_SENTENCES, length):
        yield Finding(
            "long_sentences",
            round(share, 4),
            f"{share:.0%} of the sentences are longer than half a row of {length} tokens: "
            f"{_why_long(manifest)}",
        )


def _unseen(manifest: ShardManifest) -> Iterator[Finding]:
    sums, passes = _sums(manifest), manifest.options.dupe_factor
    share = _share(sums["unseen_tokens"], manifest.tokens)
    enough = sums["examples"] >= _LEAST_ROWS and passes >= _PASSES_TO_SEE
    if enough and share > _MANY_UNSEEN:
        yield Finding(
            "unseen_tokens",
            round(share, 4),
            f"{share:.0%} of the tokens are in no row of {passes} passes: {_why_long(manifest)}",
        )


def _why_long(manifest: ShardManifest) -> str:
    if _sentence_rule(manifest) == "lines":
        return (
            "lines hold more than one sentence, or rows are short; use --sentences rules, or a "
            "larger --max-seq-length"
        )
    return (
        "rows are short for this text; use a larger --max-seq-length, or --task none, which "
        "fills rows without pairs"
    )


def _with_next_sentences(manifest: ShardManifest) -> str:
    """How to have documents of more sentences."""
    formats = {file.format for file in manifest.inputs}
    if formats and formats <= ROW_FORMATS:
        return (
            "if rows are the sentences of longer texts, one after the other, as of BookCorpus, use "
            "--input-format bookcorpus; if they are parts of longer texts, put each text in one; "
            "if not, use --task none"
        )
    if formats - {"text"}:
        return "if they are parts of longer texts, put each text in one; if not, use --task none"
    return (
        "if they are parts of longer texts, put each text in a file of its own and use "
        "--documents file, or name what parts texts by --document-separator; if not, use "
        "--task none"
    )


def why_random_next(manifest: ShardManifest) -> str:
    """The reason for many random pairs, in the figures of the documents, and what helps."""
    sentences = manifest.sentences / max(1, manifest.documents)
    length = manifest.tokens / max(1, manifest.sentences)
    single = _share(_sums(manifest)["single_sentence_documents"], manifest.documents)
    room = manifest.options.max_num_tokens
    cause = (
        f"the B of a chunk of one sentence is always random; documents have {sentences:.1f} "
        f"sentences of {length:.0f} tokens on average, {single:.0%} of them one alone, and a row "
        f"has room for {room}"
    )
    if sentences * length > 2 * room:  # not the documents are short, but the rows
        return f"{cause}: use a larger --max-seq-length, or see that sentences end where they do"
    return f"{cause}: {_with_next_sentences(manifest)}"


def _random_next(manifest: ShardManifest) -> Iterator[Finding]:
    share = manifest.statistics["positive_label_share"]
    if share == 1:
        yield Finding(
            "all_pairs_random",
            1.0,
            "all pairs are random, as no document has a second sentence for them, and there is "
            f"nothing to learn of that: {_with_next_sentences(manifest)}",
        )
        return
    if _sums(manifest)["examples"] < _LEAST_ROWS:
        return
    documents = manifest.documents
    single = _share(_sums(manifest)["single_sentence_documents"], documents)
    if documents >= _LEAST_DOCUMENTS and single > _MANY_SINGLE and share > _RANDOM_WITH_SINGLE:
        yield Finding(
            "single_sentence_documents",
            round(single, 4),
            f"{single:.0%} of the documents are one sentence, which has no next one, and "
            f"{share:.0%} of the pairs are random: {_with_next_sentences(manifest)}",
        )
    elif not _LEAST_RANDOM <= share <= _MOST_RANDOM:
        yield Finding(
            "random_next_share",
            share,
            f"{share:.1%} of the pairs are random, not about half: most documents or what rows "
            f"hold of them are a sentence or two: {_with_next_sentences(manifest)}",
        )
