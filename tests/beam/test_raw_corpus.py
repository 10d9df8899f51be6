"""Raw files: what a document and a sentence of them is, and inputs that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.wrong_calls import (
    SHARD,
    THREE_DOCUMENTS,
    Run,
    check_error,
    manifest,
    shard,
)

pytestmark = pytest.mark.usefixtures("folder")


def test_inputs_that_are_none(cli_in_process: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    expected = "INPUT is a file, a folder or a glob"
    for pattern, message in {
        "no*.jsonl": "no file matches no*.jsonl; ",
        "empty": "no file in empty; ",
        "./-": "./- does not exist; ",
    }.items():
        done = cli_in_process("shard", pattern, "--output", "out", *SHARD)
        check_error(done, 1, message + expected)


def test_blank_documents_are_none(cli_in_process: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("\n\n \n\n" + THREE_DOCUMENTS + "\n\n\t\n\n\n")
    assert shard(cli_in_process, "out").returncode == 0
    assert manifest()["documents"] == 3
    assert manifest()["drops"] == {}


@pytest.mark.parametrize(
    ("rule", "documents"), [("blank-line", 3), ("line", 3), ("file", 1), ("section", 1)]
)
def test_what_a_document_is(cli_in_process: Run, folder: Path, rule: str, documents: int) -> None:
    if rule == "line":
        (folder / "good.txt").write_text("A line. Of text.\nA line.\n\nAnd a third. Line.\n")
    done = shard(cli_in_process, "out", "--documents", rule, "--task", "none")
    assert done.returncode == 0
    assert manifest()["documents"] == documents


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        # "They said no." / "He left" / "the house."; the last document is one of one sentence.
        ("rules", 4),
        ("wrapped", 3),
        ("lines", 3),
    ],
)
def test_what_a_sentence_is(cli_in_process: Run, folder: Path, rule: str, sentences: int) -> None:
    (folder / "good.txt").write_text("They said no. He left\nthe house.\n\nAnother document.\n")
    assert shard(cli_in_process, "out", "--sentences", rule, "--task", "none").returncode == 0
    assert manifest()["sentences"] == sentences
    assert manifest()["documents"] == (1 if rule == "wrapped" else 2)
