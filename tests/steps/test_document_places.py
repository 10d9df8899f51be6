"""Tables of where documents are: written by a step, copied by another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bertprep.corpus.document_batch import DocumentBatch
from bertprep.errors import InputError
from bertprep.shards.manifest_types import ListedFile
from pipelines.steps.document_places import PlacesFile, copy_table, table_name
from pipelines.steps.report import Report

BATCH = DocumentBatch("a.txt", b"One.", np.array([0]), np.array([4]), np.array([7]))


def written(folder: Path, name: str) -> Report:
    report = Report()
    with PlacesFile(str(folder / name)) as places:
        places.add(BATCH)
    places.tell(report)
    return report


def test_a_table_is_reported_with_origins_or_with_a_prepared_corpus(tmp_path: Path) -> None:
    report = written(tmp_path / "origins", table_name("documents", 3))
    (entry,) = report.origins
    assert (entry.name, report.prepared) == ("origins/documents-000003.arrow", [])
    assert report.is_whole()
    report = written(tmp_path / "prepared", "prepared-documents-000003.arrow")
    assert [entry.name for entry in report.prepared] == ["prepared-documents-000003.arrow"]
    assert report.origins == []


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    report = Report()
    with PlacesFile("") as places:
        places.add(BATCH)
    places.tell(report)
    assert (report, list(tmp_path.iterdir())) == (Report(), [])


def test_what_fails_leaves_no_table(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), PlacesFile(str(tmp_path / "x.arrow")):
        raise ValueError("broken")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_the_table_that_was_listed(tmp_path: Path) -> None:
    (table,) = written(tmp_path / "prepared", "prepared-documents-000000.arrow").prepared
    folder, copies = str(tmp_path / "prepared"), tmp_path / "origins"
    report = copy_table(folder, table, str(copies))
    expected = ListedFile("origins/documents-000000.arrow", table.size, table.sha256)
    assert report.origins == [expected]
    data = (copies / "documents-000000.arrow").read_bytes()
    assert data == (tmp_path / "prepared" / table.name).read_bytes()
    with pytest.raises(InputError, match=r"prepared-documents-000000\.arrow is damaged"):
        copy_table(folder, replace(table, sha256="0" * 64), str(tmp_path / "again"))
    assert not any((tmp_path / "again").glob("*"))
