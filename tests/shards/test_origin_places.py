"""Where documents are, in the tables beside the origins of rows."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest

from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.holdout import identities_of
from bertprep.corpus.identity import document_ids
from bertprep.errors import BertprepError
from bertprep.shards.origin_places import Place, PlacesWriter, read_places

TEXT, STARTS, ENDS = b"One.\n\nTwo.\n\nOne.", np.array([0, 6, 12]), np.array([4, 10, 16])


def a_batch(**fields: object) -> DocumentBatch:
    return DocumentBatch("a.txt", TEXT, STARTS, ENDS, np.array([0, 9, 70]), **fields)  # type: ignore[arg-type]


def identities(file_format: str = "text", name: str = "") -> list[str]:
    return identities_of(document_ids(TEXT, STARTS, ENDS, file_format, name))


def a_table() -> tuple[bytes, str]:
    stream = io.BytesIO()
    writer = PlacesWriter(stream)
    writer(a_batch())
    writer(a_batch(format="parquet", names=["x", "x", "\udce4"], input="web"))
    entry = writer.finish("documents-000000.arrow")
    assert entry.size == len(stream.getvalue())
    return stream.getvalue(), entry.sha256


def test_documents_are_found_with_all_their_copies() -> None:
    data, digest = a_table()
    assert hashlib.sha256(data).hexdigest() == digest
    one, two, _ = identities()
    assert read_places(io.BytesIO(data), "t", [one, two]) == {
        one: [Place("a.txt", 0, False), Place("a.txt", 70, False)],
        two: [Place("a.txt", 9, False)],
    }
    assert read_places(io.BytesIO(data), "t", ["0" * 32]) == {}


def test_rows_of_a_mixture_have_identities_of_their_own() -> None:
    one, _, _ = identities("parquet", "web")
    assert one not in identities()
    found = read_places(io.BytesIO(a_table()[0]), "t", [one])[one]
    assert found == [Place("x", 0, True), Place("\\udce4", 70, True)]
    assert list(map(str, found)) == ["x\trow 0", "\\udce4\trow 70"]


def test_a_damaged_table_is_told() -> None:
    with pytest.raises(BertprepError, match=r"t\.arrow is damaged"):
        read_places(io.BytesIO(a_table()[0][:90]), "t.arrow", identities())
