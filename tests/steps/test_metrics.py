"""What steps count for Beam: names that stay, for the page of any runner."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.runner import remote
from pipelines.runner.local import local_runner
from pipelines.steps.checkpoint import remembered
from pipelines.steps.progress_notes import ProgressNotes
from pipelines.steps.report import Report


class Step(beam.DoFn):  # type: ignore[misc]
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, number: int) -> None:
        notes = ProgressNotes(self._folder + "/progress")
        notes.add("bytes_read", 10)
        report = Report(Counter(documents=2, tokens=9, other=5), Counter(no_text=1, none=0))
        remembered(self._folder, "step", number, lambda: [report])


def test_what_steps_report_is_counted(tmp_path: Path) -> None:
    runner = local_runner(PipelineOptions([]), 1)
    pipeline = beam.Pipeline(runner=runner)
    pipeline | beam.Create([1, 2, 3]) | beam.ParDo(Step(str(tmp_path)))
    result = pipeline.run()
    result.wait_until_finish()
    counted = {"documents": 6, "tokens": 27, "drop_no_text": 3, "bytes_read": 30}
    assert remote.counts(result) == counted


def test_a_runner_that_tells_nothing_is_no_failure() -> None:
    assert remote.counts(SimpleNamespace(metrics=lambda: None)) == {}
