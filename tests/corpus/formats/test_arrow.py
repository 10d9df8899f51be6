"""Arrow's files and streams, cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bertprep.errors import InputError
from tests.corpus.formats.tables import (
    TEXTS,
    check,
    every_writer,
    read,
    write_parquet,
)


@every_writer
def test_a_cut_file_is_told(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "in"
    write(path, pa.table({"text": TEXTS}))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    if write is write_parquet:  # it says at its end what is in it
        assert "is damaged" in check(path)
        return
    with pytest.raises(InputError, match=r"in is truncated: .*fetch it again, or take"):
        read(path)
    found, counts = read(path, bad_input="drop")
    assert [text for _, text in found] == TEXTS[: len(found)]
    assert 500 <= len(found) < 1000
    assert counts == {"damaged_file": 1}
