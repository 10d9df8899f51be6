"""Tokenizer folders through the command: what is decided, said, stored, and held by the loaders."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from bertprep.loaders.batches import Batches
from bertprep.loaders.collate import ColumnMaker, Padding
from bertprep.loaders.order import OrderOptions
from bertprep.shards.folder import Shards
from tests.lanes import usual_of

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = [
    "the",
    "panda",
    "eats",
    "bamboo",
    ".",
    "and",
    "sleeps",
    "in",
    "a",
    "tree",
    "[",
    "]",
    "ur",
    "##l",
    "e",
    "##ot",
]
TEXT = "".join(
    f"The panda eats bamboo. [EOT] The panda sleeps in [URL].\nA panda and{' a tree' * n}.\n\n"
    for n in range(1, 31)
)
HINDI = "".join(
    f"बच्चे मैदान में क्रिकेट खेल रहे थे। मौसम आज{' बहुत' * n} अच्छा है।\nहिन्दी में लिखा है।\n\n"
    for n in range(1, 31)
)


def ran(done: Done) -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()


def error_of(done: Done) -> str:
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "hindi.txt").write_text(HINDI, encoding="utf-8")
    tok = tmp_path / "tok"
    tok.mkdir()
    (tok / "vocab.txt").write_text("\n".join([*SPECIAL, "[EOT]", *WORDS]), encoding="utf-8")
    config = {"do_lower_case": True, "tokenizer_class": "BertTokenizer"}
    config["additional_special_tokens"] = ["[EOT]", "[URL]"]
    (tok / "tokenizer_config.json").write_text(json.dumps(config))
    return tmp_path


def shard(run: Run, *args: object) -> Done:
    return run("shard", *args, "--dupe-factor", 1, "--workers", 1, "--max-seq-length", 32)


GIVEN = ["tok", "tok/vocab.txt"]


@pytest.mark.parametrize(
    ("given", "masking"),
    usual_of(product(GIVEN, ["token", "none"]), [("tok", "token"), ("tok/vocab.txt", "none")]),
)
def test_added_tokens_are_whole_and_never_predicted(
    cli_in_process: Run, folder: Path, given: str, masking: str
) -> None:
    done = shard(
        cli_in_process, "text.txt", "--vocab", given, "--output", "o", "--masking", masking
    )
    assert "reading words as uncased, as tokenizer_config.json says" in ran(done)
    assert "1 shard" in cli_in_process("verify", "o").stdout
    manifest = json.loads(Path("o/manifest.json").read_text(encoding="utf-8"))
    assert [token["id"] for token in manifest["vocabulary"]["settings"]["added"]] == [5, 22]
    vocabulary = Shards("o").vocabulary
    assert (vocabulary.tokens[5], vocabulary.tokens[22]) == ("[EOT]", "[URL]")
    assert vocabulary.settings.spelled == 22
    assert not {5, 22} & set(vocabulary.drawable_ids.tolist())
    shards = Shards("o")
    steps = Batches(shards, ColumnMaker(shards), OrderOptions(batch_size=16), Padding(to=32))
    batch = next(steps.read(epoch=0))
    ids, labels = batch["input_ids"], batch["labels"]
    assert np.isin([5, 22], ids).all()
    assert not np.isin([5, 22], labels).any()
    assert "[EOT]" in cli_in_process("inspect", "o").stdout
    # The copy beside the shards is as good as the folder.
    ran(shard(cli_in_process, "text.txt", "--vocab", "o", "--output", "p", "--masking", masking))
    files = [p for p in Path("o").rglob("*.*") if p.name != "run.json"]
    assert len(files) > 2
    for path in files:
        assert path.read_bytes() == (Path("p") / path.relative_to("o")).read_bytes()


def test_a_layout_that_cannot_hold_a_token(cli_in_process: Run, folder: Path) -> None:
    config = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
    config["additional_special_tokens"] = ["two words"]
    Path("tok/tokenizer_config.json").write_text(json.dumps(config))
    done = shard(cli_in_process, "text.txt", "--vocab", "tok", "--output", "o", "--layout", "lddl")
    assert done.returncode == 2
    assert "the added token 'two words' of the vocabulary holds one" in done.stderr


def test_a_changed_setting_is_no_longer_the_vocabulary(cli_in_process: Run, folder: Path) -> None:
    ran(shard(cli_in_process, "text.txt", "--vocab", "tok", "--output", "o"))
    manifest = json.loads(Path("o/manifest.json").read_text(encoding="utf-8"))
    manifest["vocabulary"]["settings"]["strip_accents"] = False
    Path("o/manifest.json").write_text(json.dumps(manifest))
    assert "vocab.txt: expected the digest" in cli_in_process("verify", "o").stdout
    manifest["vocabulary"]["settings"]["strip_accents"] = "x"
    Path("o/manifest.json").write_text(json.dumps(manifest))
    assert "is damaged: strip_accents of a vocabulary's settings is 'x'" in error_of(
        cli_in_process("verify", "o")
    )


def test_kept_accents_go_with_the_vocabulary(cli_in_process: Run, folder: Path) -> None:
    learn = ("vocab", "hindi.txt", "--vocab-size", 100, "--workers", 1)
    done = cli_in_process(*learn, "--output", "plain")
    (warning,) = (line for line in ran(done) if "which carry meaning in Devanagari" in line)
    assert warning.startswith("warning: ")
    assert warning.endswith("--keep-accents lower-cases and keeps them, --cased keeps all")
    for option in ("--keep-accents", "--cased"):
        done = cli_in_process(*learn, "--output", option[2:], option)
        assert "carry meaning" not in done.stderr
        assert ran(done)
    config = json.loads(Path("keep-accents/tokenizer_config.json").read_text())
    assert (config["do_lower_case"], config["strip_accents"]) == (True, False)
    whole = json.loads(Path("keep-accents/tokenizer.json").read_text(encoding="utf-8"))
    assert whole["normalizer"]["strip_accents"] is False
    for name in ("vocab.txt", "tokenizer.json", "tokenizer_config.json"):
        assert (Path("keep-accents") / name).exists()
    Path("keep-accents/vocab.txt").unlink()  # tokenizer.json alone will do
    lines = ran(shard(cli_in_process, "hindi.txt", "--vocab", "keep-accents", "--output", "o"))
    assert "reading words as uncased, accents kept, as tokenizer_config.json says" in lines
    Path("bare.txt").write_bytes(Path("cased/vocab.txt").read_bytes())
    lines = ran(shard(cli_in_process, "hindi.txt", "--vocab", "bare.txt", "--output", "p"))
    (said,) = (line for line in lines if line.startswith("reading words as "))
    assert "cased: " in said
    assert said.endswith("; --uncased if not")
    assert json.loads(Path("p/manifest.json").read_text())["statistics"]["unknown_token_share"] == 0


def test_a_casing_that_the_text_contradicts_is_an_error(cli_in_process: Run, folder: Path) -> None:
    words = [
        *SPECIAL,
        *[
            "the",
            "panda",
            "eats",
            "bamboo",
            ".",
            "it",
            "sleeps",
            "Ein",
            "Wort",
            "Hier",
            "Dort",
            "Jetzt",
            "Oft",
        ],
    ]
    Path("bare.txt").write_text("\n".join(words))
    done = shard(cli_in_process, "text.txt", "--vocab", "bare.txt", "--output", "o")
    line = error_of(done)
    assert "% of the tokens of a sample of the text are [UNK], and" in line
    assert line.endswith("with --uncased: say by --cased or --uncased how to treat letters")
    ran(shard(cli_in_process, "text.txt", "--vocab", "bare.txt", "--uncased", "--output", "o"))


def test_what_the_alphabet_leaves_out_is_said(cli_in_process: Run, folder: Path) -> None:
    learn = ("vocab", "text.txt", "--vocab-size", 60, "--workers", 1, "--output")
    told = cli_in_process(*learn, "a").stdout
    assert "which are all there are" in told
    done = cli_in_process(*learn, "b", "--limit-alphabet", 12)
    assert "left out (" in done.stdout
    assert any("a larger --limit-alphabet, or auto, keeps more" in line for line in ran(done))
    assert (
        "expected a whole number or auto"
        in cli_in_process(*learn, "c", "--limit-alphabet", "x").stderr
    )
