"""What bertprep prepare writes and says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.prepared_corpora import Run, error_of, ran
from tests.finished import contents, manifest_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_was_prepared_is_told_and_how_to_go_on(cli_in_process: Run, corpus: Path) -> None:
    shown = ran(cli_in_process("inspect", corpus))
    manifest = manifest_of(corpus)
    lines = {line[:13].strip(): line[13:] for line in shown.splitlines()}
    assert lines["documents"] == f"{manifest['documents']:,}" == "36"
    assert lines["sentences"] == f"{manifest['sentences']:,}"
    assert lines["tokens"].startswith(f"{manifest['tokens']:,} (0.")
    assert "[UNK]), uncased vocabulary of 3,000" in lines["tokens"]
    assert lines["left out"] == "bad_json 1 (lines that are not a JSON object)"
    stored = sum(path.stat().st_size for path in corpus.glob("prepared-*"))
    assert lines["output"].startswith(f"corpus: 3 files, {stored / 1000:.1f} kB, ")
    assert lines["next"].startswith("bertprep shard corpus --output SHARDS")
    assert ran(cli_in_process("verify", corpus)) == "3 files, 36 documents: all as written\n"


def test_prepare_tells_the_same_as_inspect(
    cli_in_process: Run, module_folder: Path, finished: Path, folder: Path
) -> None:
    options = ("--vocab", finished, "--bad-input", "drop", "--workers", 1)
    done = cli_in_process("prepare", module_folder / "text", "--output", "again", *options)
    assert ran(done) == ran(cli_in_process("inspect", "again"))
    assert contents(Path("again")) == contents(finished)
    said, casing, warning = done.stderr.splitlines()
    assert casing == "reading words as uncased, as manifest.json says"
    assert said.startswith("reading ")
    assert said.endswith(" of prepared documents")
    assert warning.startswith("warning: ") and "the text is hard-wrapped" in warning
    assert done.stdout.splitlines()[-1] == warning


def test_the_manifest_holds_what_was_fixed(finished: Path) -> None:
    manifest = manifest_of(finished)
    assert manifest["config"]["read"]["bad_input"] == "drop"
    assert manifest["config"]["prepare"] == {"seed": 12345, "word_segmenter": "none"}
    assert [entry["name"] for entry in manifest["inputs"]] == ["0.jsonl", "1.jsonl", "2.jsonl"]
    names = [entry["file"] for entry in manifest["prepared"]]
    tables = [f"prepared-documents-{n:06}.arrow" for n in range(len(names) - 2)]
    assert names == ["prepared-000000.arrow", *tables, "prepared-index.arrow"]
    assert tables


def test_one_document_is_enough_to_prepare_but_not_for_pairs(
    cli_in_process: Run, folder: Path, letters_vocab: Path
) -> None:
    Path("text.txt").write_text("One document. Of some sentences.")
    ran(cli_in_process("prepare", "text.txt", "--vocab", letters_vocab, "--output", "corpus"))
    message = error_of(cli_in_process("shard", "corpus", "--output", "out"), 1)
    assert "one document only" in message
    ran(cli_in_process("shard", "corpus", "--output", "out", "--task", "sop"))


def test_no_text_at_all_is_not_prepared(
    cli_in_process: Run, folder: Path, letters_vocab: Path
) -> None:
    Path("text.txt").write_text("\n \n")
    done = cli_in_process("prepare", "text.txt", "--vocab", letters_vocab, "--output", "corpus")
    assert "the inputs hold no text at all" in error_of(done, 1)
    assert not Path("corpus").exists()
