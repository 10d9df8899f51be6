"""Rows lead back to their documents."""

from __future__ import annotations

import json
from pathlib import Path

from tests.beam.noted_origins import USUAL, Run, check, done
from tests.finished import manifest_of


def test_packed_rows_and_orders_of_sentences_lead_back_too(
    cli_in_process: Run, text: Path, vocab_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ("--vocab", vocab_dir, *USUAL, "--pack", "--task", "sop", "--num-shards", 2)
    done(cli_in_process, "shard", text, *options, "--origins", "-o", out)
    checked, others = check(cli_in_process, out, text, vocab_dir, 5)
    assert (checked > 10, others) == (True, 0)
    found = json.loads(done(cli_in_process, "locate", out, 1, 0, "--json"))
    assert len(found["examples"]) > 1
    assert list(found["places"]) == sorted({each["a_document"] for each in found["examples"]})
    assert found["places"][found["examples"][0]["a_document"]][0].keys() == {"file", "byte"}
    for args, wrong in (((2, 0), "has no shard 2; expected"), ((0, 10**6), "no row 1,000,000")):
        told = cli_in_process("locate", out, *args)
        assert (told.returncode > 0, wrong in told.stderr) == (True, True), told.stderr


def test_rows_of_a_mixture_lead_back_to_the_input(
    cli_in_process: Run, text: Path, vocab_dir: Path, tmp_path: Path
) -> None:
    out, less = tmp_path / "out", tmp_path / "less"
    named = (f"--input=one={text}", "--input", f"two={text}")
    options = ("--vocab", vocab_dir, *USUAL[:4], "--workers", 1)
    done(cli_in_process, "shard", *named, *options, "--origins", "-o", out)
    identity = done(cli_in_process, "locate", out, 0, 0)[:32]
    found = [done(cli_in_process, "identify", text, "--identity", identity)]
    for each in ("one", "two"):
        found += [
            done(cli_in_process, "identify", f"--input={each}={text}", "--identity", identity)
        ]
    assert sorted(map(len, found))[:2] == [0, 0]
    assert found[0] == ""
    (tmp_path / "listed.txt").write_text("".join(found), "utf-8")
    listed = ("--exclude-documents", tmp_path / "listed.txt", "-o", less)
    done(cli_in_process, "shard", *named, *options, *listed)
    assert manifest_of(less)["drops"]["excluded_document"] == 1
