"""Bad input of all kinds: one line on standard error with the way out, and nothing left behind.

And its reverse: odd input that works, and what of it was left out.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from tests.commands import start_bertprep

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]

THREE_DOCUMENTS = """\
One sentence here. Another sentence follows it. A third one ends the text.

A second document. It has sentences too. They are short.

Third document here. It is good. Very good indeed.
"""
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letters_vocab: Path) -> Path:
    """The current folder of each test: good text, a good vocabulary, and all that is bad."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vocab.txt").write_bytes(letters_vocab.read_bytes())
    (tmp_path / "good.txt").write_text(THREE_DOCUMENTS)
    return tmp_path


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: files with their content, folders with None."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def check_error(done: Done, code: int, *parts: str) -> None:
    """One line, with these parts in it; before it at most what is said of the run."""
    *before, line = done.stderr.splitlines()
    assert line.startswith("bertprep: error: ")
    assert [part for part in parts if part not in line] == []
    assert [text for text in before if not text.startswith(("reading ", "warning: "))] == []
    assert done.returncode == code
    assert done.stdout == ""


def lines(*tokens: str) -> bytes:
    return "".join(f"{token}\n" for token in tokens).encode()


def json_lines(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


SHARD = ("--vocab", "vocab.txt", "--workers", "1", "--dupe-factor", "1")


def prose_of(words: int) -> str:
    """So many words in random order, on one line."""
    return " ".join(Random(0).choices(THREE_DOCUMENTS.split(), k=words))


BAD_INPUT: dict[str, tuple[bytes | None, tuple[str, ...]]] = {
    "missing": (None, ("INPUT does not exist; INPUT is a file, a folder or a glob",)),
    "empty": (b"", ("the input is empty: 1 file in INPUT, 0 bytes",)),
    "blanks": (b"\n \t\n\r\n", ("the inputs hold no text at all",)),
    "byte order mark": (b"\xef\xbb\xbf", ("the inputs hold no text at all",)),
    "control characters": (b"\x00" * 50, ("the inputs hold no text at all",)),
    "latin-1": (
        b"Good line.\n\nCaf\xe9 au lait.\n",
        (
            "INPUT: line 3 (byte 15) is not UTF-8 (0xe9)",
            "it looks like cp1252: say --encoding cp1252",
            "--bad-input drop",
        ),
    ),
    "broken JSON": (
        json_lines({"text": "a b"}) + b'{"text": broken}\n',
        ("INPUT: line 2 (byte 16) is not", "JSON object", "--bad-input drop"),
    ),
    "JSON without the field": (
        json_lines({"body": "a b"}),
        ('INPUT: line 1 (byte 0) has no field "text" (its fields: "body")', "--text-field"),
    ),
    "truncated gzip": (
        gzip.compress(prose_of(6_000).encode())[:2000],  # one line, no blank one
        ("INPUT is truncated", "fetch it again"),
    ),
    "damaged bzip2": (b"BZh91AY&SY" + bytes(99), ("INPUT is damaged", "fetch it again")),
    "UTF-16": (
        "The text.".encode("utf-16-le"),
        ("INPUT is UTF-16 text without", "say --encoding UTF-16LE"),
    ),
    "unclosed document": (
        b'<doc id="1" url="u" title="T">\nText.\n',
        ("INPUT: line 1 (byte 0) opens a <doc> that no </doc> line closes", "truncated"),
    ),
    "one document": (
        b"One document. Of a few. Short sentences.\n",
        (
            "one document only",
            "--task nsp",
            "use --task sop or --task none",
            "--document-separator",
        ),
    ),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_to_shard(cli_in_process: Run, folder: Path, name: str) -> None:
    content, parts = BAD_INPUT[name]
    if content is not None:
        (folder / "INPUT").write_bytes(content)
    before = tree(folder)
    check_error(cli_in_process("shard", "INPUT", "--output", "out", *SHARD), 1, *parts)
    assert tree(folder) == before


@pytest.mark.parametrize("name", ["missing", "blanks", "latin-1", "truncated gzip"])
def test_bad_input_to_vocab(cli_in_process: Run, folder: Path, name: str) -> None:
    content, parts = BAD_INPUT[name]
    if content is not None:
        (folder / "INPUT").write_bytes(content)
    before = tree(folder)
    done = cli_in_process("vocab", "INPUT", "--output", "a/b/out", "--workers", 1)
    check_error(done, 1, *parts)
    assert tree(folder) == before


def test_an_error_in_a_worker_process_reads_the_same(cli_in_process: Run, folder: Path) -> None:
    content, parts = BAD_INPUT["one document"]
    (folder / "INPUT").write_bytes(content or b"")
    before = tree(folder)
    options = ("--vocab", "vocab.txt", "--workers", "2")
    check_error(cli_in_process("shard", "INPUT", "--output", "out", *options), 1, *parts)
    assert tree(folder) == before


def test_a_file_name_that_is_no_text_can_be_told_by_a_worker_process(
    cli_in_process: Run, folder: Path
) -> None:
    path = os.fsdecode(b"caf\xe9.txt")
    Path(path).write_bytes(b"\xff\n")
    options = ("--output", "out", "--vocab", "vocab.txt", "--workers", "2")
    check_error(cli_in_process("shard", path, *options), 1, "caf", "(byte 0) is not UTF-8 (0xff)")


def test_inputs_that_are_none(cli_in_process: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    expected = "INPUT is a file, a folder or a glob"
    for pattern, message in {
        "no*.jsonl": "no file matches no*.jsonl; ",
        "empty": "no file in empty; ",
        "./-": "./- does not exist; ",
    }.items():
        done = cli_in_process("shard", pattern, "--output", "out", *SHARD)
        check_error(done, 1, message + expected)


BAD_VOCABULARIES = {
    "missing": (None, ("VOCAB is no file or folder here",)),
    "empty": (b"", ("VOCAB: the vocabulary has no [PAD], [UNK], [CLS], [SEP], [MASK]",)),
    "no [CLS]": (lines("[PAD]", "[UNK]", "[SEP]", "[MASK]", "a"), ("has no [CLS] among its 5",)),
    "no [MASK]": (lines("[PAD]", "[UNK]", "[SEP]", "[CLS]", "a"), ("has no [MASK] among its 5",)),
    "a token twice": (lines(*SPECIAL, "a", "b", "a"), ("'a' twice, on lines 6 and 8",)),
    "not UTF-8": (lines(*SPECIAL) + b"\xff\n", ("VOCAB is not UTF-8 (byte 31); expected a vocab",)),
}


@pytest.mark.parametrize("name", BAD_VOCABULARIES)
def test_a_bad_vocabulary(cli_in_process: Run, folder: Path, name: str) -> None:
    content, parts = BAD_VOCABULARIES[name]
    if content is not None:
        (folder / "VOCAB").write_bytes(content)
    before = tree(folder)
    done = cli_in_process("shard", "good.txt", "--output", "out", "--vocab", "VOCAB")
    check_error(done, 1, *parts)
    assert tree(folder) == before


def test_a_folder_without_a_vocabulary(cli_in_process: Run, folder: Path) -> None:
    (folder / "model").mkdir()
    (folder / "model" / "config.json").write_text("{}")
    done = cli_in_process("shard", "good.txt", "--output", "out", "--vocab", "model")
    check_error(done, 1, "model holds no vocab.txt", "the output of `bertprep vocab`")


@pytest.mark.parametrize("content", ["{broken", "[1]"])
def test_a_broken_tokenizer_config(cli_in_process: Run, folder: Path, content: str) -> None:
    (folder / "model").mkdir()
    (folder / "vocab.txt").rename(folder / "model" / "vocab.txt")
    (folder / "model" / "tokenizer_config.json").write_text(content)
    options = ("--vocab", "model", "--output", "out", "--workers", "1")
    done = cli_in_process("shard", "good.txt", *options)
    what = "holds no JSON object but [1]" if content == "[1]" else "is not JSON"
    check_error(done, 1, f"model/tokenizer_config.json {what}")


USAGE: dict[str, tuple[str, tuple[str, ...]]] = {
    # options: what the error says
    "--max-seq-length 7": ("must be from 8 to 8192 tokens; got 7",),
    "--max-seq-length 100000": ("must be from 8 to 8192 tokens; got 100000",),
    "--max-seq-length long": ("'--max-seq-length': 'long' is not a valid integer",),
    "--max-predictions-per-seq 128": ("from 1 to 127 with --max-seq-length 128; got 128",),
    "--masked-lm-prob 1": ("must be between 0 and 1; got 1.0",),
    "--workers 0": ("'--workers' / '-j': 0 is not in the range x>=1",),
    "--num-shards x": ("'--num-shards': expected a whole number or auto; got 'x'",),
    "--num-shards 0": ("--num-shards must be >= 1 or 'auto'; got 0",),
    "--bin-size 48": ("--bin-size must be 8 or more and divide --max-seq-length 128", "got 48"),
    "--pack --bin-size 32": ("--pack leaves no short rows for --bin-size", "got 32"),
    "--pack --output-format tfrecord": ("--pack needs --layout huggingface", "got google"),
    "--task mlm": ("'mlm' is not one of 'nsp', 'sop', 'none'", "Did you mean none (masks alone"),
    "--masking wwm": ("'wwm' is not one of", "Did you mean whole-word?"),
    "--output-format csv": ("'csv' is not one of 'parquet', 'tfrecord'",),
    "--wrokers 2": ("no such option: --wrokers", "Did you mean --workers"),
    "--max_seq_length 128": ("no such option", "Did you mean --max-seq-length?"),
    "--direct_num_worker 2": ("no such option", "Did you mean --direct_num_workers"),
    "--xyzzy": ("no such option: --xyzzy", "--help lists the options"),
    "-x": ("No such option '-x'",),
    "--vocab-size 9": ("no such option: --vocab-size; it is one of `bertprep vocab`",),
    "--seed --dupe-factor 3": ("--seed needs a value; got --dupe-factor",),
    "--runner --seed 3": ("--runner needs a value; got --seed",),
    "--direct_num_workers": ("--direct_num_workers needs a value; got none",),
    "--direct_num_workers two": ("--direct_num_workers: invalid int value: 'two'",),
    "--direct_running_mode slow": ("invalid choice: 'slow' (choose from 'in_memory',",),
    "--runner LocalRunner": ("no such --runner: LocalRunner; Beam has DirectRunner, Dataflow",),
    "--runner DataflowRunner": ("--runner DataflowRunner: ",),
    "--runner FlinkRunner --workers 2": ("--workers is for processes on this machine",),
    "--workers 2 --direct_num_workers=3": ("--workers 2 and --direct_num_workers 3 contra",),
}


@pytest.mark.parametrize("options", USAGE)
def test_wrong_usage(cli_in_process: Run, folder: Path, options: str) -> None:
    before = tree(folder)
    arguments = ("shard", "good.txt", "--vocab", "vocab.txt", "--output", "out", *options.split())
    done = cli_in_process(*arguments)
    check_error(done, 2, *USAGE[options])
    assert len(done.stderr.splitlines()) == 1  # said before anything is read
    assert tree(folder) == before


def test_wrong_usage_of_vocab(cli_in_process: Run, folder: Path) -> None:
    start = ("vocab", "good.txt", "--output", "out")
    check_error(cli_in_process(*start, "--vocab-size", 5), 2, "must be over 5 (the special")
    check_error(cli_in_process(*start, "--dupe-factor", 2), 2, "it is one of `bertprep shard`")


def test_what_is_missing_from_the_command(cli_in_process: Run) -> None:
    usage = "See `bertprep shard --help`."
    check_error(cli_in_process("shard"), 2, "Missing argument 'INPUT...'", usage)
    done = cli_in_process("shard", "good.txt", "--output", "out")
    learn = "(bertprep vocab good.txt -o vocab)"
    check_error(done, 2, "missing option --vocab", learn, "--vocab bert-base-uncased")
    check_error(cli_in_process("shrad"), 2, "no such command: shrad", "Did you mean shard?")
    done = cli_in_process()
    assert done.returncode == 2
    assert "Commands:\n" in done.stderr and "\n  shard " in done.stderr


def test_no_beam_warning_comes_before_an_error() -> None:
    # Beam is imported to know its options, and some of it warns when it is.
    check_error(start_bertprep("shard", "good.txt", "--wrokers", 2), 2, "Did you mean --workers")


def test_more_shards_than_examples(cli_in_process: Run, folder: Path) -> None:
    before = tree(folder)
    done = cli_in_process("shard", "good.txt", "--output", "out", *SHARD, "--num-shards", 1000)
    check_error(done, 2, "--num-shards 1000 is more than the ", "examples there are; use at most ")
    assert tree(folder) == before


def test_fewer_shards_than_bins(cli_in_process: Run, folder: Path) -> None:
    before = tree(folder)
    options = (*SHARD, "--bin-size", 8, "--num-shards", 1)
    done = cli_in_process("shard", "good.txt", "--output", "out", *options)
    check_error(done, 2, "--num-shards 1 is fewer than the ", "bins with rows", "use at least ")
    assert tree(folder) == before


# The output folder


def shard(run: Run, output: str, *options: object, **how: object) -> Done:
    return run("shard", "good.txt", "--output", output, *SHARD, *options, **how)


def vocab(run: Run, output: str) -> Done:
    return run("vocab", "good.txt", "--output", output, "--workers", 1)


def test_an_output_that_is_taken(cli_in_process: Run, folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "notes").write_text("mine")
    before = tree(folder)
    for options in ((), ("--overwrite",)):
        done = shard(cli_in_process, "out", *options)
        check_error(done, 1, "out is not empty (it holds notes)", "wrote nothing", "a new folder")
    check_error(shard(cli_in_process, "vocab.txt"), 1, "vocab.txt is a file; --output names a fo")
    check_error(shard(cli_in_process, "vocab.txt/out"), 1, "cannot be written to: Not a directory")
    for run in (shard, vocab):
        expected = "good.txt is an INPUT and lies in the --output folder ."
        check_error(run(cli_in_process, "."), 1, expected)
    assert tree(folder) == before


def test_overwriting_with_fewer_shards_leaves_none_of_the_old(
    cli_in_process: Run, folder: Path
) -> None:
    assert shard(cli_in_process, "out", "--num-shards", 3).returncode == 0
    (folder / "out" / "notes").write_text("mine")
    assert shard(cli_in_process, "out", "--num-shards", 2, "--overwrite").returncode == 0
    assert sorted(os.listdir("out")) == ["manifest.json", "notes", "rows", "run.json", "vocab.txt"]
    assert sorted(os.listdir("out/rows")) == [f"shard-0000{n}-of-00002.parquet" for n in (0, 1)]
    assert (folder / "out" / "notes").read_text() == "mine"


def test_overwriting_with_bad_input_leaves_all_as_it_was(cli_in_process: Run, folder: Path) -> None:
    assert shard(cli_in_process, "out", "--num-shards", 3).returncode == 0
    (folder / "good.txt").write_bytes(b"Not UTF-8: \xe9.\n")
    before = tree(folder)
    check_error(shard(cli_in_process, "out", "--overwrite"), 1, "is not UTF-8")
    assert tree(folder) == before


def test_overwriting_takes_nothing_of_a_model(cli_in_process: Run, folder: Path) -> None:
    (folder / "model").mkdir()
    (folder / "model" / "vocab.txt").write_text("of a model")
    before = tree(folder)
    done = shard(cli_in_process, "model", "--overwrite")
    check_error(done, 1, "model is not empty (it holds vocab.txt)", "name a new folder")
    assert tree(folder) == before


def test_a_disk_that_is_full(folder: Path) -> None:
    text = "".join(f"Sentence number {n} of the text. And another one.\n\n" for n in range(500))
    (folder / "good.txt").write_text(text)
    before = tree(folder)

    def limit() -> None:  # to files of 20 kB, which is as good as a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = shard(start_bertprep, "out", "--dupe-factor", 10, preexec_fn=limit)
    check_error(done, 1, "000000-000000.arrow cannot be written: File too large; make")
    assert tree(folder) == before


# Warnings


@pytest.mark.parametrize(
    ("options", "warning"),
    [
        ((), None),
        (("--max-seq-length", "512", "--max-predictions-per-seq", "76"), None),
        (
            (
                "--max-seq-length",
                "512",
                "--max-predictions-per-seq",
                "20",
            ),  # 77 wanted, 20 kept: 26 %, and 26 % of 15 % is 3.9 %
            "caps every row of over 133 tokens: a full row of 512 would have 77 predictions and "
            "keeps 26% (3.9% masked, not 15%)",
        ),
        (("--max-seq-length", "600", "--max-predictions-per-seq", "90"), "over the 512 positions"),
    ],
)
def test_options_that_are_probably_not_meant(
    cli_in_process: Run, options: tuple[str, ...], warning: str | None
) -> None:
    done = shard(cli_in_process, "out", *options)
    assert done.returncode == 0
    warnings = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == (warning is not None)
    assert warning is None or warning in warnings[0]


def test_a_vocabulary_of_another_script(cli_in_process: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("你好。世界。\n\n再见。\n", encoding="utf-8")
    check_error(shard(cli_in_process, "out"), 1, "as where all is [UNK]", "`bertprep vocab`")
    text = "a 你好。a 世界。\n\na 再见。\n\n" * 300
    (folder / "good.txt").write_text(text, encoding="utf-8")
    done = shard(cli_in_process, "out")
    assert done.returncode == 0
    assert "% of the tokens are [UNK]: the vocabulary does not fit" in done.stdout


# Odd input that works


def manifest(output: str = "out") -> dict[str, object]:
    loaded: dict[str, object] = json.loads(Path(output, "manifest.json").read_text())
    return loaded


def rows(output: str = "out") -> list[dict[str, object]]:
    return [row for path in sorted(Path(output).glob("rows/*.parquet")) for row in read(path)]


def read(path: Path) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return listed


def test_a_byte_order_mark_is_no_text(cli_in_process: Run, folder: Path) -> None:
    assert shard(cli_in_process, "plain").returncode == 0
    (folder / "good.txt").write_text(THREE_DOCUMENTS, encoding="utf-8-sig")
    assert shard(cli_in_process, "out").returncode == 0
    for count in ("documents", "sentences", "tokens", "drops"):
        assert manifest("out")[count] == manifest("plain")[count]
    assert manifest("out")["documents"] == 3


def test_blank_documents_are_none(cli_in_process: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("\n\n \n\n" + THREE_DOCUMENTS + "\n\n\t\n\n\n")
    assert shard(cli_in_process, "out").returncode == 0
    assert manifest()["documents"] == 3
    assert manifest()["drops"] == {}


def test_a_document_of_one_long_line(cli_in_process: Run, folder: Path) -> None:
    sentence = "The panda eats bamboo all day long. "
    (folder / "good.txt").write_text(sentence * (2_000_000 // len(sentence)) + "\n\nShort one.\n")
    done = shard(cli_in_process, "out", "--output-format", "tfrecord")
    assert done.returncode == 0, done.stderr
    assert manifest()["documents"] == 2
    # 28 letters and the stop; "Short one." is another nine tokens.
    assert manifest()["tokens"] == 29 * (2_000_000 // len(sentence)) + 9
    assert manifest()["sentences"] == 2_000_000 // len(sentence) + 1


def test_what_was_left_out_is_counted_and_written(cli_in_process: Run, folder: Path) -> None:
    good = [{"text": "Some text. More of it."}, {"text": "Other text. And more."}]
    bad = b'{"text": broken}\n{"text": null}\n[1]\n{"text": "caf\xe9"}\n'
    (folder / "good.txt").write_bytes(json_lines(*good) + bad + json_lines({"text": " "}))
    done = shard(cli_in_process, "out", "--bad-input", "drop", "--write-drops")
    assert done.returncode == 0
    assert manifest()["documents"] == 2
    counts = {"bad_json": 2, "empty_document": 1, "no_text": 1, "not_utf8": 1}
    assert manifest()["drops"] == counts
    for reason, count in counts.items():
        assert f" {reason} {count} (" in done.stdout
    dropped = [json.loads(line) for line in Path("out/dropped.jsonl").read_text().splitlines()]
    start = len(json_lines(*good))
    assert [(row["reason"], row["offset"]) for row in dropped] == [
        ("bad_json", start),
        ("no_text", start + 17),
        ("bad_json", start + 32),
        ("not_utf8", start + 36),
        ("empty_document", start + 53),
    ]
    assert dropped[0]["text"] == '{"text": broken}'
    assert {row["file"] for row in dropped} == {"good.txt"}
    samples: dict[str, list[dict[str, object]]] = {}
    for row in dropped:
        samples.setdefault(row.pop("reason"), []).append(row)
    assert manifest()["drop_samples"] == samples
    (written,) = manifest()["dropped"]
    assert written["file"] == "dropped.jsonl"
    assert written["bytes"] == Path("out/dropped.jsonl").stat().st_size
    shard(cli_in_process, "out2", "--bad-input", "drop")  # shown without being asked for
    assert json.loads(Path("out2/manifest.json").read_text()) == manifest() | {"dropped": []}
    assert cli_in_process("verify", "out").returncode == 0
    Path("out/dropped.jsonl").write_text("")
    done = cli_in_process("verify", "out")
    assert done.returncode == 1
    assert f"dropped.jsonl: expected {written['bytes']} bytes, got 0" in done.stdout + done.stderr


def test_a_folder_and_a_glob_and_gzip_are_the_same_text(cli_in_process: Run, folder: Path) -> None:
    (folder / "data").mkdir()
    for name, text in (("a.txt", THREE_DOCUMENTS), ("b.txt", "One more. Of two sentences.\n")):
        (folder / "data" / name).write_text(text)
    for name, inputs in {
        "folder": ["data"],
        "glob": ["data/*.txt"],
        "files": ["data/b.txt", "data/a.txt"],
    }.items():
        assert cli_in_process("shard", *inputs, "--output", name, *SHARD).returncode == 0
    assert rows("folder") == rows("glob") == rows("files")
    assert manifest("folder")["documents"] == 4

    (folder / "gz").mkdir()
    for name in ("a.txt", "b.txt"):  # recognised by their content, not by their name
        packed = gzip.compress((folder / "data" / name).read_bytes())
        (folder / "gz" / name).write_bytes(packed)
    assert cli_in_process("shard", "gz", "--output", "packed", *SHARD).returncode == 0
    assert rows("packed") == rows("folder")


def test_inputs_of_one_base_name_are_two_files(cli_in_process: Run, folder: Path) -> None:
    for name, text in (("one", "First text. In it two."), ("two", "Second text. As well.")):
        (folder / name).mkdir()
        (folder / name / "wiki_00").write_text(text)
    inputs = ("one/wiki_00", "two/wiki_00")
    assert cli_in_process("shard", *inputs, "--output", "out", *SHARD).returncode == 0
    assert manifest()["documents"] == 2
    names = [entry["name"] for entry in manifest()["inputs"]]  # type: ignore[attr-defined]
    assert names == ["one/wiki_00", "two/wiki_00"]


@pytest.mark.parametrize(
    ("rule", "documents"), [("blank-line", 3), ("line", 3), ("file", 1), ("section", 1)]
)
def test_what_a_document_is(cli_in_process: Run, folder: Path, rule: str, documents: int) -> None:
    if rule == "line":
        (folder / "good.txt").write_text("A line. Of text.\nA line.\n\nAnd a third. Line.\n")
    done = shard(cli_in_process, "out", "--documents", rule, "--task", "none")
    assert done.returncode == 0
    assert manifest()["documents"] == documents


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        # "They said no." / "He left" / "the house."; the last document is one of one sentence.
        ("rules", 4),
        ("wrapped", 3),
        ("lines", 3),
    ],
)
def test_what_a_sentence_is(cli_in_process: Run, folder: Path, rule: str, sentences: int) -> None:
    (folder / "good.txt").write_text("They said no. He left\nthe house.\n\nAnother document.\n")
    assert shard(cli_in_process, "out", "--sentences", rule, "--task", "none").returncode == 0
    assert manifest()["sentences"] == sentences
    assert manifest()["documents"] == (1 if rule == "wrapped" else 2)


def test_warnings_are_errors_where_a_run_is_strict(cli_in_process: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("One sentence.\n\nAnother one.\n")
    refused = shard(cli_in_process, "out", "--strict")
    assert refused.returncode == 1
    assert "warning: all pairs are random" in refused.stderr
    assert "with --strict, the warning above is an error; nothing was written" in refused.stderr
    assert not Path("out").exists()
    done = shard(cli_in_process, "out")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("warning: all pairs are random")
    (found,) = manifest()["warnings"]  # type: ignore[misc, attr-defined]
    assert (found["name"], found["figure"]) == ("all_pairs_random", 1.0)
    assert shard(cli_in_process, "none", "--strict", "--task", "none").returncode == 0


def test_a_vocabulary_is_not_written_where_a_run_is_strict(
    cli_in_process: Run, folder: Path
) -> None:
    command = ("vocab", "good.txt", "--output", "out", "--workers", 1, "--vocab-size", 900)
    refused = cli_in_process(*command, "--strict")
    assert refused.returncode == 1
    assert "warning: the corpus gives" in refused.stderr
    assert "with --strict, the warning above is an error" in refused.stderr
    assert not Path("out").exists()
    assert cli_in_process(*command).returncode == 0


# Beam's options


@pytest.mark.parametrize(
    "options",
    [
        ("--runner=DirectRunner",),
        ("--runner", "direct"),
        ("--direct_num_workers", "1"),
        ("--direct_running_mode=multi_threading", "--direct_num_workers=2"),
        ("--runner", "apache_beam.runners.portability.fn_api_runner.fn_runner.FnApiRunner"),
    ],
)
def test_beams_options_are_passed_through(cli_in_process: Run, options: tuple[str, ...]) -> None:
    start = ("shard", "good.txt", "--output", "out", "--vocab", "vocab.txt")
    done = cli_in_process(*start, *options)
    assert done.returncode == 0, done.stderr
    assert "examples" in done.stdout


def test_a_flag_of_beam_takes_no_input_for_its_value(cli_in_process: Run) -> None:
    options = ("--output", "out", "--vocab", "vocab.txt")
    done = cli_in_process("shard", "--no_direct_runner_use_stacked_bundle", "good.txt", *options)
    assert done.returncode == 0, done.stderr
    assert manifest()["documents"] == 3


def test_an_unexpected_failure_can_be_looked_into(
    cli_in_process: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERTPREP_DEBUG", "1")
    (folder / "good.txt").write_bytes(b"\xff\n")
    options = ("--output", "out", "--vocab", "vocab.txt", "--workers", 1)
    done = cli_in_process("shard", "good.txt", *options)
    assert "Traceback (most recent call last)" in done.stderr


def test_output_that_the_terminal_cannot_show(
    cli_in_process: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    text = "你好。世界。\n\n再见。\n"
    (folder / "good.txt").write_text(text, encoding="utf-8")
    vocabulary = lines(*SPECIAL, *dict.fromkeys(text.replace("\n", "")))
    (folder / "vocab.txt").write_bytes(vocabulary)
    assert shard(cli_in_process, "out").returncode == 0
    done = start_bertprep("inspect", "out")
    assert done.returncode == 0, done.stderr
    assert "\\u4f60" in done.stdout or "\\u518d" in done.stdout
