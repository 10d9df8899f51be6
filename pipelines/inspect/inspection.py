"""``bertprep inspect``: the view of a finished folder."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from typing import Any, NamedTuple

import click

from bertprep.checks.rules import Rules
from bertprep.common.units import plural, size
from bertprep.errors import OutputError, UsageError
from bertprep.report.decode import DecodedRow, Token, decode_rows, meaning_of, read_rows, text_of
from bertprep.report.languages import SAMPLED_SEGMENTS
from bertprep.report.survey import SURVEY_TOKENS, Survey, survey_shard
from bertprep.shards.manifest_types import (
    ListedFile,
    Manifest,
    PreparedManifest,
    ShardManifest,
    VocabManifest,
)
from bertprep.shards.manifest_writing import to_json
from bertprep.shards.sampling import spread
from bertprep.stores.schemes import is_remote
from pipelines.folders import files
from pipelines.folders.finished_folder import check_files, read_manifest, read_vocabulary
from pipelines.folders.run_json import read_record
from pipelines.inspect.console import describe_overview
from pipelines.inspect.overview import Overview
from pipelines.inspect.page import render_page
from pipelines.inspect.sources import sources_of
from pipelines.messages import summary
from pipelines.messages.progress import counted
from pipelines.messages.stages import Stage

_PAGE_EXAMPLES = 10  # for each that is shown as text
_DOCTYPE = b"<!doctype html"


def describe(folder: str, examples: int, is_utf8: bool) -> str:
    """The examples and figures of a folder, for a terminal; with its styles.

    Args:
        folder: what any command but ``clean`` wrote.
        examples: how many to show.
        is_utf8: whether the terminal shows block characters.

    Raises:
        InputError: if the folder, or a shard in it, is not what bertprep wrote.
    """
    manifest = read_manifest(folder)
    if isinstance(manifest, ShardManifest):
        # Which languages there are is shown on the page alone.
        overview = _overview(folder, manifest, examples, segments=0)
        return describe_overview(overview, folder, is_utf8)
    if isinstance(manifest, PreparedManifest):
        check_files(folder, manifest.prepared)
        return summary.describe_prepared(manifest, folder)
    assert isinstance(manifest, VocabManifest)
    return summary.describe_vocab(manifest, 0, folder)


def figures_of(folder: str, examples: int) -> dict[str, Any]:
    """The same as JSON has it: the manifest, and for shards examples and figures of a survey.

    Raises:
        InputError: as ``describe``.
    """
    manifest = read_manifest(folder)
    figures: dict[str, Any] = {"folder": folder, "manifest": json.loads(to_json(manifest))}
    if not isinstance(manifest, ShardManifest):
        return figures
    overview = _overview(folder, manifest, examples)
    task = manifest.options.task
    shown = [
        {
            "a": text_of(row.a, _plain),
            "b": None if row.b is None else text_of(row.b, _plain),
            "label": row.label,
            "meaning": meaning_of(row.label, task),
            **({"a_source": source.a, "b_source": source.b or None} if source.a else {}),
        }
        for row, source in overview.sourced_examples()
    ]
    targets = [
        {"name": t.name, "found": t.found, "aim": t.aim, "verdict": t.verdict, "why": t.why}
        for t in overview.targets.values()
    ]
    return {
        **figures,
        "examples": shown,
        "targets": targets,
        "surveyed_rows": overview.survey.rows,
        "lengths": overview.survey.lengths.tolist(),
        "used_tokens": overview.used_tokens,
        "language_tokens": dict(overview.survey.languages.tokens),
    }


def _plain(token: Token, text: str) -> str:
    return text


class Look(NamedTuple):
    """The views of a folder; ``page`` is empty where there are no shards."""

    manifest: Manifest
    summary: str
    text: str
    page: str


def look(folder: str, examples: int) -> Look:
    """The same as text without styles, and with the page.

    Raises:
        InputError: as ``describe``.
    """
    manifest = read_manifest(folder)
    text = click.unstyle(describe(folder, examples, True))
    if not isinstance(manifest, ShardManifest):
        return Look(manifest, text, text, "")
    page = render_page(_overview(folder, manifest, _PAGE_EXAMPLES * examples))
    return Look(manifest, summary.describe_shards(manifest, folder), text, page)


def write_page(folder: str, path: str, examples: int, title: str = "") -> str:
    """Writes the page of a folder to a file; returns what to say of it.

    Args:
        folder: the --output of ``bertprep shard``.
        path: of the file.
        examples: how many to show.
        title: of the page; empty for the name of the folder.

    Raises:
        InputError, UsageError: if the folder is not what bertprep wrote, or holds no shards.
        OutputError: if the file cannot be written, or is one that is no page.
    """
    manifest = read_manifest(folder)
    if not isinstance(manifest, ShardManifest):
        held = "a prepared corpus" if isinstance(manifest, PreparedManifest) else "a vocabulary"
        raise UsageError(f"--html shows shards, and {folder} holds {held}")
    target = _writable(path)
    overview = _overview(folder, manifest, examples, title)
    page = render_page(overview).encode("utf-8")
    shown = f"{plural(len(overview.examples), 'example')} of {overview.example_count:,}"
    try:
        with files.create_whole(target) as stream:
            stream.write(page)
    except OSError as error:
        raise OutputError(
            f"--html {path} cannot be written: {error.strerror or error}; name another file"
        ) from None
    return f"{path}: {size(len(page))}, {shown}"


def _writable(path: str) -> str:
    """Where a path leads, by links; what is there already must be a page."""
    if is_remote(path):
        return path
    target = os.path.realpath(path)
    if os.path.isdir(target):
        raise OutputError(f"--html {path} is a folder; name a file in it")
    if not os.path.exists(target):
        return target
    if not os.path.isfile(target):
        raise OutputError(f"--html {path} is no regular file; name another")
    with files.open_input(target) as stream:
        start = stream.read(len(_DOCTYPE))
    if start and start.lower() != _DOCTYPE:
        raise OutputError(f"--html {path} is there and is no page; name another file")
    return target


def _overview(
    folder: str,
    manifest: ShardManifest,
    examples: int,
    title: str = "",
    segments: int = SAMPLED_SEGMENTS,
) -> Overview:
    shards = manifest.shards
    check_files(folder, shards)
    vocabulary = read_vocabulary(folder, manifest.vocabulary)
    rules = Rules(manifest.options, vocabulary)
    record = read_record(folder)
    shown = _spread(folder, shards, examples)
    decoded = _examples(shown, rules, examples)
    name = os.path.basename(os.path.abspath(folder)) or folder
    if is_remote(folder):
        name = folder.rstrip("/").rpartition("/")[2]
    return Overview(
        name,
        manifest,
        vocabulary,
        _survey(folder, shards, rules, segments),
        decoded,
        shlex.join(["bertprep", *record.command]) if record else "",
        record.started if record else "",
        title,
        sources_of(folder, manifest, shown)[: len(decoded)],
    )


def _survey(folder: str, shards: Sequence[ListedFile], rules: Rules, segments: int) -> Survey:
    survey = Survey.empty(rules, segments)
    chosen = _spread(folder, shards, SURVEY_TOKENS // rules.options.max_seq_length)
    with counted([Stage("counting", "rows", "rows", sum(n for _, n in chosen), 1.0)]) as line:
        for path, rows in chosen:
            with files.open_regular(path) as stream:
                survey_shard(stream, path, rows, rules, survey)
            line.add("rows", rows)
    return survey


def _examples(shown: Sequence[tuple[str, int]], rules: Rules, limit: int) -> list[DecodedRow]:
    """The first rows of shards, those of which so many are shown; of the examples the first."""
    examples: list[DecodedRow] = []
    for path, rows in shown:
        with files.open_regular(path) as stream:
            columns = read_rows(stream, path, rows, rules.options.output_format)
        examples += decode_rows(columns, rules.options, rules.vocabulary)
    return examples[:limit]


def _spread(folder: str, shards: Sequence[ListedFile], limit: int) -> list[tuple[str, int]]:
    """(path, how many rows to look at) of the shards from which any are taken."""
    wanted = spread([shard.rows or 0 for shard in shards], limit)
    paths = [files.join(folder, shard.name) for shard in shards]
    return [(path, rows) for path, rows in zip(paths, wanted, strict=True) if rows]
