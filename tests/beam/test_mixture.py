"""Mixtures through the commands: the proportions that are asked for are those of the shards."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

Run = Callable[..., Any]
# Words of one token each; which input a token is from shows by it.
WORDS = {"a": ["panda", "eats", "bamboo", "leaf"], "b": ["ship", "sails", "over", "sea"]}
SHARD = ("--workers", 1, "--max-seq-length", 64, "--masking", "none", "--task", "none")


def ran(done: Any) -> str:
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred documents in one input, a hundred in the other, and a vocabulary of both."""
    folder, draws = tmp_path_factory.mktemp("mixture"), random.Random(1)
    for name, count in (("a", 300), ("b", 100)):
        documents = [
            "\n".join(
                " ".join(draws.choices(WORDS[name], k=draws.randint(6, 12))) + "."
                for _ in range(draws.randint(2, 6))
            )
            for _ in range(count)
        ]
        (folder / f"{name}.txt").write_text("\n\n".join(documents))
        (folder / name).mkdir()
        half = count // 2
        (folder / name / "2").write_text("\n\n".join(documents[half:]))
        rows = [json.dumps({"text": text}) for text in documents[half - 1 :: -1]]
        (folder / name / "1.jsonl").write_text("\n".join(rows))
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", *WORDS["a"], *WORDS["b"]]
    (folder / "vocab.txt").write_text("\n".join(tokens))
    return folder


def named(corpus: Path, end: str = ".txt") -> list[str]:
    return [part for name in WORDS for part in ("--input", f"{name}={corpus / name}{end}")]


def words_in(folder: Path, vocab: Path) -> dict[str, int]:
    """How many words of each input there are in the rows."""
    tokens = vocab.read_text().split("\n")
    found = dict.fromkeys(WORDS, 0)
    for path in folder.glob("rows/*.parquet"):
        for ids in pq.read_table(path)["input_ids"].to_pylist():
            for token in ids:
                for name, words in WORDS.items():
                    found[name] += tokens[token] in words
    return found


def rows(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("rows/*"))]


def test_the_shards_have_the_proportions(cli_in_process: Run, corpus: Path, tmp_path: Path) -> None:
    """Also where what a mixture is made of was cut and stored otherwise, and prepared before."""
    vocab = corpus / "vocab.txt"
    options = ("--vocab", vocab, "--uncased")
    once = (*SHARD, "--dupe-factor", 1)
    weighted = ("--weight", "a=2", "--weight", "b=3")
    out = tmp_path / "out"
    said = ran(cli_in_process("shard", *named(corpus), *weighted, *options, *once, "--output", out))
    found = words_in(out, vocab)
    assert found["b"] / sum(found.values()) == pytest.approx(0.6, abs=0.01)
    manifest = json.loads((out / "manifest.json").read_bytes())
    a, b = manifest["mixture"]
    assert (a["input"], a["passes"], a["share"], a["documents"]) == ("a", 1, 0.4, 300)
    assert b["share"] == 0.6
    assert b["passes"] == pytest.approx(1.5 * a["read"] / b["read"], abs=1e-5)
    assert b["taken"] + a["taken"] == manifest["tokens"]
    assert f"mixture      a: {a['taken'] / manifest['tokens']:.1%} " in said
    assert manifest["config"]["read"]["weight"] == ["a=2", "b=3"]
    assert {file["input"] for file in manifest["inputs"]} == {"a", "b"}

    a_table = f'[input.a]\npath = "{corpus}/a"\nweight = 2\n'
    b_table = f'[input.b]\npath = ["{corpus}/b"]\nweight = 3\n'
    (tmp_path / "mix.toml").write_text(a_table + b_table)
    prepared, again = tmp_path / "prepared", tmp_path / "again"
    mixture = ("--mixture", tmp_path / "mix.toml")
    ran(cli_in_process("prepare", *mixture, *options, "--workers", 1, "--output", prepared))
    ran(cli_in_process("shard", prepared, *once, "--output", again))
    assert rows(again) == rows(out)
    assert json.loads((again / "manifest.json").read_bytes())["mixture"] == manifest["mixture"]


def test_what_two_inputs_share_is_counted(
    cli_in_process: Run, corpus: Path, tmp_path: Path
) -> None:
    """And changes no row; the same is known of what was prepared before."""
    texts = (corpus / "a.txt").read_text().split("\n\n")
    (corpus / "c.txt").write_text("\n\n".join([*texts[:40], "A leaf. A sea."]))
    inputs = (*named(corpus)[:2], "--input", f"c={corpus}/c.txt")
    options = ("--vocab", corpus / "vocab.txt", "--uncased", "--workers", 1)
    said = ran(cli_in_process("prepare", *inputs, *options, "--output", tmp_path / "prepared"))
    assert "40 of its texts in another input, too" in said
    said = ran(cli_in_process("shard", tmp_path / "prepared", *SHARD, "--output", tmp_path / "out"))
    assert said.count("40 of its texts in another input, too") == 2
    mixture = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["mixture"]
    assert [(each["input"], each["shared"]) for each in mixture] == [("a", 40), ("c", 40)]


def test_a_vocabulary_of_smoothed_inputs(cli_in_process: Run, corpus: Path, tmp_path: Path) -> None:
    learning = ("--vocab-size", 60, "--unused-tokens", 0, "--workers", 1)
    smoothed = ("--smoothing", 0.5, "--output", tmp_path / "out")
    said = ran(cli_in_process("vocab", *named(corpus), *learning, *smoothed))
    a, b = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["mixture"]
    assert b["passes"] == pytest.approx((a["read"] / b["read"]) ** 0.5, abs=1e-4)
    assert b["taken"] == pytest.approx(b["passes"] * b["read"], rel=0.1)
    assert f"b: {b['taken'] / (a['taken'] + b['taken']):.1%}" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("IN", "--input", "a=IN"), "INPUT and --input both say what to read"),
        (("--input", "IN"), "--input must be NAME=PATH"),
        (("--input", "a=IN", "--weight", "b=2"), "no --input has that name; got a"),
        (("IN", "--smoothing", "0.7"), "--smoothing is for inputs with names"),
        (("--mixture", "TOML"), "[input.a] has 'wait', which is unknown; it takes path, weight"),
        (("--mixture", "none.toml"), "--mixture none.toml cannot be read: No such file"),
    ],
)
def test_what_is_no_mixture(
    cli_in_process: Run, corpus: Path, tmp_path: Path, given: tuple[str, ...], said: str
) -> None:
    toml = tmp_path / "mix.toml"
    toml.write_text('[input.a]\npath = "x"\nwait = 2\n')
    given = tuple(g.replace("IN", str(corpus / "a.txt")).replace("TOML", str(toml)) for g in given)
    done = cli_in_process("vocab", *given, "--output", tmp_path / "out")
    *_, line = done.stderr.splitlines()
    assert done.returncode == 2, done.stderr
    assert said in line
