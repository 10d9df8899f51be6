"""The lines of a summary on the text that was read: documents, words, tokens, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bertprep.common.drops import REASONS
from bertprep.corpus.repeats import describe_repeats
from bertprep.corpus.shared_texts import KEPT
from bertprep.shards.manifest_types import CorpusManifest, Manifest, MixedInput
from pipelines.messages.cleaning import describe_cleaning

_SHOWN_NAMES = 6
_NO_NAMES: Mapping[str, int] = MappingProxyType({})


def _repeat_lines(manifest: CorpusManifest) -> list[str]:
    said = describe_repeats(manifest.repeated_lines, manifest.documents)
    return [named_line("repeated", said)] if said else []


def corpus_lines(manifest: CorpusManifest) -> list[str]:
    """The lines on documents, sentences, words and tokens."""
    unknown = manifest.statistics["unknown_token_share"]
    return [
        named_line("documents", f"{manifest.documents:,}{_copies(manifest)}"),
        *cleaning_lines(manifest),
        *mixture_lines(manifest),
        *_repeat_lines(manifest),
        named_line("sentences", f"{manifest.sentences:,}"),
        *_language_lines(manifest),
        *_word_lines(manifest),
        named_line(
            "tokens",
            f"{manifest.tokens:,} ({unknown:.3%} [UNK]), "
            f"{casing(manifest)} vocabulary of {manifest.vocabulary.size:,}",
        ),
    ]


def cleaning_lines(manifest: Manifest) -> list[str]:
    """The line on how the documents were cleaned, if they were."""
    clean = manifest.read.clean
    return [named_line("cleaned", f"by {describe_cleaning(clean)}")] if clean else []


def mixture_lines(manifest: Manifest) -> list[str]:
    """The lines on the inputs of a mixture."""
    total = sum(each.taken for each in manifest.mixture)
    return [
        named_line(
            "mixture" if number == 0 else "",
            f"{each.input}: {each.taken / total:.1%} ({each.taken:,} of {each.read:,} x "
            f"{each.passes:.4g}){_shared(each)}",
        )
        for number, each in enumerate(manifest.mixture)
        if total
    ]


def _shared(each: MixedInput) -> str:
    if not each.shared:
        return ""
    about = "about " if each.documents > KEPT else ""
    return (
        f", {about}{each.shared:,} of its texts in another input, too "
        "(--duplicates documents takes such once)"
    )


def _language_lines(manifest: CorpusManifest) -> list[str]:
    """Whose abbreviations were taken, and for how many of the documents it mattered."""
    prefix = "language_"
    found = {
        name.removeprefix(prefix): count
        for name, count in manifest.sums.items()
        if name.startswith(prefix)
    }
    if not found:
        return []
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    more = f" and {len(ordered) - 6} more" if len(ordered) > 6 else ""
    shown = ", ".join(f"{name} {count:,}" for name, count in ordered[:6])
    return [
        named_line("languages", f"{shown}{more}: documents, by whose abbreviations they are cut")
    ]


def _word_lines(manifest: CorpusManifest) -> list[str]:
    """The lines on a word segmenter's words, and how many of them the tokens cannot follow."""
    words, misfits = (manifest.sums.get(name, 0) for name in ("segmented_words", "misfit_words"))
    if not words:
        return []
    share = f"{misfits / words:.2%} do not fit tokens: masked with a neighbour or in parts"
    return [named_line("words", f"{words:,} of Chinese or Japanese; {share}")]


def _copies(manifest: CorpusManifest) -> str:
    """How many documents are there more than once, if any is."""
    copies = manifest.copies
    if not copies.repeated:
        return ""
    more = manifest.documents - copies.texts
    return f", {more:,} of them equal to another (one text is there {copies.most_copies:,} times)"


def _named(names: Mapping[str, int], reason: str) -> str:
    """The names that are most frequent among what was left out for a reason."""
    found = [(name, n) for name, n in names.items() if name.startswith(f"{reason}:")]
    shown = ", ".join(f"{name.partition(':')[2]} {n:,}" for name, n in found[:_SHOWN_NAMES])
    return f": {shown}{', ...' * (len(found) > _SHOWN_NAMES)}" if shown else ""


def drop_lines(drops: Mapping[str, int], names: Mapping[str, int] = _NO_NAMES) -> list[str]:
    """The lines on what was left out, by reason, the most frequent names behind each."""
    if not drops:
        return [named_line("left out", "nothing")]
    return [
        named_line(
            "left out" if i == 0 else "",
            f"{reason} {count:,} ({REASONS.get(reason, reason)}){_named(names, reason)}",
        )
        for i, (reason, count) in enumerate(drops.items())
    ]


def casing(manifest: Manifest) -> str:
    """How the vocabulary treats capitals and accents, in a few words."""
    entry = manifest.vocabulary
    accents = entry.settings.strip_accents
    if entry.settings.whole:
        return f"read by {entry.file}"
    if entry.lowercase:
        return "uncased" if accents is None else "uncased (accents kept)"
    return "cased" if accents is None else "cased (accents stripped)"


def named_line(name: str, text: str) -> str:
    """A line of a summary."""
    return f"{name:<12} {text}"
