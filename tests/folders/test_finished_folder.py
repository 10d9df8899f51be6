"""Which INPUTs are the output of `bertprep clean`: its texts are read, not what lies beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import BertprepError
from pipelines.folders import files
from pipelines.folders.finished_folder import manifest_bytes, texts_of


def test_texts_of_a_cleaned_corpus(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "text-00000-of-00001.jsonl").write_text('{"text": "One."}\n')
    assert texts_of(str(tmp_path)) == str(tmp_path)  # any folder may have one of that name
    (tmp_path / "manifest.json").write_text("{}")
    assert texts_of(str(tmp_path)) == str(tmp_path / "text")


@pytest.mark.parametrize("given", ["https://localhost:1/corpus.txt", "wiki/*", "book.txt", "-"])
def test_any_other_input_stays(given: str) -> None:
    """And nothing is asked of the network for it."""
    assert texts_of(given) == given


def test_an_address_of_the_web_has_no_names_in_it() -> None:
    assert files.names_in("https://localhost:1/corpus.txt") == []


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("hdfs://a/b", "hdfs:// is not opened; copy it to gs://"),
        ("foo://a/b", "is of no store that is known; expected gs://"),
        ("https://localhost:1/a", "is no folder here or of a store; copy it, and name the copy"),
    ],
)
def test_a_result_that_cannot_be_opened_is_told_with_a_way_out(folder: str, said: str) -> None:
    with pytest.raises(BertprepError, match=said):
        manifest_bytes(folder)
