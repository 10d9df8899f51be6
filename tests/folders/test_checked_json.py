"""Work files that know whether they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.folders.checked_json import read_sealed, write_sealed


@pytest.mark.parametrize("content", [None, 3, "é", [], {"a": [1, {"b": None}]}])
def test_what_was_written_is_read(tmp_path: Path, content: Any) -> None:
    path = str(tmp_path / "folder" / "note.json")
    write_sealed(path, content)
    assert read_sealed(path) == content


def test_no_flipped_bit_and_no_lost_byte_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    write_sealed(str(path), {"seed": 1, "output": "out"})
    whole = path.read_bytes()
    harmed = [whole[:n] for n in range(len(whole))]
    harmed += [
        whole[:n] + bytes([whole[n] ^ 1 << n % 8]) + whole[n + 1 :] for n in range(len(whole))
    ]
    for content in harmed:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"note\.json is not as it was written"):
            read_sealed(str(path))


def test_none_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_sealed(str(tmp_path / "none"))
