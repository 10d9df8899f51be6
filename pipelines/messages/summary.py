"""The text shown before and after a run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any

from bertprep.common.drops import REASONS
from bertprep.common.units import plural, size
from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.registry import FORMATS, recognised_formats
from bertprep.corpus.repeats import describe_repeats
from bertprep.corpus.shared_texts import KEPT
from bertprep.examples.coverage import LOSSES
from bertprep.examples.statistics import predictions_kept
from bertprep.options import OFFICIAL_POSITIONS, ReadOptions, ShardOptions, VocabOptions
from bertprep.shards.cleaned import Cleaned
from bertprep.shards.manifest_types import (
    Alphabet,
    CorpusManifest,
    Manifest,
    MixedInput,
    PreparedManifest,
    ShardManifest,
    VocabManifest,
)
from pipelines.messages.cleaning import describe_cleaning

_SHOWN_NAMES = 6
_NO_NAMES: Mapping[str, int] = MappingProxyType({})
_SENTENCES = {
    "rules": "sentences by rules, a line break ends one",
    "wrapped": "sentences by rules, lines are hard-wrapped",
    "lines": "one sentence a line",
    "thai": "sentences by rules, of Thai by pythainlp's crfcut",
}
_WITH_FIELDS = {name for name, known in FORMATS.items() if known.has_fields}
_SEGMENTED = {name for name, known in FORMATS.items() if known.is_segmented}

# Where standard input waits.
_STDIN = re.compile(r"\S*/\.bertprep-[^/\s]+/stdin(?=\s)")
_BINS_WIDTH = 84
_SHOWN_CHARACTERS = 8
_ODD_SHOWN = 5


def describe_inputs(
    corpus: Sequence[InputFile], read: ReadOptions, workers: int | None, in_sentences: bool = True
) -> str:
    """A description of the files to read, by so many processes (None: as the runner decides)."""
    formats = {file.format for file in corpus}
    total = size(sum(file.size for file in corpus))
    kinds = [_kind(entry, read) for entry in recognised_formats(corpus, read)]
    if in_sentences and _SEGMENTED & formats:
        kinds.append(_SENTENCES[read.sentences])
    if read.clean:
        kinds.append(f"cleaned by {describe_cleaning(read.clean)}")
    return f"reading {total}: {'; '.join(kinds)}; {_processes(workers)}"


def _kind(recognised: Mapping[str, Any], read: ReadOptions) -> str:
    """How many files are of a format, what of it there is to say, and why they are."""
    known, rows = FORMATS[recognised["format"]], recognised.get("rows", "")
    detail = known.detail(read)
    shown = f"{_files(recognised['files'])} of {known.shown}{detail and f', {detail}'}"
    if rows:
        shown += f"; each line is a row of {FORMATS[rows].shown}"
        if read.input_format == "auto":
            shown += f" (--input-format {rows} makes each a document)"
    return f"{shown}: {recognised['evidence']}"


def input_warnings(corpus: Sequence[InputFile], read: ReadOptions) -> list[str]:
    """Options that none of the files is read by, and files that are odd."""
    formats = {kind for file in corpus for kind in (file.format, file.rows)}
    odd = [_STDIN.sub("standard input", file.warning) for file in corpus if file.warning]
    if len(odd) > _ODD_SHOWN:
        odd[_ODD_SHOWN:] = [f"{_files(len(odd) - _ODD_SHOWN)} more are odd in such ways"]
    usual = {**asdict(ReadOptions()), "documents": replace(read, documents="auto").documents}
    return odd + [
        f"--{name.replace('_', '-')} has no effect: no INPUT is {kind}"
        for name, kind, concerned in (
            ("text_field", "JSON or a table", _WITH_FIELDS),
            ("documents", "plain text", {"text"}),
            ("document_separator", "plain text", {"text"}),
            ("sentences", "text to find sentences in", _SEGMENTED),
            ("keep_titles", "WikiExtractor's", {"wikiextractor", *_WITH_FIELDS}),
        )
        if getattr(read, name) != usual[name] and not concerned & formats
    ]


def _processes(workers: int | None) -> str:
    if workers is None:
        return "as many processes as the runner starts"
    return "1 process" if workers == 1 else f"{workers} processes"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def describe_corpus(folder: str, sums: Mapping[str, int], inputs: int, workers: int | None) -> str:
    """A description of a prepared corpus to read, and by how many processes."""
    counts = f"{sums['documents']:,} documents, {sums['tokens']:,} tokens"
    return f"reading {folder}: {counts}, prepared from {_files(inputs)}; {_processes(workers)}"


def describe_space(space: Mapping[str, int]) -> str:
    """The room that a run will take of the disk, by purpose."""
    return "about " + " and ".join(f"{size(n)} of {what}" for what, n in space.items() if n)


def shard_warnings(options: ShardOptions) -> list[str]:
    """Warnings of choices that are allowed but probably not meant."""
    warnings = [
        f"--{name.replace('_', '-')} has no effect with --masking none: give it to the loader, in "
        "its MaskingOptions"
        for name in ("masked_lm_prob", "mask_replace_prob", "random_replace_prob")
        if options.masking == "none" and getattr(options, name) != getattr(ShardOptions, name)
    ]
    kept = predictions_kept(
        options.max_seq_length, options.max_predictions_per_seq, options.masked_lm_prob
    )
    if kept < 1 and options.masking != "none":
        wanted = round(options.max_seq_length * options.masked_lm_prob)
        warnings.append(
            f"--max-predictions-per-seq {options.max_predictions_per_seq} caps every row of over "
            f"{int(options.max_predictions_per_seq / options.masked_lm_prob)} tokens: a full row "
            f"of {options.max_seq_length} would have {wanted} predictions and keeps {kept:.0%} "
            f"({kept * options.masked_lm_prob:.1%} masked, not {options.masked_lm_prob:.0%})"
        )
    if options.max_seq_length > OFFICIAL_POSITIONS:
        warnings.append(
            f"--max-seq-length {options.max_seq_length} is over the {OFFICIAL_POSITIONS} positions "
            "of the official BERT models"
        )
    return warnings


def vocab_warnings(manifest: VocabManifest, asked: int) -> list[str]:
    """Warnings of results that the user will not have wanted."""
    config, found = manifest.options, manifest.vocabulary.size
    if found >= asked:
        return []
    return [
        f"the corpus gives {found:,} tokens of {asked:,} asked for: no other piece "
        f"has a count of {config.min_frequency or 1} (--min-frequency) in words of its "
        f"{_limit(config)}characters (--limit-alphabet); give more text or a smaller --vocab-size"
    ]


def describe_vocab(
    manifest: VocabManifest, asked: int, output: str, warned: Sequence[str] = ()
) -> str:
    """The result of ``bertprep vocab``; ``warned`` are the other warnings that were given."""
    warnings = (*warned, *vocab_warnings(manifest, asked))
    lines = [
        _line("documents", f"{manifest.documents:,}"),
        *_cleaning_lines(manifest),
        *_mixture_lines(manifest),
        _line("words", f"{manifest.words:,}, {manifest.distinct_words:,} distinct"),
        _line(
            "vocabulary",
            f"{manifest.vocabulary.size:,} tokens, {_casing(manifest)}{_seen_once(manifest)}",
        ),
        *_alphabet_lines(manifest.alphabet),
        *_drop_lines(manifest.drops),
        _line("output", f"{output} (vocab.txt, tokenizer.json, tokenizer_config.json)"),
    ]
    return "\n".join([*lines, *(f"warning: {text}" for text in warnings)])


def _seen_once(manifest: VocabManifest) -> str:
    if not manifest.seen_once:
        return ""
    return (
        f"; {manifest.seen_once:,} are of pairs seen once, as all others are used up "
        "(--min-frequency 2 leaves them out)"
    )


def _limit(options: VocabOptions) -> str:
    limit = options.limit_alphabet
    return "most frequent " if limit is None else f"{limit:,} most frequent "


def _alphabet_lines(alphabet: Alphabet) -> list[str]:
    left = alphabet.characters
    if not left:
        return [_line("characters", f"{alphabet.known:,}, which are all there are")]
    shown = " ".join(left[:_SHOWN_CHARACTERS]) + (" ..." if len(left) > _SHOWN_CHARACTERS else "")
    return [
        _line(
            "characters",
            f"{alphabet.known:,}; {len(left):,} left out ({shown}): "
            f"{alphabet.words_share:.3%} of the words are [UNK]",
        )
    ]


def describe_cleaned(found: Cleaned, output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep clean``; ``warned`` are the warnings that were given."""
    share = found.kept_text_bytes / found.text_bytes
    lines = [
        _line("documents", f"{found.documents:,}"),
        _line("kept", f"{found.kept_documents:,}, {share:.1%} of the text"),
        *_drop_lines(found.drops),
        _line("output", f"{output}: {size(found.kept_text_bytes)} of text as JSON lines"),
    ]
    return "\n".join([*lines, *(f"warning: {text}" for text in warned)])


def describe_prepared(manifest: PreparedManifest, output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep prepare``, and the figures of ``bertprep inspect``.

    ``warned`` are the warnings that were given at the begin of the run.
    """
    stored, tokens = sum(file.size for file in manifest.prepared), manifest.tokens
    lines = [
        *_corpus_lines(manifest),
        *_drop_lines(manifest.drops, manifest.drop_names),
        _line(
            "output",
            f"{output}: {_files(len(manifest.prepared))}, {size(stored)}, "
            f"{stored / tokens:.2f} bytes a token",
        ),
        _line("next", f"bertprep shard {output} --output SHARDS, as often as you like"),
        *_warning_lines(manifest, warned),
    ]
    return "\n".join(lines)


def describe_shards(manifest: ShardManifest, output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep shard``, and the figures of ``bertprep inspect``.

    ``warned`` are the warnings that were given at the begin of the run.
    """
    config, share = manifest.options, manifest.statistics
    stored = sum(shard.size for shard in manifest.shards)
    tokens = manifest.sums["tokens_in_rows"]
    lines = [
        *_corpus_lines(manifest),
        _line(
            "examples",
            f"{manifest.examples:,} in {_passes(config.dupe_factor)}, "
            f"{share['mean_length']:.1f} tokens of {config.max_seq_length} each",
        ),
        *_use_lines(manifest),
        *_pack_lines(manifest),
        *_pair_lines(manifest),
        *_mask_lines(manifest),
        _line(
            "padding", f"{share['padding_share']:.1%}, {share['full_row_share']:.1%} of rows full"
        ),
        *_bin_lines(manifest),
        *_drop_lines(manifest.drops, manifest.drop_names),
        _line(
            "output",
            f"{output}: {len(manifest.shards)} {config.output_format} "
            f"{'shard' if len(manifest.shards) == 1 else 'shards'} in the {config.layout} "
            f"layout, {size(stored)}, {stored / tokens:.2f} bytes a token",
        ),
    ]
    return "\n".join([*lines, *_warning_lines(manifest, warned)])


def _warning_lines(manifest: CorpusManifest, warned: Sequence[str]) -> list[str]:
    """The warnings of the run's begin once more, and those of its outcome."""
    texts = (*warned, *(finding.text for finding in manifest.warnings))
    return [f"warning: {text}" for text in texts]


def _repeat_lines(manifest: CorpusManifest) -> list[str]:
    said = describe_repeats(manifest.repeated_lines, manifest.documents)
    return [_line("repeated", said)] if said else []


def _corpus_lines(manifest: CorpusManifest) -> list[str]:
    unknown = manifest.statistics["unknown_token_share"]
    return [
        _line("documents", f"{manifest.documents:,}{_copies(manifest)}"),
        *_cleaning_lines(manifest),
        *_mixture_lines(manifest),
        *_repeat_lines(manifest),
        _line("sentences", f"{manifest.sentences:,}"),
        *_language_lines(manifest),
        *_word_lines(manifest),
        _line(
            "tokens",
            f"{manifest.tokens:,} ({unknown:.3%} [UNK]), "
            f"{_casing(manifest)} vocabulary of {manifest.vocabulary.size:,}",
        ),
    ]


def _cleaning_lines(manifest: Manifest) -> list[str]:
    clean = manifest.read.clean
    return [_line("cleaned", f"by {describe_cleaning(clean)}")] if clean else []


def _mixture_lines(manifest: Manifest) -> list[str]:
    """The lines on the inputs of a mixture."""
    total = sum(each.taken for each in manifest.mixture)
    return [
        _line(
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
    return [_line("languages", f"{shown}{more}: documents, by whose abbreviations they are cut")]


def _word_lines(manifest: CorpusManifest) -> list[str]:
    """The lines on a word segmenter's words, and how many of them the tokens cannot follow."""
    words, misfits = (manifest.sums.get(name, 0) for name in ("segmented_words", "misfit_words"))
    if not words:
        return []
    share = f"{misfits / words:.2%} do not fit tokens: masked with a neighbour or in parts"
    return [_line("words", f"{words:,} of Chinese or Japanese; {share}")]


def _copies(manifest: CorpusManifest) -> str:
    """How many documents are there more than once, if any is."""
    copies = manifest.copies
    if not copies.repeated:
        return ""
    more = manifest.documents - copies.texts
    return f", {more:,} of them equal to another (one text is there {copies.most_copies:,} times)"


def _mask_lines(manifest: ShardManifest) -> list[str]:
    share = manifest.statistics
    if "masked_share" not in share:
        return [_line("masked", "nothing: the rows are stored for a loader to mask")]
    lines = [
        _line(
            "masked",
            f"{share['masked_share']:.2%} of tokens: {share['mask_token_share']:.1%} [MASK], "
            f"{share['random_token_share']:.1%} random, {share['kept_token_share']:.1%} kept",
        )
    ]
    if share["capped_row_share"]:
        limit = manifest.options.max_predictions_per_seq
        rows = "examples" if manifest.pack else "rows"
        lines.append(
            _line("capped", f"{share['capped_row_share']:.1%} of {rows}, at {limit} predictions")
        )
    return lines


def _passes(count: int) -> str:
    return "1 pass" if count == 1 else f"{count} passes"


def _pair_lines(manifest: ShardManifest) -> list[str]:
    task = manifest.options.task
    share = f"{manifest.statistics['positive_label_share']:.1%} of pairs"
    passes = _passes(manifest.options.dupe_factor)
    over = f"{manifest.sums['truncated_tokens']:,} tokens over the length, in {passes}"
    truncated = _line("truncated", over)
    if task == "nsp":
        few, many = manifest.pools.smallest, manifest.pools.largest
        among = f"{many:,}" if few == many else f"{few:,} to {many:,}"
        return [_line("random next", f"{share}, drawn from {among} documents"), truncated]
    return [_line("swapped", share), truncated] if task == "sop" else []


def _use_lines(manifest: ShardManifest) -> list[str]:
    """Which share of the tokens each pass has in rows, and where the rest stays."""
    share = manifest.statistics
    losses = [
        f"{share[name.removesuffix('_tokens') + '_share']:.1%} {why}"
        for name, why in LOSSES.items()
        if share[name.removesuffix("_tokens") + "_share"]
    ]
    lines = [
        _line(
            "used",
            ", ".join([f"{share['used_share']:.1%} of the tokens in each pass", *losses])
            + f"; {1 - share['unseen_share']:.2%} in some row",
        )
    ]
    if cut := manifest.sums.get("cut_sentences"):
        lines.append(_line("cut", f"{plural(cut, 'sentence')} that would have filled a row"))
    return lines


def _pack_lines(manifest: ShardManifest) -> list[str]:
    counts = manifest.pack
    if not counts:
        return []
    each = counts.examples / counts.rows
    rows = f"into {counts.rows:,} rows, {each:.1f} examples each"
    return [_line("packed", f"{rows}, {counts.fill_share:.2%} of slots filled")]


def _bin_lines(manifest: ShardManifest) -> list[str]:
    if not manifest.options.bin_size:
        return []
    rows = sorted(manifest.rows_by_bin.items())
    bins = ", ".join(f"to {longest}: {count:,}" for longest, count in rows)
    padding = f"{manifest.statistics['padding_share_in_bins']:.1%} padding within bins"
    lines = textwrap.wrap(f"rows by tokens {bins}; {padding}", _BINS_WIDTH)
    return [_line("" if i else "bins", line) for i, line in enumerate(lines)]


def _named(names: Mapping[str, int], reason: str) -> str:
    """The names that are most frequent among what was left out for a reason."""
    found = [(name, n) for name, n in names.items() if name.startswith(f"{reason}:")]
    shown = ", ".join(f"{name.partition(':')[2]} {n:,}" for name, n in found[:_SHOWN_NAMES])
    return f": {shown}{', ...' * (len(found) > _SHOWN_NAMES)}" if shown else ""


def _drop_lines(drops: Mapping[str, int], names: Mapping[str, int] = _NO_NAMES) -> list[str]:
    if not drops:
        return [_line("left out", "nothing")]
    return [
        _line(
            "left out" if i == 0 else "",
            f"{reason} {count:,} ({REASONS.get(reason, reason)}){_named(names, reason)}",
        )
        for i, (reason, count) in enumerate(drops.items())
    ]


def _casing(manifest: Manifest) -> str:
    entry = manifest.vocabulary
    accents = entry.settings.strip_accents
    if entry.settings.whole:
        return f"read by {entry.file}"
    if entry.lowercase:
        return "uncased" if accents is None else "uncased (accents kept)"
    return "cased" if accents is None else "cased (accents stripped)"


def _line(name: str, text: str) -> str:
    return f"{name:<12} {text}"
