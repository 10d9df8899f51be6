"""The page's look at where examples come from: documents, what was left out, inputs and options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bertprep.common.drops import REASONS
from bertprep.report.outcome import outcome_of
from pipelines.inspect.charts import share_bar
from pipelines.inspect.markup import Markup, details, section, table, tag
from pipelines.inspect.overview import Overview
from pipelines.messages.progress import plural, size

_LISTED = 100


def documents_section(overview: Overview) -> Markup:
    """How many examples documents give."""
    manifest = overview.manifest
    documents = max(1, manifest["documents"])
    examples = overview.example_count / documents / manifest["config"]["shard"]["dupe_factor"]
    note = (
        f"{plural(manifest['documents'], 'document')} of {manifest['sentences'] / documents:,.1f} "
        f"sentences, {manifest['tokens'] / documents:,.0f} tokens and {examples:,.1f} examples in "
        "each pass, on average."
    )
    counted = manifest.get("examples_per_document", {})
    total = sum(counted.values())
    rows = [
        (_range(name), f"{count / total:.1%}", share_bar(count / total))
        for name, count in counted.items()
    ]
    head = ("Examples in a pass", "Documents#", "")
    shown = table("Documents by the examples they give", head, rows) if rows else ""
    return section("documents", "Documents", note, shown)


def warnings_section(overview: Overview) -> Markup:
    """What of the outcome is out of its bounds."""
    found = outcome_of(overview.manifest)
    if not found:
        return section("warnings", "Warnings", "No figure of these shards is out of its bounds.")
    note = "Figures that good text does not give, what is likely behind them, and what helps."
    return section(
        "warnings", "Warnings", note, tag("ul", *(tag("li", entry["text"]) for entry in found))
    )


def _range(name: str) -> str:
    return " to ".join(f"{int(end):,}" for end in name.split("-"))


def drops_section(overview: Overview) -> Markup:
    """What was left out, why, and some of it."""
    drops = overview.manifest["drops"]
    samples = overview.manifest.get("drop_samples", {})
    if not drops:
        return section("left-out", "Left out", "Nothing was left out of the input.")
    note = "What of the input is not in the shards, how often, and the first of each kind."
    kinds = [
        tag(
            "div",
            tag("h3", f"{_sentence(REASONS.get(reason, reason))}: {count:,}"),
            tag("ul", *map(_sample, samples.get(reason, ())), class_="samples"),
        )
        for reason, count in drops.items()
    ]
    return section("left-out", "Left out", note, *kinds)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sample(sample: Mapping[str, Any]) -> Markup:
    place = f"{sample['file']}, byte {sample['offset']:,}"
    text = sample["text"] or "(nothing)"
    return tag("li", tag("q", text, lang="", dir="auto"), " ", tag("small", place))


def origin_section(overview: Overview) -> Markup:
    """The inputs, options and versions that made the shards, and the shards."""
    manifest = overview.manifest
    inputs, shards = manifest["inputs"], manifest["shards"]
    vocabulary = manifest["vocabulary"]
    casing = "uncased" if vocabulary["lowercase"] else "cased"
    total = sum(file["bytes"] for file in inputs)
    note = (
        f"{plural(len(inputs), 'file')} of input, {size(total)}; a vocabulary of "
        f"{vocabulary['size']:,} tokens, {casing}. The manifest beside the shards has it all."
    )
    options = [
        (name, _plain(value))
        for part in manifest["config"].values()
        for name, value in part.items()
    ]
    files = [(f["name"], f["format"], f["compression"], f"{f['bytes']:,}") for f in inputs]
    written = [(s["file"], f"{s['rows']:,}", f"{s['bytes']:,}") for s in shards]
    return section(
        "origin",
        "Made of",
        note,
        details("Options", table("Options of the run", ("Option", "Value"), options)),
        details(
            "Input files", *_listed("Files", ("File", "Format", "Compression", "Bytes#"), files)
        ),
        details("Shards", *_listed("Shards", ("Shard", "Rows#", "Bytes#"), written)),
        details(
            "Versions",
            table("Versions", ("Library", "Version"), list(manifest["versions"].items())),
        ),
    )


def _listed(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[object]]
) -> Iterator[Markup]:
    yield table(caption, head, rows[:_LISTED])
    if len(rows) > _LISTED:
        yield tag("p", f"... and {len(rows) - _LISTED:,} more; the manifest lists all.")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
