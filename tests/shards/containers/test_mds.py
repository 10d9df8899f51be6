"""MDS as a container: which columns take room with each token."""

from __future__ import annotations

import pytest

from bertprep.options import ShardOptions
from bertprep.shards.containers.container import RowCount
from bertprep.shards.containers.mds import MDS


def test_a_token_takes_an_id_a_type_and_a_label() -> None:
    """Of four bytes, one and eight; and each row its head."""
    options = ShardOptions(output_format="mds")
    assert MDS.expected_bytes(RowCount(0, 100), options) == pytest.approx(1300)
    assert MDS.expected_bytes(RowCount(10, 100), options) == pytest.approx(1300 + 360)


def test_no_loader_but_its_own_reads_it() -> None:
    with pytest.raises(NotImplementedError):
        MDS.rows(None, None, 1, None)
