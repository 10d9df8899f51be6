"""A prepared corpus is written, and taken up again if it is whole."""

from __future__ import annotations

from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pytest

from bertprep.errors import InputError
from bertprep.options import PrepareOptions, ReadOptions
from pipelines.graphs.job import PrepareJob
from pipelines.graphs.prepared_files import PREPARED_STEM, LoadPrepared, WriteIndex
from pipelines.steps.report import Report
from pipelines.steps.spill import SpillIndex, write_spill

ROWS = pa.record_batch({"number": [1, 2, 3]})


def written(work_dir: Path) -> tuple[list[SpillIndex], Report]:
    """The files of two pools, and the report of their index."""
    job = PrepareJob(
        lowercase=True,
        work_dir=str(work_dir),
        read=ReadOptions(),
        options=PrepareOptions(),
        buckets=1,
    )
    folder = job.folder(PREPARED_STEM)
    indexes = [write_spill(folder, (number,), 1, [(0, ROWS)]) for number in (0, 1)]
    (report,) = WriteIndex(job).process((None, indexes))
    assert isinstance(report, Report)
    return indexes, report


def test_what_is_loaded_is_what_was_written(tmp_path: Path) -> None:
    indexes, report = written(tmp_path)
    (entry,) = report.prepared
    said = Report()
    outputs = list(LoadPrepared(entry.sha256, said, (), "").process(str(tmp_path / PREPARED_STEM)))
    told = outputs.pop()
    assert isinstance(told, beam.pvalue.TaggedOutput)
    assert (told.tag, told.value) == ("report", said)
    assert [(found.path, found.size, found.checksum) for found in outputs] == [
        (index.path, index.size, index.checksum) for index in indexes
    ]
    assert all(found.is_whole() for found in outputs)


def test_a_damaged_index_is_told(tmp_path: Path) -> None:
    _, report = written(tmp_path)
    (entry,) = report.prepared
    path = tmp_path / PREPARED_STEM / entry.name
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    loading = LoadPrepared(entry.sha256, Report(), (), "")
    with pytest.raises(InputError, match=r"is damaged: .* restore it from a copy, or prepare"):
        list(loading.process(str(tmp_path / PREPARED_STEM)))
