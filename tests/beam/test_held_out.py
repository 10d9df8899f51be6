"""``--holdout`` and ``--exclude-documents`` through the commands."""

from bertprep.corpus.holdout import is_held_out
from bertprep.shards.folder import Shards
from tests.beam.held_out import ROWS, SHARE, identity, run
from tests.finished import manifest_of


def test_the_share_has_a_folder_of_its_own_whatever_the_files_and_the_steps(
    bertprep, split_corpus, some_documents, vocab_dir
):
    at_once, steps, prepared = (split_corpus / name for name in ("out", "steps", "prepared"))
    share = ("--vocab", vocab_dir, "--holdout", SHARE)
    run(bertprep, "shard", split_corpus / "all.txt", *share, "--output", at_once, *ROWS)
    run(bertprep, "prepare", split_corpus / "split", *share, "--output", prepared, "--workers", 1)
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
    ids = [identity(t) for t in set_of(some_documents)]
    expected = sum(int(is_held_out(i, SHARE)[0]) for i in ids)
    assert held_out["equal_documents"]["texts"] == expected
    assert trained["drops"]["held_out"] == held_out["documents"]

    again = run(bertprep, "shard", prepared, "--output", steps, *ROWS, "--resume")
    assert again.stdout.count("is complete") == 2
    options = ("--vocab", vocab_dir, "--output", steps, "--overwrite", *ROWS)
    done = run(bertprep, "shard", split_corpus / "all.txt", *options, code=1)
    assert "holds what an earlier run held out" in done.stderr


def test_of_a_prepared_corpus_nothing_more_is_left_out(bertprep, split_corpus, vocab_dir):
    prepared, listed = split_corpus / "all-prepared", split_corpus / "some.txt"
    options = ("--vocab", vocab_dir, "--output", prepared, "--workers", 1)
    run(bertprep, "prepare", split_corpus / "all.txt", *options)
    listed.write_text("0" * 32 + "\n", "utf-8")
    for option, way_out in (
        (("--exclude-documents", listed), "prepare the inputs anew with --exclude-documents"),
        (("--holdout", SHARE), "leave that out, or prepare the inputs anew"),
    ):
        done = run(
            bertprep, "shard", prepared, "--output", split_corpus / "no", *ROWS, *option, code=2
        )
        assert done.stderr.strip().count("\n") == 0
        assert done.stderr.strip().endswith(way_out)


def set_of(documents):
    return {text.strip() for text in documents}
