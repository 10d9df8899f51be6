"""``shard --layout megatron``: what is written is what was prepared, and what was held out."""

from tests.beam.held_out import SHARE, run
from tests.finished import manifest_of
from tests.shards.test_megatron import read_back


def test_a_prepared_corpus_is_written_for_megatron_with_what_was_held_out(
    bertprep, split_corpus, vocab_dir
):
    prepared, output = split_corpus / "for-megatron", split_corpus / "megatron"
    options = ("--vocab", vocab_dir, "--holdout", SHARE, "--workers", 1, "--output", prepared)
    run(bertprep, "prepare", split_corpus / "all.txt", *options)
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
    options = ("--layout", "megatron", "--output", split_corpus / "no")
    done = run(bertprep, "shard", prepared, *options, "--task", "sop", code=2)
    assert "--task has no effect" in done.stderr
    raw = run(bertprep, "shard", split_corpus / "all.txt", "--vocab", vocab_dir, *options, code=2)
    assert "--layout megatron takes a prepared corpus" in raw.stderr
