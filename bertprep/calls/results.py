"""Results of the API's functions: a finished folder, its figures, and how they are shown."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bertprep.common.units import plural
from bertprep.shards.manifest_types import (
    CorpusManifest,
    Finding,
    Manifest,
    PreparedManifest,
    ShardManifest,
    VocabManifest,
)
from bertprep.shards.manifest_writing import to_json

NAME_COLUMNS = 12  # of a line of a summary: a name, and what there is to say
_WARNING = "warning: "
_STYLE = "text-align: left; vertical-align: top; white-space: pre-wrap"


@dataclass(frozen=True, repr=False)
class Result:
    """A folder that bertprep wrote.

    Attributes:
        folder: where it is.
        manifest: all that is known of it, as an object.
        summary: the same as the command says it: a line for each figure.
    """

    folder: str
    manifest: Manifest
    summary: str

    @property
    def figures(self) -> dict[str, Any]:
        """The contents of ``manifest.json``."""
        figures: dict[str, Any] = json.loads(to_json(self.manifest))
        return figures

    @property
    def documents(self) -> int:
        """How many documents there were."""
        return self.manifest.documents

    @property
    def drops(self) -> Mapping[str, int]:
        """How much was left out, by reason."""
        return self.manifest.drops

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The figures that are out of the bounds that good text keeps."""
        return self.manifest.warnings if isinstance(self.manifest, CorpusManifest) else ()

    def __fspath__(self) -> str:
        return self.folder

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.folder!r}: {self._counts()})"

    def _counts(self) -> str:
        return plural(self.documents, "document")

    def __str__(self) -> str:
        return self.summary

    def _repr_html_(self) -> str:
        return table(self.folder, self.summary)


@dataclass(frozen=True, repr=False)
class LearnedVocabulary(Result):
    """A vocabulary that was learned; its folder is one for ``vocab``, and for transformers."""

    manifest: VocabManifest

    @property
    def size(self) -> int:
        """How many tokens it has."""
        return self.manifest.vocabulary.size

    def _counts(self) -> str:
        return plural(self.size, "token")


@dataclass(frozen=True, repr=False)
class PreparedDocuments(Result):
    """Documents as token ids: an input of ``shard``."""

    manifest: PreparedManifest

    @property
    def tokens(self) -> int:
        """How many tokens they have."""
        return self.manifest.tokens

    def _counts(self) -> str:
        return f"{super()._counts()}, {plural(self.tokens, 'token')}"


@dataclass(frozen=True, repr=False)
class Shards(Result):
    """Shards of training rows."""

    manifest: ShardManifest

    @property
    def rows(self) -> int:
        """Rows of all shards."""
        return self.manifest.rows

    @property
    def statistics(self) -> Mapping[str, float]:
        """Ratios from 0 to 1, and ``mean_length`` in tokens a row."""
        return self.manifest.statistics

    @property
    def files(self) -> list[Path]:
        """The shards."""
        return [Path(self.folder, shard.name) for shard in self.manifest.shards]

    def _counts(self) -> str:
        return f"{plural(self.rows, 'row')} in {plural(len(self.manifest.shards), 'shard')}"


_KINDS: dict[type[Manifest], type[Result]] = {
    VocabManifest: LearnedVocabulary,
    PreparedManifest: PreparedDocuments,
    ShardManifest: Shards,
}


def result_of(folder: str, manifest: Manifest, summary: str) -> Any:
    """The result that a folder with this manifest is.

    Args:
        folder: where it is.
        manifest: its class decides the result's.
        summary: the command's, a line for each figure.
    """
    return _KINDS[type(manifest)](folder, manifest, summary)


@dataclass(frozen=True)
class Plan:
    """The plan of a run, as ``dry_run=True`` tells it; nothing was written.

    Attributes:
        folder: that it would write.
        summary: in words, a line for each figure.
        figures: the inputs, what is expected of them (``documents``, ``rows``, ``work_bytes``,
            ``output_bytes``, ``seconds``), and the options.
    """

    folder: str
    summary: str = field(repr=False)
    figures: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return self.summary

    def _repr_html_(self) -> str:
        return table(self.folder, self.summary)


@dataclass(frozen=True)
class Verified:
    """Shards, or a prepared corpus, that are as they were written; ``summary`` says how many."""

    folder: str
    summary: str

    def __str__(self) -> str:
        return self.summary


@dataclass(frozen=True, repr=False)
class Inspection(Result):
    """The content of a finished folder; shown in a notebook by the report's page.

    Attributes:
        text: as ``bertprep inspect`` shows it, without colours.
        page: the page; empty where there are no shards.
    """

    text: str = ""
    page: str = ""

    def __str__(self) -> str:
        return self.text

    def save(self, path: str) -> None:
        """Writes the page to a file."""
        Path(path).write_text(self.page, encoding="utf-8")

    def _repr_html_(self) -> str:
        if not self.page:
            return super()._repr_html_()
        return (
            '<iframe style="width: 100%; height: 80vh; border: 1px solid #8888" '
            f'title="{html.escape(self.folder)}" srcdoc="{html.escape(self.page)}"></iframe>'
        )


def table(title: str, summary: str) -> str:
    """A summary as a table of HTML.

    Warnings, which the log has shown when they came up, are there to be unfolded.
    """
    rows, warnings = [], []
    for line in summary.splitlines():
        if line.startswith(_WARNING):
            warnings.append(html.escape(line.removeprefix(_WARNING)))
        else:
            name, text = line[:NAME_COLUMNS].strip(), line[NAME_COLUMNS:].strip()
            rows.append(_row(html.escape(name), html.escape(text)))
    if warnings:
        folded = f"<details><summary>{len(warnings)}</summary>{'<br>'.join(warnings)}</details>"
        rows.append(_row("warnings", folded))
    return f"<table><caption>{html.escape(title)}</caption>{''.join(rows)}</table>"


def _row(name: str, text: str) -> str:
    return f'<tr><th scope="row" style="{_STYLE}">{name}</th><td style="{_STYLE}">{text}</td></tr>'
