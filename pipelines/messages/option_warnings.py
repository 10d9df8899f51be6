"""Warnings of options that have no effect or are probably not meant, and of odd files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace

from bertprep.common.units import plural
from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.registry import FORMATS
from bertprep.examples.mask_positions import num_to_predict
from bertprep.examples.statistics import predictions_kept
from bertprep.options import OFFICIAL_POSITIONS, ReadOptions, ShardOptions

_WITH_FIELDS = {name for name, known in FORMATS.items() if known.has_fields}
_SEGMENTED = {name for name, known in FORMATS.items() if known.is_segmented}
# Where standard input waits.
_STDIN = re.compile(r"\S*/\.bertprep-[^/\s]+/stdin(?=\s)")
_ODD_SHOWN = 5


def input_warnings(corpus: Sequence[InputFile], read: ReadOptions) -> list[str]:
    """Options that none of the files is read by, and files that are odd."""
    formats = {kind for file in corpus for kind in (file.format, file.rows)}
    odd = [_STDIN.sub("standard input", file.warning) for file in corpus if file.warning]
    if len(odd) > _ODD_SHOWN:
        odd[_ODD_SHOWN:] = [f"{plural(len(odd) - _ODD_SHOWN, 'file')} more are odd in such ways"]
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
        wanted = num_to_predict(options.max_seq_length, options.masked_lm_prob)
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
