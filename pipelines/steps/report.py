"""The counts of a run's steps, gathered into one file that the command reads at the end."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam

from bertprep.common.digests import digest_of_stream
from bertprep.common.drops import DropSample, Samples, frequent_names, merge_samples
from bertprep.corpus.repeats import merged as merged_repeats
from bertprep.corpus.shared_texts import Smallest, add_hashes
from bertprep.shards.manifest_types import ListedFile
from bertprep.text.unknown_words import most_frequent
from pipelines.folders import files, lease
from pipelines.folders.checked_json import read_sealed, write_sealed
from pipelines.steps.packets import Block

REPORT_NAME = "report.json"
_KEPT_WORDS = 20


@dataclass
class Report:
    """One step's share of the report; reports of all steps add up.

    Attributes:
        sums: named counts.
        drops: counts by reason.
        drop_samples: the first few drops of each reason.
        files: what a step wrote besides its spills: the SHA-256 of each, by path.
        dropped: files with the dropped records.
        words: files with counted words.
        prepared: the files of a prepared corpus.
        shards: those of rows.
        examples_per_document: how many documents gave how many examples, in ranges.
        unknown_words: the most frequent words behind [UNK].
        pools: how many sets of documents exchanged random sentences, and their sizes.
        repeats: lines that several documents have, and how many documents have each.
        copies: how many different texts the documents have, and of how many there are copies.
        drop_names: of what has a name, as templates have, the most frequent.
        origins: the files that say where the rows of shards come from.
        texts: of each input of a mixture the smallest hashes of its texts.
    """

    sums: Counter[str] = field(default_factory=Counter)
    drops: Counter[str] = field(default_factory=Counter)
    drop_samples: Samples = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    prepared: list[ListedFile] = field(default_factory=list)
    shards: list[ListedFile] = field(default_factory=list)
    examples_per_document: Counter[str] = field(default_factory=Counter)
    unknown_words: Counter[str] = field(default_factory=Counter)
    pools: dict[str, int] = field(default_factory=dict)
    repeats: dict[str, int] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    drop_names: Counter[str] = field(default_factory=Counter)
    origins: list[ListedFile] = field(default_factory=list)
    texts: Smallest = field(default_factory=dict)

    def add(self, other: Report) -> None:
        """Adds the share of another step."""
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
        _combine(self.pools, other.pools)
        for line, count in other.repeats.items():
            self.repeats[line] = self.repeats.get(line, 0) + count
        _combine(self.copies, other.copies)
        self.drop_names.update(other.drop_names)
        self.origins += other.origins
        add_hashes(self.texts, other.texts)

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
            dict(sorted(self.pools.items())),
            merged_repeats([self.repeats]),
            dict(sorted(self.copies.items())),
            frequent_names(self.drop_names),
            sorted(self.origins, key=_file_name),
            dict(sorted(self.texts.items())),
        )

    def is_whole(self) -> bool:
        """Whether the files are there as they were written."""
        try:
            return all(_digest(path) == digest for path, digest in self.files.items())
        except OSError:
            return False

    def to_json(self, shown: Callable[[str], str] = str) -> dict[str, Any]:
        """The report as JSON has it; ``shown`` gives what stands for a path."""
        return {
            **vars(self),
            "prepared": list(map(vars, self.prepared)),
            "shards": list(map(vars, self.shards)),
            "origins": list(map(vars, self.origins)),
            "files": {shown(path): digest for path, digest in self.files.items()},
            "dropped": list(map(shown, self.dropped)),
            "words": list(map(shown, self.words)),
        }

    @classmethod
    def from_json(cls, loaded: dict[str, Any], path: Callable[[str], str] = str) -> Report:
        """The report that ``to_json`` gave; ``path`` undoes its ``shown``."""
        samples = loaded["drop_samples"].items()
        return cls(
            Counter(loaded["sums"]),
            Counter(loaded["drops"]),
            {reason: [DropSample(*sample) for sample in kept] for reason, kept in samples},
            {path(shown): digest for shown, digest in loaded["files"].items()},
            list(map(path, loaded["dropped"])),
            list(map(path, loaded["words"])),
            [ListedFile(**file) for file in loaded["prepared"]],
            [ListedFile(**file) for file in loaded["shards"]],
            Counter(loaded["examples_per_document"]),
            Counter(loaded["unknown_words"]),
            loaded["pools"],
            loaded["repeats"],
            loaded["copies"],
            Counter(loaded["drop_names"]),
            [ListedFile(**file) for file in loaded["origins"]],
            loaded["texts"],
        )


def _combine(figures: dict[str, int], others: dict[str, int]) -> None:
    """Adds figures up, but for the smallest and the largest of something."""
    for name, value in others.items():
        how = {"smallest": min, "largest": max, "most_copies": max}.get(name, operator.add)
        figures[name] = how(figures[name], value) if name in figures else value


def _digest(path: str) -> str:
    with files.open_regular(path) as stream:
        return digest_of_stream(stream)[0]


def _file_name(file: ListedFile) -> str:
    return file.name


def _first_of_range(item: tuple[str, int]) -> int:
    return int(item[0].partition("-")[0])


class _AddUp(beam.CombineFn):  # type: ignore[misc]
    """Reports -> one of all; the files that steps wrote need not be checked any more."""

    def create_accumulator(self) -> Report:
        return Report()

    def add_input(self, mutable_accumulator: Report, element: Report) -> Report:
        mutable_accumulator.add(element)
        mutable_accumulator.files.clear()
        return mutable_accumulator

    def merge_accumulators(self, accumulators: Iterable[Report]) -> Report:
        merged = Report()
        for report in accumulators:
            merged.add(report)
        return merged

    def extract_output(self, accumulator: Report) -> Report:
        return accumulator.sorted()


class _WriteReport(beam.DoFn):  # type: ignore[misc]
    def __init__(self, work_dir: str) -> None:
        self._work_dir = work_dir

    def process(self, element: Report) -> Iterator[str]:
        """Writes the report, if the run may go on; yields the path of the file."""
        path = files.join(self._work_dir, REPORT_NAME)
        lease.check(self._work_dir)
        write_sealed(path, element.to_json())
        lease.check_after_work(self._work_dir)
        yield path


def read_report(work_dir: str) -> Report:
    """The report of a finished run; an empty one if no step had anything to do."""
    if REPORT_NAME not in files.names_in(work_dir):
        return Report()
    return Report.from_json(read_sealed(files.join(work_dir, REPORT_NAME)))


def beside(outputs: Iterable[Any]) -> Iterator[Any]:
    """The outputs of a step: its reports tagged ``report``, its blocks ``blocks``, its own."""
    for output in outputs:
        if isinstance(output, Report):
            yield beam.pvalue.TaggedOutput("report", output)
        elif isinstance(output, Block):
            yield beam.pvalue.TaggedOutput("blocks", tuple(output))
        else:
            yield output


def keyed(element: Any) -> tuple[None, Any]:
    """Gives every element the same key, to bring few and small ones together."""
    return None, element


def gather(reports: Iterable[Any], work_dir: str) -> Any:
    """Adds the steps that write the report to the graph."""
    return (
        tuple(reports)
        | "Reports" >> beam.Flatten()
        | "AddUpReports" >> beam.CombineGlobally(_AddUp()).without_defaults()
        | "WriteReport" >> beam.ParDo(_WriteReport(work_dir))
    )
