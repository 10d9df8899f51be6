"""The page's look at where examples come from: documents, what was left out, inputs and options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bertprep.common.drops import REASONS, DropSample
from bertprep.common.units import percent, plural, size
from bertprep.examples.coverage import LOSSES
from bertprep.shards.run_config import config_of
from pipelines.inspect.charts import share_bar
from pipelines.inspect.overview import Overview

_LISTED = 100


def documents_view(overview: Overview) -> dict[str, Any]:
    """How many examples documents give."""
    manifest = overview.manifest
    documents = max(1, manifest.documents)
    examples = overview.example_count / documents / manifest.options.dupe_factor
    note = (
        f"{plural(manifest.documents, 'document')} of {manifest.sentences / documents:,.1f} "
        f"sentences, {manifest.tokens / documents:,.0f} tokens and {examples:,.1f} examples in "
        "each pass, on average."
    )
    counted = manifest.examples_per_document
    total = sum(counted.values())
    rows = [
        (_range(name), percent(count / total), share_bar(count / total))
        for name, count in counted.items()
    ]
    return {"note": note, "rows": rows}


def usage_view(overview: Overview) -> dict[str, Any]:
    """Which share of the text's tokens each pass has in rows, and where the rest stays."""
    manifest, share = overview.manifest, overview.manifest.statistics
    seen = 1 - share["unseen_share"]
    note = f"{percent(seen, 2)} of the text's tokens are in some row, in one pass or another."
    if cut := manifest.sums.get("cut_sentences"):
        note += f" {plural(cut, 'sentence')} that would have filled a row were cut."
    found = [("In rows of their own document", share["used_share"])]
    found += [
        (_sentence(why), share[name.removesuffix("_tokens") + "_share"])
        for name, why in LOSSES.items()
    ]
    rows = [(name, percent(part, 2), share_bar(part)) for name, part in found if part]
    return {"note": note, "rows": rows}


def warnings_view(overview: Overview) -> dict[str, Any]:
    """The findings of the outcome that are out of bounds."""
    texts = [finding.text for finding in overview.manifest.warnings]
    if not texts:
        return {"note": "No figure of these shards is out of its bounds.", "texts": []}
    note = "Figures that good text does not give, what is likely behind them, and what helps."
    return {"note": note, "texts": texts}


def _range(name: str) -> str:
    return " to ".join(f"{int(end):,}" for end in name.split("-"))


def drops_view(overview: Overview) -> dict[str, Any]:
    """The texts left out, with reasons and samples."""
    drops = overview.manifest.drops
    samples = overview.manifest.drop_samples
    if not drops:
        return {"note": "Nothing was left out of the input.", "kinds": []}
    kinds = [
        {
            "reason": _sentence(REASONS.get(reason, reason)),
            "count": f"{count:,}",
            "samples": [_sample(sample) for sample in samples.get(reason, ())],
        }
        for reason, count in drops.items()
    ]
    note = "What of the input is not in the shards, how often, and the first of each kind."
    return {"note": note, "kinds": kinds}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sample(sample: DropSample) -> tuple[str, str]:
    """(its text, its place)."""
    return sample.text or "(without its text)", f"{sample.file}, byte {sample.offset:,}"


def origin_view(overview: Overview) -> dict[str, Any]:
    """The inputs, options and versions that made the shards, and the shards."""
    manifest = overview.manifest
    inputs, shards = manifest.inputs, manifest.shards
    vocabulary = manifest.vocabulary
    casing = "uncased" if vocabulary.lowercase else "cased"
    note = (
        f"{plural(len(inputs), 'file')} of input, {size(manifest.input_bytes)}; a vocabulary of "
        f"{vocabulary.size:,} tokens, {casing}. The manifest beside the shards has it all."
    )
    if overview.command:
        note = f"Started on {_date(overview.started)}. {note}"
    options = [
        (name, _plain(value))
        for part in config_of(manifest).values()
        for name, value in part.items()
    ]
    files = [(f.name, f.format, f.compression, f"{f.size:,}") for f in inputs]
    written = [(s.name, f"{s.rows:,}", f"{s.size:,}") for s in shards]
    versions = list(manifest.versions.items())
    lists = [
        _list("Options", "Options of the run", ("Option", "Value"), options, len(options)),
        _list("Input files", "Files", ("File", "Format", "Compression", "Bytes#"), files),
        _list("Shards", "Shards", ("Shard", "Rows#", "Bytes#"), written),
        _list("Versions", "Versions", ("Library", "Version"), versions, len(versions)),
    ]
    return {"note": note, "command": overview.command, "lists": lists}


def _date(started: str) -> str:
    """A time of ISO 8601 to read."""
    return started.replace("T", " at ").replace("+00:00", " UTC")


def _list(
    title: str,
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    most: int = _LISTED,
) -> dict[str, Any]:
    """A table that is shown when it is asked for, and how many rows are not shown even then."""
    more = f"{len(rows) - most:,}" if len(rows) > most else ""
    return {"title": title, "caption": caption, "head": head, "rows": rows[:most], "more": more}


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
