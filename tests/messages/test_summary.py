"""What a user is told at the end of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bertprep.options import ShardOptions
from bertprep.report.row_warnings import shard_findings
from bertprep.shards.manifest_types import ShardManifest, VocabManifest
from pipelines.messages import summary
from tests.manifests import parsed, shards_json, vocab_json


def named(*formats: str) -> list[dict[str, Any]]:
    common = {"bytes": 1, "compression": "none"}
    return [{"name": str(i), "format": kind, **common} for i, kind in enumerate(formats)]


def sized(*sizes: int) -> list[dict[str, Any]]:
    common = {"rows": 1, "sha256": ""}
    return [{"file": str(i), "bytes": size, **common} for i, size in enumerate(sizes)]


def shard_manifest(**changes: Any) -> ShardManifest:
    """A manifest with figures that are easy to find again."""
    statistics = {
        "unknown_token_share": 0.0012,
        "positive_label_share": 0.583,
        "mean_length": 87.34,
        "full_row_share": 0.25,
        "padding_share": 0.3177,
        "masked_share": 0.1493,
        "random_token_share": 0.11,
        "kept_token_share": 0.09,
    }
    content = {
        "documents": 1234,
        "sentences": 56789,
        "tokens": 1_000_000,
        "rows": 4321,
        "shards": sized(1_500_000, 1_000_000),
        "sums": {"examples": 4321, "tokens_in_rows": 2_000_000, "truncated_tokens": 777},
        "random_next_pools": {"pools": 2, "smallest": 300, "largest": 900},
        "drops": {"no_text": 3, "title_line": 1},
        "inputs": named("jsonl", "text"),
        "statistics": statistics | changes.pop("statistics", {}),
    }
    options = ShardOptions(**{"layout": "google", **changes.pop("config", {})})
    manifest = parsed(shards_json(options, **{**content, **changes}))
    return replace(manifest, warnings=tuple(shard_findings(manifest)))


def test_the_summary_of_shards() -> None:
    assert summary.describe_shards(shard_manifest(), "out").splitlines() == [
        "documents    1,234",
        "sentences    56,789",
        "tokens       1,000,000 (0.120% [UNK]), cased vocabulary of 30,522",
        "examples     4,321 in 10 passes, 87.3 tokens of 128 each",
        "used         98.0% of the tokens in each pass, 2.0% truncated; 99.90% in some row",
        "random next  58.3% of pairs, drawn from 300 to 900 documents",
        "truncated    777 tokens over the length, in 10 passes",
        "masked       14.93% of tokens: 80.0% [MASK], 11.0% random, 9.0% kept",
        "padding      31.8%, 25.0% of rows full",
        "left out     no_text 3 (JSON lines and rows without the field of the text)",
        "             title_line 1 (title lines of articles, which --keep-titles keeps)",
        "output       out: 2 parquet shards in the google layout, 2.5 MB, 1.25 bytes a token",
    ]


def test_the_summary_says_what_differs() -> None:
    def said(**changes: Any) -> str:
        return summary.describe_shards(shard_manifest(**changes), "out")

    assert "swapped      58.3% of pairs\n" in said(config={"task": "sop"})
    assert "pairs" not in said(config={"task": "none"})
    assert " in 1 pass, " in said(config={"dupe_factor": 1})
    assert "1 parquet shard in the" in said(shards=sized(10))
    assert "drawn from 9 documents" in said(
        random_next_pools={"pools": 1, "smallest": 9, "largest": 9}
    )
    assert "left out     nothing\n" in said(drops={})
    assert "capped       40.0% of rows, at 20 predictions" in said(
        statistics={"capped_row_share": 0.4}
    )
    assert "warning" not in said(statistics={"unknown_token_share": 0.01})
    many = {"unknown_token_share": 0.06}
    assert "warning: 6% of the tokens are [UNK]" in said(statistics=many)
    # PTB has them in its text; they say nothing of the vocabulary.
    assert "warning" not in said(statistics=many, inputs=named("ptb"))
    cut = {"examples": 4321, "cut_sentences": 3}
    assert "cut          3 sentences that would have filled a row\n" in said(sums=cut)
    assert "warning: 9 leftovers of wiki mark-up" in said(sums={"wiki_leftovers": 9})
    again = summary.describe_shards(shard_manifest(), "out", ["one of the begin"])
    assert again.endswith("a token\nwarning: one of the begin")


def test_pairs_that_are_all_random_are_a_warning() -> None:
    def said(share: float, task: str) -> str:
        changes = {"statistics": {"positive_label_share": share}, "config": {"task": task}}
        return summary.describe_shards(shard_manifest(**changes), "out")

    assert "warning: all pairs are random, as no document has" in said(1.0, "nsp")
    assert "99.0% of the pairs are random" in said(0.99, "nsp")
    assert "warning" not in said(0.55, "nsp") + said(1.0, "sop")


def vocab_manifest(size: int) -> VocabManifest:
    vocabulary = {"size": size, "lowercase": True}
    return parsed(vocab_json(documents=1234, vocabulary=vocabulary))


def test_the_summary_of_a_vocabulary() -> None:
    assert summary.describe_vocab(vocab_manifest(3000), 3000, "out").splitlines() == [
        "documents    1,234",
        "words        56,789, 4,321 distinct",
        "vocabulary   3,000 tokens, uncased",
        "characters   80; 2 left out (ʻ ʼ): 1.250% of the words are [UNK]",
        "left out     nothing",
        "output       out (vocab.txt, tokenizer.json, tokenizer_config.json)",
    ]


def test_a_vocabulary_smaller_than_asked_for_is_a_warning_with_the_way_out() -> None:
    warning = summary.describe_vocab(vocab_manifest(2500), 3000, "out").splitlines()[-1]
    assert warning.startswith("warning: the corpus gives 2,500 tokens of 3,000 asked for")
    assert "count of 1 (--min-frequency) in words of its most frequent char" in warning
    assert warning.endswith("give more text or a smaller --vocab-size")


def test_pieces_of_pairs_seen_once_are_told() -> None:
    manifest = replace(vocab_manifest(3000), seen_once=1200)
    told = summary.describe_vocab(manifest, 3000, "out")
    assert "3,000 tokens, uncased; 1,200 are of pairs seen once, as all others are used up" in told
