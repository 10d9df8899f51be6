"""Letters that the vocabulary does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.wrong_calls import (
    Run,
    check_error,
    shard,
)

pytestmark = pytest.mark.usefixtures("folder")


def test_a_vocabulary_of_another_script(cli_in_process: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("你好。世界。\n\n再见。\n", encoding="utf-8")
    check_error(shard(cli_in_process, "out"), 1, "as where all is [UNK]", "`bertprep vocab`")
    text = "a 你好。a 世界。\n\na 再见。\n\n" * 300
    (folder / "good.txt").write_text(text, encoding="utf-8")
    done = shard(cli_in_process, "out")
    assert done.returncode == 0
    assert "% of the tokens are [UNK]: the vocabulary does not fit" in done.stdout
