"""``--holdout`` and ``--exclude-documents`` through the commands."""

import json

import numpy as np
import pytest

from bertprep.corpus.holdout import is_held_out
from bertprep.corpus.identity import document_ids
from bertprep.shards.folder import Shards
from tests.shards.test_megatron import read_back

ROWS = ("--max-seq-length", 64, "--dupe-factor", 1, "--workers", 1)
SHARE = 0.3


@pytest.fixture(scope="module")
def documents(prose):
    return [part for text in prose for part in text.split("\n\n")][:60]


@pytest.fixture(scope="module")
def corpus(documents, tmp_path_factory):
    folder = tmp_path_factory.mktemp("holdout")
    (folder / "all.txt").write_text("\n\n".join([*documents, *documents[:20]]), "utf-8")
    (folder / "split").mkdir()
    for name, part in (("z", documents[:30]), ("a", [*documents[30:], *documents[:20]])):
        (folder / "split" / f"{name}.txt").write_text("\n\n".join(part), "utf-8")
    return folder


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def run(bertprep, *arguments, code=0):
    done = bertprep(*arguments)
    assert done.returncode == code, done.stderr
    return done


def test_the_share_has_a_folder_of_its_own_whatever_the_files_and_the_steps(
    bertprep, corpus, documents, vocab_dir
):
    at_once, steps, prepared = (corpus / name for name in ("out", "steps", "prepared"))
    share = ("--vocab", vocab_dir, "--holdout", SHARE)
    run(bertprep, "shard", corpus / "all.txt", *share, "--output", at_once, *ROWS)
    run(bertprep, "prepare", corpus / "split", *share, "--output", prepared, "--workers", 1)
    run(bertprep, "shard", prepared, "--output", steps, *ROWS)
    for name in ("", "holdout"):
        ours, theirs = Shards(at_once / name), Shards(steps / name)
        assert [s["sha256"] for s in manifest_of(at_once / name)["shards"]] == [
            s["sha256"] for s in manifest_of(steps / name)["shards"]
        ]
        assert len(ours) == len(theirs) > 0
        assert "all as written" in run(bertprep, "verify", steps / name).stdout
    trained, held_out = manifest_of(at_once), manifest_of(at_once / "holdout")
    assert trained["config"]["read"]["holdout"] == SHARE
    assert "held_out" not in trained["config"]["read"]
    assert held_out["config"]["read"]["held_out"] is True
    ids = [identity(t) for t in set_of(documents)]
    expected = sum(int(is_held_out(i, SHARE)[0]) for i in ids)
    assert held_out["equal_documents"]["texts"] == expected
    assert trained["drops"]["held_out"] == held_out["documents"]

    again = run(bertprep, "shard", prepared, "--output", steps, *ROWS, "--resume")
    assert again.stdout.count("is complete") == 2
    options = ("--vocab", vocab_dir, "--output", steps, "--overwrite", *ROWS)
    done = run(bertprep, "shard", corpus / "all.txt", *options, code=1)
    assert "holds what an earlier run held out" in done.stderr


def test_of_a_prepared_corpus_nothing_more_is_left_out(bertprep, corpus, vocab_dir):
    prepared, listed = corpus / "all-prepared", corpus / "some.txt"
    options = ("--vocab", vocab_dir, "--output", prepared, "--workers", 1)
    run(bertprep, "prepare", corpus / "all.txt", *options)
    listed.write_text("0" * 32 + "\n", "utf-8")
    for option, way_out in (
        (("--exclude-documents", listed), "prepare the inputs anew with --exclude-documents"),
        (("--holdout", SHARE), "leave that out, or prepare the inputs anew"),
    ):
        done = run(bertprep, "shard", prepared, "--output", corpus / "no", *ROWS, *option, code=2)
        assert done.stderr.strip().count("\n") == 0
        assert done.stderr.strip().endswith(way_out)


def set_of(documents):
    return {text.strip() for text in documents}


def test_listed_documents_are_not_in_the_shards(bertprep, corpus, documents, vocab_dir):
    text = documents[0].strip()
    found = run(bertprep, "identify", corpus / "all.txt", "--containing", text[-80:]).stdout
    lines = [line.split("\t") for line in found.splitlines()]
    assert [line[0] for line in lines] == [identity(text).astype("<u8").tobytes().hex()] * 2
    assert (lines[0][2], lines[0][3]) == ("0", " ".join(text.split())[:60])
    assert len(run(bertprep, "identify", corpus / "split").stdout.splitlines()) == 80
    listed = corpus / "listed.txt"
    listed.write_text(found, "utf-8")
    options = ("--vocab", vocab_dir, "--exclude-documents", listed, "--write-drops", *ROWS)
    run(bertprep, "shard", corpus / "all.txt", *options, "--output", corpus / "less")
    manifest = manifest_of(corpus / "less")
    assert manifest["drops"]["excluded_document"] == 2
    assert len(manifest["config"]["read"]["excluded"]) == 64
    dropped = (corpus / "less" / "dropped.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"].strip() for line in dropped if "excluded" in line] == [
        text
    ] * 2


def identity(text):
    data = text.encode()
    return document_ids(data, np.array([0]), np.array([len(data)]), "text")


def test_a_prepared_corpus_is_written_for_megatron_with_what_was_held_out(
    bertprep, corpus, vocab_dir
):
    prepared, output = corpus / "for-megatron", corpus / "megatron"
    options = ("--vocab", vocab_dir, "--holdout", SHARE, "--workers", 1, "--output", prepared)
    run(bertprep, "prepare", corpus / "all.txt", *options)
    run(bertprep, "shard", prepared, "--layout", "megatron", "--output", output)
    for folder, source in ((output, prepared), (output / "holdout", prepared / "holdout")):
        found = ((folder / f"sentences.{end}").read_bytes() for end in ("bin", "idx"))
        documents = read_back(*found)
        manifest = manifest_of(source)
        assert len(documents) == manifest["documents"]
        assert sum(map(len, documents)) == manifest["sentences"]
        assert sum(len(s) for d in documents for s in d) == manifest["tokens"]
        assert "all as written" in run(bertprep, "verify", folder).stdout
    done = run(bertprep, "shard", prepared, "--layout", "megatron", "--output", output, "--resume")
    assert done.stdout.count("is complete") == 2
    options = ("--layout", "megatron", "--output", corpus / "no")
    done = run(bertprep, "shard", prepared, *options, "--task", "sop", code=2)
    assert "--task has no effect" in done.stderr
    raw = run(bertprep, "shard", corpus / "all.txt", "--vocab", vocab_dir, *options, code=2)
    assert "--layout megatron takes a prepared corpus" in raw.stderr
