"""What the steps of a run counted, gathered into one file that the command reads at the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam

from bertprep.common.drops import DropSample, Samples, merge_samples
from bertprep.text.unknown_words import most_frequent
from pipelines.folders import files

REPORT_NAME = "report.json"
_KEPT_WORDS = 20


@dataclass
class Report:
    """One step's share of the report; reports of all steps add up.

    Attributes:
        sums: named counts.
        drops: counts by reason.
        drop_samples: the first few drops of each reason.
        files: what a step wrote besides its spills, by path, and the bytes of each.
        dropped: files with the dropped records.
        words: files with counted words.
        prepared: name, bytes and digest of each file of a prepared corpus.
        shards: name, rows, bytes and digest of each shard.
        examples_per_document: how many documents gave how many examples, in ranges.
        unknown_words: the most frequent words behind [UNK].
        pools: how many sets of documents exchanged random sentences, and their sizes.
    """

    sums: Counter[str] = field(default_factory=Counter)
    drops: Counter[str] = field(default_factory=Counter)
    drop_samples: Samples = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    prepared: list[dict[str, Any]] = field(default_factory=list)
    shards: list[dict[str, Any]] = field(default_factory=list)
    examples_per_document: Counter[str] = field(default_factory=Counter)
    unknown_words: Counter[str] = field(default_factory=Counter)
    pools: dict[str, int] = field(default_factory=dict)

    def add(self, other: Report) -> None:
        self.sums.update(other.sums)
        self.drops.update(other.drops)
        merge_samples(self.drop_samples, other.drop_samples)
        self.files |= other.files
        self.dropped += other.dropped
        self.words += other.words
        self.prepared += other.prepared
        self.shards += other.shards
        self.examples_per_document.update(other.examples_per_document)
        self.unknown_words.update(other.unknown_words)
        self.pools |= other.pools

    def sorted(self) -> Report:
        """The same whatever order the steps finished in."""
        return Report(
            Counter(dict(sorted(self.sums.items()))),
            Counter({reason: count for reason, count in sorted(self.drops.items()) if count}),
            dict(sorted(self.drop_samples.items())),
            dict(sorted(self.files.items())),
            sorted(self.dropped),
            sorted(self.words),
            sorted(self.prepared, key=_file_name),
            sorted(self.shards, key=_file_name),
            Counter(dict(sorted(self.examples_per_document.items(), key=_first_of_range))),
            most_frequent(self.unknown_words, _KEPT_WORDS),
            self.pools,
        )


def _file_name(entry: dict[str, Any]) -> str:
    return str(entry["file"])


def _first_of_range(item: tuple[str, int]) -> int:
    return int(item[0].partition("-")[0])


class _WriteReport(beam.DoFn):  # type: ignore[misc]
    def __init__(self, work_dir: str) -> None:
        self._path = files.join(work_dir, REPORT_NAME)

    def process(self, element: tuple[None, Iterable[Report]]) -> Iterator[str]:
        merged = Report()
        for report in element[1]:
            merged.add(report)
        files.write_bytes(self._path, json.dumps(vars(merged.sorted())).encode())
        yield self._path


def read_report(work_dir: str) -> Report:
    """The report of a finished run; an empty one if no step had anything to do."""
    if REPORT_NAME not in files.names_in(work_dir):
        return Report()
    loaded = json.loads(files.read_bytes(files.join(work_dir, REPORT_NAME)))
    counters = ("sums", "drops", "examples_per_document", "unknown_words")
    samples = {
        reason: [DropSample(*sample) for sample in kept]
        for reason, kept in loaded["drop_samples"].items()
    }
    counted = {name: Counter(loaded[name]) for name in counters}
    return Report(**{**loaded, **counted, "drop_samples": samples})


def reported(report: Report) -> Any:
    """A report as a step gives it beside its main output, tagged ``report``."""
    return beam.pvalue.TaggedOutput("report", report)


def keyed(element: Any) -> tuple[None, Any]:
    """Gives every element the same key, to bring few and small ones together."""
    return None, element


def gather(reports: Iterable[Any], work_dir: str) -> Any:
    """Adds the steps that write the report to the graph."""
    return (
        tuple(reports)
        | "Reports" >> beam.Flatten()
        | "KeyReports" >> beam.Map(keyed)
        | "AllReports" >> beam.GroupByKey()
        | "WriteReport" >> beam.ParDo(_WriteReport(work_dir))
    )
