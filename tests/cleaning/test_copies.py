"""Copies and near copies from their hashes alone."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bertprep.cleaning.copies import PART_SCHEMA, WHOLE, copies


def parts(rows: list[tuple[int, int, int, int, int]]) -> pa.Table:
    """Rows of (hash, id, split, document, part)."""
    columns = [
        [0] * len(rows),
        [r[0] for r in rows],
        [0] * len(rows),
        *zip(*(r[1:] for r in rows), strict=True),
    ]
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, PART_SCHEMA, strict=True)], schema=PART_SCHEMA
    )


def left_out(
    rows: list[tuple[int, int, int, int, int]], most: int | None = None
) -> list[tuple[int, ...]]:
    return [tuple(row.values()) for row in copies(parts(rows), most).to_pylist()]


def test_of_equal_documents_the_first_stays() -> None:
    rows = [(7, 7, 1, 4, WHOLE), (7, 7, 0, 9, WHOLE), (8, 8, 0, 1, WHOLE), (7, 7, 1, 2, WHOLE)]
    assert left_out(rows) == [(1, 2, WHOLE), (1, 4, WHOLE)]


def test_a_line_stays_in_the_document_of_the_smallest_id() -> None:
    rows = [
        (5, 30, 0, 0, 2),
        (5, 20, 1, 0, 0),
        (5, 20, 1, 0, 3),
        (5, 40, 2, 1, 1),
        (6, 30, 0, 0, 1),
    ]
    # Within one document it may stand twice.
    assert left_out(rows) == [(0, 0, 2), (2, 1, 1)]


def test_a_line_of_too_many_documents_goes_everywhere() -> None:
    rows = [(5, n, 0, n, 0) for n in range(3)] + [(6, n, 0, n, 1) for n in range(2)]
    assert left_out(rows, 2) == [(0, 0, 0), (0, 1, 0), (0, 1, 1), (0, 2, 0)]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 2)), max_size=30),
    st.randoms(),
)
def test_the_order_of_rows_does_not_matter(found: list[tuple[int, int, int]], draw: object) -> None:
    rows = [(h, i, i % 2, i, p) for h, i, p in found]
    shuffled = list(rows)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    if rows:
        assert left_out(rows) == left_out(shuffled)
