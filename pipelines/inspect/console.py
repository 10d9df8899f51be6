"""An overview as text, with the styles of a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from bertprep.common.units import percent
from bertprep.report.decode import DecodedRow, Token, meaning_of, text_of
from pipelines.inspect.overview import Overview, Source, length_bins
from pipelines.messages import summary

_BINS, _BAR = 8, 40
_TOP_TOKENS = 8
_EIGHTHS = " ▏▎▍▌▋▊▉"
_NAMES = {
    "masked": "masked",
    "mask_token": "  [MASK]",
    "random_token": "  random",
    "kept_token": "  kept",
    "random_next": "random next",
    "swapped": "swapped",
    "unknown": "[UNK]",
}
_COLOURS = {"masked": "yellow", "random": "red", "kept": "green"}


def describe_overview(overview: Overview, folder: str, is_utf8: bool) -> str:
    """Examples, lengths, shares against their targets, and the figures of the run.

    Args:
        overview: of the shards.
        folder: as the user named it.
        is_utf8: whether the terminal shows block characters.
    """
    task = overview.manifest.options.task
    sourced = enumerate(overview.sourced_examples(), 1)
    shown = [_example(number, row, source, task) for number, (row, source) in sourced]
    found = [*_lengths(overview, is_utf8), *_targets(overview), _vocabulary(overview)]
    run = summary.describe_shards(overview.manifest, folder)
    return "\n\n".join([*shown, "\n".join(found), run])


def _example(number: int, row: DecodedRow, source: Source, task: str) -> str:
    meaning = meaning_of(row.label, task)
    head = click.style(f"example {number}", bold=True) + (f" ({meaning})" if meaning else "")
    lines = [head, f"  A: {text_of(row.a, _styled)}"]
    lines += [f"     {source.a}"] if source.a else []
    lines += [f"  B: {text_of(row.b, _styled)}"] if row.b is not None else []
    return "\n".join([*lines, f"     {source.b}"] if source.b else lines)


def _styled(token: Token, text: str) -> str:
    return click.style(text, fg=_COLOURS[token.kind or ""], bold=token.kind == "masked")


def _lengths(overview: Overview, is_utf8: bool) -> Iterator[str]:
    bins = length_bins(overview.survey.lengths, _BINS)
    total = max(1, sum(b.examples for b in bins))
    yield _heading("length", f"in {overview.surveyed}")
    for b in bins:
        bar = _bar(_BAR * b.examples / total, is_utf8)
        yield f"  {f'{b.first}-{b.last}':<10} {percent(b.examples / total):>6} {bar}".rstrip()


def _bar(length: float, is_utf8: bool) -> str:
    """A bar of so many characters, in eighths of one where there are such."""
    if not is_utf8:
        return "#" * round(length)
    whole, part = divmod(round(8 * length), 8)
    return ("█" * whole + _EIGHTHS[part]).rstrip()


def _targets(overview: Overview) -> Iterator[str]:
    targets = overview.targets.values()
    if targets:
        yield _heading("share", " found target")
    width = max((len(target.aim) for target in targets), default=0)
    for target in targets:
        good = target.verdict in ("on target", "near target")
        verdict = click.style(target.verdict, fg="green" if good else "red", bold=not good)
        found = f"{_NAMES[target.name]:<11} {percent(target.found, 2):>6}"
        yield f"  {found} {target.aim:<{width}} {verdict}"
    for target in targets:
        if target.why:
            yield f"  {_NAMES[target.name]}: {target.why}"


def _vocabulary(overview: Overview) -> str:
    top = " ".join(token for token, _ in overview.top_tokens(_TOP_TOKENS))
    often = f"; most often {top}" if top else ""
    used = f"{overview.used_tokens:,} of {len(overview.ordinary_ids):,} tokens occur"
    return _heading("vocabulary", f"{used} ({percent(overview.used_share)}){often}")


def _heading(name: str, text: str) -> str:
    return click.style(f"{name:<12}", bold=True) + f" {text}"
