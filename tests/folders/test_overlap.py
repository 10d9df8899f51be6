"""An output among the inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.corpus.files import InputFile
from bertprep.errors import InputError
from pipelines.folders.overlap import check_apart


def test_an_output_among_the_inputs_is_not_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    corpus = [InputFile(str(tmp_path / "data" / "a.txt"), "a.txt", 1)]
    check_apart(corpus, [str(tmp_path / "data" / "a.txt")], str(tmp_path / "data" / "out"))
    check_apart(corpus, [str(tmp_path / "data")], str(tmp_path / "dat"))
    with pytest.raises(InputError, match=r"a.txt is an INPUT and lies in the --output folder"):
        check_apart(corpus, [], str(tmp_path / "data"))
    with pytest.raises(InputError, match=r"data/out lies in the INPUT .*data, and the next run"):
        check_apart(corpus, [str(tmp_path / "data")], str(tmp_path / "data" / "out"))
