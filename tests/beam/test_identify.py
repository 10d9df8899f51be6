"""``bertprep identify``: documents by what they hold, as ``--exclude-documents`` reads them."""

import json

from tests.beam.held_out import ROWS, identity, run
from tests.finished import manifest_of


def test_listed_documents_are_not_in_the_shards(bertprep, split_corpus, some_documents, vocab_dir):
    text = some_documents[0].strip()
    found = run(bertprep, "identify", split_corpus / "all.txt", "--containing", text[-80:]).stdout
    lines = [line.split("\t") for line in found.splitlines()]
    assert [line[0] for line in lines] == [identity(text).astype("<u8").tobytes().hex()] * 2
    assert (lines[0][2], lines[0][3]) == ("0", " ".join(text.split())[:60])
    assert len(run(bertprep, "identify", split_corpus / "split").stdout.splitlines()) == 80
    listed = split_corpus / "listed.txt"
    listed.write_text(found, "utf-8")
    options = ("--vocab", vocab_dir, "--exclude-documents", listed, "--write-drops", *ROWS)
    run(bertprep, "shard", split_corpus / "all.txt", *options, "--output", split_corpus / "less")
    manifest = manifest_of(split_corpus / "less")
    assert manifest["drops"]["excluded_document"] == 2
    assert len(manifest["config"]["read"]["excluded"]) == 64
    dropped = (split_corpus / "less" / "dropped.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"].strip() for line in dropped if "excluded" in line] == [
        text
    ] * 2
