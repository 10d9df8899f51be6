"""Where the examples that are shown come from, on a terminal, in JSON and on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.beam.noted_origins import done

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def corpus(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    documents = [part.strip() for text in prose[:8] for part in text.split("\n\n")][:40]
    (folder / "a.txt").write_text("\n\n".join([*documents, documents[0]]), "utf-8")
    return folder


def test_examples_are_shown_with_their_file_and_byte(
    cli_in_process: Run, corpus: Path, vocab_dir: Path, tmp_path: Path
) -> None:
    out, page = tmp_path / "out", tmp_path / "page.html"
    options = ("--vocab", vocab_dir, "--max-seq-length", 64, "--dupe-factor", 1, "--workers", 1)
    done(cli_in_process, "shard", corpus, *options, "--num-shards", 2, "--origins", "-o", out)
    shown = json.loads(done(cli_in_process, "inspect", out, "--examples", 6, "--json"))["examples"]
    text = (corpus / "a.txt").read_bytes()
    for example in shown:
        place = re.match(r"a\.txt, byte ([\d,]+)", example["a_source"])
        assert place
        start = int(place[1].replace(",", ""))
        assert start == 0 or text[start - 2 : start] == b"\n\n"
        assert (example["b_source"] is None) == (example["label"] == 0)
        words = re.findall(r"[a-z]{4,}(?![a-z]*\))", example["a"])[:3]
        document = text[start:].split(b"\n\n")[0].decode().lower()
        assert sum(word in document for word in words) >= len(words) - 1
    said = done(cli_in_process, "inspect", out, "--examples", 6)
    done(cli_in_process, "inspect", out, "--examples", 6, "--html", page)
    for example in shown:
        assert f"\n     {example['a_source']}\n" in said
        assert f'<p class="source">{example["a_source"]}</p>' in page.read_text("utf-8")


def test_shards_without_origins_are_shown_as_ever(
    cli_in_process: Run, corpus: Path, vocab_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ("--vocab", vocab_dir, "--max-seq-length", 64, "--dupe-factor", 1, "--workers", 1)
    done(cli_in_process, "shard", corpus, *options, "-o", out)
    assert "a_source" not in done(cli_in_process, "inspect", out, "--json")
