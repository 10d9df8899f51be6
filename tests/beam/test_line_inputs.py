"""Sentence pairs and PTB from end to end: what the rows hold, against the input alone."""

from __future__ import annotations

import gzip
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.finished import manifest_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]
LINES = 1500
SHARD = ("--workers", 1, "--dupe-factor", 2, "--num-shards", 1)


def shard_of(folder: Path) -> bytes:
    return (folder / "rows/shard-00000-of-00001.parquet").read_bytes()


def rows_of(folder: Path, tokens: list[str]) -> list[tuple[str, str, int]]:
    """A and B of each row as text, unmasked, and its label."""
    columns = pq.read_table(folder / "rows/shard-00000-of-00001.parquet").to_pydict()
    rows = []
    for ids, labels, label in zip(
        columns["input_ids"], columns["labels"], columns["next_sentence_label"], strict=True
    ):
        answered = zip(ids, labels, strict=True)
        words = [tokens[shown if answer == -100 else answer] for shown, answer in answered]
        a, b, _ = " ".join(words[1:]).split(" [SEP]")
        rows.append((a, b.strip(), label))
    return rows


def run_plain_and_zipped(
    cli_in_process: Run, folder: Path, content: bytes, vocab: Path, said: str
) -> Path:
    """The shards of a file cut into ranges, and, by the way, the same of one that cannot be."""
    for name, data in (("plain", content), ("zipped", gzip.compress(content))):
        (folder / name).mkdir()
        (folder / name / "corpus").write_bytes(data)
        out = folder / name / "out"
        done = cli_in_process(
            "shard", folder / name / "corpus", "--vocab", vocab, "--output", out, *SHARD
        )
        assert done.returncode == 0, done.stderr
        assert said in done.stderr
    assert shard_of(folder / "plain" / "out") == shard_of(folder / "zipped" / "out")
    return folder / "plain" / "out"


def test_sentence_pairs(cli_in_process: Run, tmp_path: Path) -> None:
    """Each line once in each pass, its own second sentence or that of another line."""
    words = [f"{side}{n}" for side in "ab" for n in range(LINES)]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, "it", "is", "."]
    vocab = tmp_path / "vocab.txt"
    vocab.write_text("".join(f"{token}\n" for token in tokens))
    # Blank lines make it a file that is cut.
    gap = "\n" * 1500
    content = gap.join(f"It is it. A{n}\tIt is. B{n} it is." for n in range(LINES)).encode()
    assert len(content) > 2 << 20

    out = run_plain_and_zipped(cli_in_process, tmp_path, content, vocab, "1 file of sentence pairs")
    manifest = manifest_of(out)
    assert (manifest["documents"], manifest["sentences"]) == (LINES, 2 * LINES)
    firsts, labels, others = Counter[str](), Counter[int](), Counter[str]()
    for a, b, label in rows_of(out, tokens):
        first = re.fullmatch(r"it is it \. a(\d+)", a)
        second = re.fullmatch(r"it is \. b(\d+) it is \.", b)
        assert first and second
        assert (first[1] != second[1]) == label
        firsts[first[1]] += 1
        labels[label] += 1
        others[second[1]] += label
    assert set(firsts.values()) == {2} and len(firsts) == LINES
    assert labels[1] / (2 * LINES) == pytest.approx(0.5, abs=0.04)
    assert max(others.values()) < 9


@pytest.fixture(scope="module")
def ptb(prose: list[str]) -> bytes:
    """The prose as PTB would have it, its long words unknown; no word of it holds "unk"."""
    lines = []
    for line in "\n".join(prose).lower().split("\n"):
        words = re.findall("[a-z]+", line)
        shown = ["<unk>" if len(word) > 9 or "unk" in word else word for word in words]
        lines += [f" {' '.join(shown)} \n"] * bool(words)
    return "".join(lines).encode() * 3


def test_ptb(cli_in_process: Run, ptb: bytes, letters_vocab: Path, tmp_path: Path) -> None:
    assert len(ptb) > 1 << 20
    out = run_plain_and_zipped(cli_in_process, tmp_path, ptb, letters_vocab, "1 file of PTB")
    manifest = manifest_of(out)
    assert manifest["documents"] == -(-len(ptb) // 8192)
    assert manifest["sentences"] == ptb.count(b"\n")
    assert manifest["sums"]["unknown_tokens"] == ptb.count(b"<unk>") > 1000
    rows = rows_of(out, letters_vocab.read_text("utf-8").split("\n"))
    text = ptb.decode().replace("<unk>", "[UNK]").replace(" \n ", " ")
    for part in (part for a, b, _ in rows[:100] for part in (a, b)):
        # Its first and last words may be cut.
        assert " ".join(part.replace(" ##", "").split()[1:-1]) in text
    assert 0.45 < sum(label for _, _, label in rows) / len(rows) < 0.65


def test_the_vocabulary_of_ptb_knows_no_marker(
    cli_in_process: Run, ptb: bytes, tmp_path: Path
) -> None:
    (tmp_path / "ptb").write_bytes(ptb)
    out = tmp_path / "out"
    done = cli_in_process("vocab", tmp_path / "ptb", "--output", out, "--vocab-size", 500)
    assert done.returncode == 0, done.stderr
    tokens = (out / "vocab.txt").read_text("utf-8").split("\n")
    assert not any("unk" in token or "<" in token for token in tokens)
    assert manifest_of(out)["words"] == len(ptb.split()) - ptb.count(b"<unk>")


def test_a_bad_pair_fails_with_its_place_or_is_counted(cli_in_process: Run, tmp_path: Path) -> None:
    path = tmp_path / "pairs"
    path.write_text("the panda eats\tit sleeps\nno tab\nit eats\tit sleeps\tit eats\na b\tc d\n")
    given = ("vocab", path, "--output", tmp_path / "out", "--input-format", "sentence-pairs")
    done = cli_in_process(*given)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"bertprep: error: {path}: line 2 (byte 25) is not a sentence, a tab and the next "
        "sentence: it has no tab; --bad-input drop leaves such out and counts them"
    )
    done = cli_in_process(*given, "--bad-input", "drop", "--vocab-size", 20, "--min-frequency", 1)
    assert done.returncode == 0, done.stderr
    assert (
        "left out     bad_pair 2 (lines that are not two sentences with one tab between)"
        in done.stdout
    )
