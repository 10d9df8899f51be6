"""Files of what came from none: their time is told by their content alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bertprep.common.spool import existing_folder, write_spool


def test_the_time_is_that_of_the_content_however_it_came(tmp_path: Path) -> None:
    parts = {"one": [b"some text"], "two": [b"some", b" ", b"text"], "other": [b"some texts"]}
    for name, content in parts.items():
        write_spool(str(tmp_path / name), content)
        assert (tmp_path / name).read_bytes() == b"".join(content)
    times = [os.stat(tmp_path / name).st_mtime for name in parts]
    assert times[0] == times[1] != times[2]
    assert max(times) < time.time() - 365 * 86400


def test_the_nearest_folder_that_is_there(tmp_path: Path) -> None:
    assert existing_folder(str(tmp_path)) == str(tmp_path)
    assert existing_folder(str(tmp_path / "a" / "b")) == str(tmp_path)
    (tmp_path / "file").write_text("")
    assert existing_folder(str(tmp_path / "file")) == str(tmp_path)
