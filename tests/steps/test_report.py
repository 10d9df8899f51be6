"""Reports of steps add up, in any order, and come back from JSON."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bertprep.common.digests import digest_of
from bertprep.common.drops import DropSample
from bertprep.errors import OutputError
from bertprep.shards.manifest_types import ListedFile
from pipelines.folders import lease
from pipelines.steps import report as reports
from pipelines.steps.report import Report, read_report


def report(number: int) -> Report:
    return Report(
        sums=Counter(examples=number),
        drops=Counter(no_text=number, other=0),
        drop_samples={"no_text": [DropSample("f", number, "{}")]},
        files={f"file-{number}": "ab"},
        dropped=[f"dropped-{number}"],
        shards=[ListedFile(f"shard-{number}", 10, "ab", rows=number)],
        examples_per_document=Counter({"10-19": 1, "2": number}),
        unknown_words=Counter({f"word-{number}": number}),
        pools={"pools": 1, "smallest": number, "largest": number},
        copies={"different": 1, "most_copies": number},
    )


def test_they_add_up_in_any_order() -> None:
    one, other = Report(), Report()
    for number in (1, 2, 3):
        one.add(report(number))
        other.add(report(4 - number))
    assert one.sorted().sums == other.sorted().sums == {"examples": 6}
    assert one.sorted().shards == other.sorted().shards
    assert [*one.sorted().examples_per_document] == ["2", "10-19"]
    assert one.pools == {"pools": 3, "smallest": 1, "largest": 3}
    assert one.copies == {"different": 3, "most_copies": 3}
    assert one.sorted().drops == {"no_text": 6}  # no reason without a drop


def test_a_report_comes_back_from_json() -> None:
    found = report(3)
    stored = found.to_json(lambda path: f"there/{path}")
    assert [*stored["files"]] == ["there/file-3"] and stored["dropped"] == ["there/dropped-3"]
    assert Report.from_json(stored, lambda path: path.removeprefix("there/")) == found


def test_it_is_whole_if_its_files_are(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    found = Report(files={str(tmp_path / "a"): digest_of(b"abc")})
    assert found.is_whole()
    (tmp_path / "a").write_bytes(b"abd")
    assert not found.is_whole()
    (tmp_path / "a").unlink()
    assert not found.is_whole()


def test_a_run_that_was_ended_leaves_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is written, or meanwhile: its folder would come again."""
    work = tmp_path / lease.new_run()
    write = reports._WriteReport(str(work))
    with pytest.raises(OutputError, match="was ended"):
        list(write.process(report(1)))
    assert not work.exists()
    lease.grant(str(work))
    list(write.process(report(1)))
    assert read_report(str(work)).sums == {"examples": 1}
    monkeypatch.setattr(reports, "write_sealed", lambda *_: lease.revoke(str(work)))
    with pytest.raises(OutputError, match="was ended"):
        list(write.process(report(2)))
    assert not work.exists()
