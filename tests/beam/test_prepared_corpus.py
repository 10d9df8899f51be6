"""``bertprep prepare``: shards made of what it leaves are those made of the text, byte for byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bertprep.corpus.sizes import ReadSizes
from pipelines.steps.sizes import RunSizes
from tests.beam.damaged import flip
from tests.beam.prepared_corpora import Run, error_of, ran, write_text
from tests.finished import contents, manifest_of

CHINESE = "我们明天去北京大学学习。他说中华人民共和国很大！你喜欢吃苹果吗？天气预报说今天下雨。"
PHASES = {
    128: ("--max-seq-length", 128),
    512: ("--max-seq-length", 512, "--max-predictions-per-seq", 77),
}


def without_casing(said: str) -> str:
    """A summary without the warnings on casing, which was chosen when the corpus was prepared."""
    casing = ("warning: tokenizer_config.json says ", "warning: read as ")
    return "".join(line for line in said.splitlines(True) if not line.startswith(casing))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


MANY_SPLITS = RunSizes(ReadSizes(least_split=40_000))
MANY_POOLS = RunSizes(
    ReadSizes(least_split=40_000, batch=4_000),
    spilled_tokens=1_000,
    bucket_tokens=10_000,
    pool_tokens=10_000,
    pool_documents=3,
    bucket_rows=100,
)


@pytest.fixture
def many_splits(cli_in_process: Run) -> Run:
    """The command, for which little text is several splits."""
    return partial(cli_in_process, sizes=MANY_SPLITS)


@pytest.fixture
def many_pools(cli_in_process: Run) -> Run:
    """The same, for which a split is several spills, and the text several pools."""
    return partial(cli_in_process, sizes=MANY_POOLS)


# The same bytes


DROPPING = ("--bad-input", "drop", "--write-drops")
OPTION_SETS: dict[str, tuple[tuple[object, ...], tuple[object, ...]]] = {
    # name: the options to prepare by, and those to make shards by
    "nsp": (DROPPING, ("--write-drops", "--dupe-factor", 2, "--num-shards", 3)),
    "sop": (
        ("--bad-input", "drop", "--seed", -7, "--cased", "--sentences", "lines"),
        ("--task", "sop", "--output-format", "tfrecord", "--masking", "span"),
    ),
    "unmasked": (
        ("--bad-input", "drop", "--sentences", "wrapped"),
        ("--task", "none", "--masking", "none", "--bin-size", 32),
    ),
}


@pytest.mark.parametrize("name", OPTION_SETS)
def test_shards_of_a_prepared_corpus_are_those_of_its_text(
    many_pools: Run, folder: Path, prose: list[str], vocab_dir: Path, name: str
) -> None:
    fixed, free = OPTION_SETS[name]
    write_text(folder / "text", prose[:18])
    preparing = ("text", "--vocab", vocab_dir, *fixed, "--workers", 1)
    options = ("--workers", 1, "--dupe-factor", 1, *free)
    said = ran(many_pools("shard", *preparing, *options, "--output", "direct"))
    ran(many_pools("prepare", *preparing, "--output", "corpus"))
    assert Path("corpus/prepared-000001.arrow").exists()  # a file for each pool
    shutil.rmtree("text")  # what is prepared is not read again
    again = ran(many_pools("shard", "corpus", *options, "--output", "made"))
    assert again == without_casing(said.replace("direct:", "made:"))
    assert contents(Path("made")) == contents(Path("direct"))
    assert manifest_of(Path("made"))["random_next_pools"]["pools"] > 1
    assert ("dropped.jsonl" in contents(Path("made"))) == ("--write-drops" in free)


def test_words_found_when_preparing_are_masked_when_sharding(
    many_splits: Run, folder: Path
) -> None:
    pytest.importorskip("rjieba")
    sentences = [sentence for sentence in CHINESE.replace("。", "。\n").split("\n") if sentence]
    documents = ["\n".join(sentences[n % 3 :] + sentences[: n % 3]) for n in range(60)]
    (folder / "text.txt").write_text("\n\n".join(documents), encoding="utf-8")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (folder / "vocab.txt").write_text("\n".join([*special, *sorted(set(CHINESE))]) + "\n")
    fixed = ("--vocab", "vocab.txt", "--word-segmenter", "jieba", "--workers", 1)
    options = ("--masking", "whole-word", "--max-seq-length", 64, "--dupe-factor", 1)
    ran(many_splits("prepare", "text.txt", *fixed, "--output", "corpus"))
    ran(many_splits("shard", "corpus", *options, "--output", "made", "--workers", 1))
    ran(many_splits("shard", "text.txt", *fixed, *options, "--output", "direct"))
    assert contents(Path("made")) == contents(Path("direct"))
    assert "rjieba" in manifest_of(Path("made"))["versions"]
    # Its words have no use for single tokens; without them the shards are others.
    message = error_of(many_splits("shard", "corpus", "--output", "tokens"), 2)
    assert "corpus was prepared with --word-segmenter jieba, which has no effect with" in message
    plain = [option for option in fixed if option not in ("--word-segmenter", "jieba")]
    ran(many_splits("shard", "text.txt", *plain, *options, "--output", "plain"))
    (made,) = Path("made").glob("rows/*.parquet")
    assert (Path("plain/rows") / made.name).read_bytes() != made.read_bytes()


def test_two_phases_of_one_corpus_by_any_number_of_workers(
    many_splits: Run, folder: Path, prose: list[str], vocab_dir: Path
) -> None:
    write_text(folder / "text", prose[:15])
    fixed = ("--vocab", vocab_dir, "--bad-input", "drop")
    for workers in (1, 2):
        preparing = ("text", *fixed, "--output", f"corpus-{workers}", "--workers", workers)
        ran(many_splits("prepare", *preparing))
    assert contents(Path("corpus-1")) == contents(Path("corpus-2"))
    before = {
        path: path.stat().st_mtime_ns for path in [Path("corpus-2"), *Path("corpus-2").iterdir()]
    }
    for workers, (length, phase) in zip((2, 1), PHASES.items(), strict=True):
        options = (*phase, "--dupe-factor", 1)
        to = ("--output", f"made-{length}", "--workers", workers)
        ran(many_splits("shard", "corpus-2", *options, *to))
        to = ("--output", f"direct-{length}", "--workers", 1)
        ran(many_splits("shard", "text", *fixed, *options, *to))
        assert contents(Path(f"made-{length}")) == contents(Path(f"direct-{length}"))
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert sorted(Path("corpus-2").iterdir()) == sorted(set(before) - {Path("corpus-2")})


# What is said of it


# What does not agree with it


@pytest.mark.parametrize(
    ("options", "before", "now"),
    [
        (("--seed", 7), "--seed 12345", "--seed 7"),
        (("--documents", "file"), "--documents blank-line", "--documents file"),
        (("--bad-input", "fail"), "--bad-input drop", "--bad-input fail"),
        (("--sentences", "lines"), "--sentences rules", "--sentences lines"),
        (("--keep-titles",), "no --keep-titles", "--keep-titles"),
        (("--word-segmenter", "jieba"), "--word-segmenter none", "--word-segmenter jieba"),
        (("--holdout", 0.2), "no --holdout", "--holdout 0.2"),
        (("--cased",), "--uncased", "--cased"),
        (("--write-drops",), "no --write-drops", "--write-drops"),
        (("--vocab", "letters"), "a vocabulary of 3,000 tokens (SHA-", "--vocab letters of 59 t"),
    ],
)
def test_what_was_fixed_cannot_be_changed(
    cli_in_process: Run,
    corpus: Path,
    letters_vocab: Path,
    options: tuple[object, ...],
    before: str,
    now: str,
) -> None:
    Path("letters").write_bytes(letters_vocab.read_bytes())
    message = error_of(cli_in_process("shard", corpus, "--output", "out", *options), 2)
    assert f"corpus was prepared with {before}" in message
    assert f"; got {now}" in message
    assert message.endswith(": leave that out, or prepare the inputs anew")
    assert not Path("out").exists()


def test_what_was_fixed_may_be_repeated(cli_in_process: Run, corpus: Path) -> None:
    same = ("--seed", 12345, "--documents", "blank-line", "--vocab", corpus, "--uncased")
    options = ("--workers", 1, "--dupe-factor", 1)
    ran(cli_in_process("shard", corpus, *same, *options, "--output", "out"))


def test_a_prepared_corpus_is_the_only_input(cli_in_process: Run, corpus: Path) -> None:
    Path("more.txt").write_text("More text.")
    message = error_of(cli_in_process("shard", "more.txt", corpus, "--output", "out"), 2)
    assert message == (
        "corpus holds a prepared corpus, which is to be the only INPUT; got more.txt besides"
    )
    message = error_of(cli_in_process("shard", corpus, corpus, "--output", "out"), 2)
    assert "got corpus again besides" in message


@pytest.mark.parametrize(
    "options",
    [
        ("--output", "corpus"),
        ("--output", "corpus/phase1"),
        ("--output", "o", "--work-dir", "link"),
    ],
)
@pytest.mark.parametrize("overwrite", [(), ("--overwrite",)])
def test_nothing_is_written_into_a_prepared_corpus(
    cli_in_process: Run, corpus: Path, options: tuple[str, ...], overwrite: tuple[str, ...]
) -> None:
    Path("link").symlink_to(corpus)
    before = contents(corpus)
    message = error_of(cli_in_process("shard", corpus, *options, *overwrite), 2)
    assert f"{options[-2]} {options[-1]} lies in the prepared folder corpus" in message
    assert contents(corpus) == before


@pytest.mark.parametrize("command", ["prepare", "vocab"])
def test_only_shard_takes_a_prepared_corpus(
    cli_in_process: Run, corpus: Path, command: str
) -> None:
    vocab = ("--vocab", corpus) if command == "prepare" else ()
    message = error_of(cli_in_process(command, corpus, "--output", "out", *vocab), 1)
    assert "is the manifest of a bertprep run" in message
    assert "a folder of `bertprep prepare` is for `bertprep shard`" in message
    files = sorted(corpus.glob("*.arrow"))
    message = error_of(cli_in_process(command, *files, "--output", "out", *vocab), 1)
    assert "is an Arrow file" in message
    assert "if `bertprep prepare` wrote it, give its folder" in message


def test_its_vocabulary_is_needed_for_raw_text_alone(cli_in_process: Run, corpus: Path) -> None:
    Path("text.txt").write_text("Some text.")
    message = error_of(cli_in_process("shard", "text.txt", "--output", "out"), 2)
    assert message.startswith(
        "missing option --vocab. Learn one (bertprep vocab text.txt -o vocab)"
    )


# What is damaged


DOCUMENTS = "prepared-000000.arrow"
INDEX = "prepared-index.arrow"
DAMAGE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    # what happens to the folder; what shard says, and verify
    "documents": (
        lambda corpus: flip(corpus / DOCUMENTS, 5_000),
        f"corpus/{DOCUMENTS} is damaged: the ",
        f"{DOCUMENTS}: expected the SHA-256 ",
    ),
    "index": (
        lambda corpus: flip(corpus / INDEX, -100),
        f"corpus/{INDEX} is damaged: it has another SHA-256 than its manifest says",
        f"{INDEX}: expected the SHA-256 ",
    ),
    "cut off": (
        lambda corpus: (corpus / DOCUMENTS).write_bytes(b"\xff\xff\xff\xff"),
        f"corpus/{DOCUMENTS} has 4 bytes, but manifest.json says",
        f"{DOCUMENTS}: expected ",
    ),
    "missing documents": (
        lambda corpus: (corpus / DOCUMENTS).unlink(),
        f"corpus/{DOCUMENTS} is missing, but manifest.json lists it",
        f"{DOCUMENTS}: missing, but manifest.json lists it",
    ),
    "missing index": (
        lambda corpus: (corpus / INDEX).unlink(),
        f"corpus/{INDEX} is missing, but manifest.json lists it",
        f"{INDEX}: missing, but manifest.json lists it",
    ),
    "vocabulary": (
        lambda corpus: flip(corpus / "vocab.txt", -2),
        "corpus/vocab.txt is not the vocabulary that its folder was made with",
        "vocab.txt: expected the digest ",
    ),
    "missing vocabulary": (
        lambda corpus: (corpus / "vocab.txt").unlink(),
        "corpus/vocab.txt: No such file or directory",
        "vocab.txt: missing",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_by_shard_and_by_verify(
    cli_in_process: Run, corpus: Path, name: str
) -> None:
    damage, said, verified = DAMAGE[name]
    damage(corpus)
    message = error_of(cli_in_process("shard", corpus, "--output", "out", "--workers", 1), 1)
    assert message.startswith(said)
    assert not Path("out").exists()
    done = cli_in_process("verify", corpus)
    (line,) = done.stdout.splitlines()
    assert line.startswith(verified)
    assert done.returncode == 1
    assert done.stderr == (
        "bertprep: error: corpus is not as it was written: 1 problem in 1 file\n"
    )


def test_a_file_too_many_is_told_by_verify(cli_in_process: Run, corpus: Path) -> None:
    (corpus / "prepared-000001.arrow").touch()
    done = cli_in_process("verify", corpus)
    assert done.returncode == 1
    assert done.stdout == (
        "prepared-000001.arrow: no file of this run: manifest.json does not list it\n"
    )


def without(*keys: str) -> Callable[[dict[str, Any]], object]:
    def remove(manifest: dict[str, Any]) -> None:
        for key in keys[:-1]:
            manifest = manifest[key]
        del manifest[keys[-1]]

    return remove


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m["versions"].update(bertprep="0.0.9"), "was prepared by bertprep 0.0.9 (now "),
        (lambda m: m["versions"].update(tokenizers="0.1"), "was prepared by tokenizers 0.1 (now "),
        (lambda m: m.update(format=99), "has format 99, and this bertprep reads "),
        (
            without("prepared_format"),
            "corpus holds a prepared corpus of format 1, and this bertprep reads 2; ",
        ),
        (lambda m: m.update(prepared=None), "manifest.json is damaged: "),
        (without("sums"), "manifest.json is damaged: no 'sums'"),
        (without("config", "prepare"), "manifest.json is damaged: no 'prepare'"),
        (lambda m: m["config"]["read"].update(documents="page"), "is damaged: --documents must be"),
        (lambda m: m["config"]["read"].update(pages=1), "manifest.json is damaged: "),
        (lambda m: m["prepared"].pop(), f"manifest.json is damaged: no '{INDEX}'"),
        (without("prepared"), "manifest.json is damaged: no 'prepared'"),
    ],
)
def test_a_manifest_of_another_version_or_damaged(
    cli_in_process: Run,
    corpus: Path,
    change: Callable[[dict[str, Any]], object],
    message: str,
) -> None:
    manifest = manifest_of(corpus)
    change(manifest)
    (corpus / "manifest.json").write_text(json.dumps(manifest))
    assert message in error_of(cli_in_process("shard", corpus, "--output", "out"), 1)


def test_what_versions_cannot_change_is_no_matter(cli_in_process: Run, corpus: Path) -> None:
    manifest = manifest_of(corpus)
    manifest["versions"] |= {"numpy": "1.0", "pyarrow": "1.0"}
    (corpus / "manifest.json").write_text(json.dumps(manifest))
    ran(cli_in_process("shard", corpus, "--output", "out", "--dupe-factor", 1, "--workers", 1))


def test_without_its_manifest_it_is_no_text_either(cli_in_process: Run, corpus: Path) -> None:
    (corpus / "manifest.json").unlink()
    message = error_of(cli_in_process("shard", corpus, "--output", "out"), 1)
    assert message.startswith("corpus holds no manifest.json")
    for path in corpus.iterdir():
        path.unlink()
    (corpus / ".bertprep-work").mkdir()
    message = error_of(cli_in_process("shard", corpus, "--output", "out"), 1)
    assert message.startswith("corpus holds the work files of a run that did not end")


# The output folder


def test_overwriting_leaves_none_of_the_files_of_before(
    cli_in_process: Run, corpus: Path, letters_vocab: Path
) -> None:
    Path("text.txt").write_text("One document. Of some.\n\nAnother one. Of some.\n")
    preparing = ("text.txt", "--vocab", letters_vocab, "--workers", 1)
    refused = cli_in_process("prepare", *preparing, "--output", corpus)
    assert "corpus is not empty" in error_of(refused, 1)
    (corpus / "notes").write_text("mine")
    options = ("--overwrite", "--write-drops")
    ran(cli_in_process("prepare", *preparing, "--output", corpus, *options))
    stored = [DOCUMENTS, "prepared-documents-000000.arrow", INDEX]
    expected = ["dropped.jsonl", "manifest.json", "notes", *stored, "vocab.txt"]
    assert sorted(contents(corpus)) == expected
    assert manifest_of(corpus)["documents"] == 2
    ran(cli_in_process("verify", corpus))
    making = ("--dupe-factor", 1, "--overwrite", "--output", corpus)
    ran(cli_in_process("shard", *preparing, *making))
    expected = ["manifest.json", "notes", "rows/shard-00000-of-00001.parquet", "vocab.txt"]
    assert sorted(contents(corpus)) == expected
