"""The table of where the documents of a step are, if it is to be written."""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType

from bertprep.common.digests import DigestingStream
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.errors import InputError
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.names import ORIGINS_FOLDER, PLACES_STEM, PREPARED_PLACES_STEM
from bertprep.shards.origin_places import PlacesWriter
from pipelines.folders import files
from pipelines.steps.report import Report


def table_name(stem: str, number: int) -> str:
    """The name of the table of a part of the inputs."""
    return f"{stem}-{number:06}.arrow"


class PlacesFile:
    """A context in which a table is written; without a path there is none.

    Args:
        path: of the table; "" for none.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._stack = ExitStack()
        self._table: ListedFile | None = None

    def __enter__(self) -> PlacesFile:
        if self._path:
            self._writer = PlacesWriter(self._stack.enter_context(files.create_whole(self._path)))
        return self

    def add(self, batch: DocumentBatch) -> None:
        """Adds the documents of a batch."""
        if self._path:
            self._writer(batch)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._path and error is None:
            self._table = self._writer.finish(os.path.basename(self._path))
        self._stack.__exit__(kind, error, trace)

    def tell(self, report: Report) -> None:
        """Adds the table, which is finished, to the report of its step."""
        if self._table:
            _add(report, self._path, self._table)


def noted(batches: Iterable[DocumentBatch], places: PlacesFile) -> Iterator[DocumentBatch]:
    """The same batches, whose documents are added to a table on their way."""
    for batch in batches:
        places.add(batch)
        yield batch


def copy_table(folder: str, table: ListedFile, copies: str) -> Report:
    """Copies a table of a prepared corpus to the origins of rows; the report of that.

    Args:
        folder: of the prepared corpus.
        table: as its manifest lists it.
        copies: the folder that the copy goes to.

    Raises:
        InputError: if it is another one than the manifest lists.
    """
    path = files.join(folder, table.name)
    name = table.name.replace(PREPARED_PLACES_STEM, PLACES_STEM, 1)
    with files.open_regular(path) as source, files.create_whole(files.join(copies, name)) as stream:
        output = DigestingStream(stream)
        shutil.copyfileobj(source, output)
        if output.hexdigest() != table.sha256:
            raise InputError(
                f"{path} is damaged: it has another SHA-256 than its manifest says; restore it "
                "from a copy, or prepare the inputs anew"
            )
    report = Report()
    _add(report, files.join(copies, name), ListedFile(name, table.size, table.sha256))
    return report


def _add(report: Report, path: str, table: ListedFile) -> None:
    """Files of origins are listed with their folder."""
    report.files[path] = table.sha256
    if posixpath.basename(os.path.dirname(path)) == ORIGINS_FOLDER:
        listed = ListedFile(files.join(ORIGINS_FOLDER, table.name), table.size, table.sha256)
        report.origins.append(listed)
    else:
        report.prepared.append(table)
