"""Bad input of all kinds: one line on standard error with the way out, and nothing left behind.

And its reverse: odd input that works, and what of it was left out.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
from pathlib import Path

import pytest

from tests.beam.wrong_calls import (
    BAD_INPUT,
    SHARD,
    SPECIAL,
    THREE_DOCUMENTS,
    Done,
    Run,
    check_error,
    json_lines,
    lines,
    manifest,
    rows,
    shard,
    tree,
)
from tests.commands import start_bertprep

pytestmark = pytest.mark.usefixtures("folder")


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


# The output folder


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


# Odd input that works


def test_a_byte_order_mark_is_no_text(cli_in_process: Run, folder: Path) -> None:
    assert shard(cli_in_process, "plain").returncode == 0
    (folder / "good.txt").write_text(THREE_DOCUMENTS, encoding="utf-8-sig")
    assert shard(cli_in_process, "out").returncode == 0
    for count in ("documents", "sentences", "tokens", "drops"):
        assert manifest("out")[count] == manifest("plain")[count]
    assert manifest("out")["documents"] == 3


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
    counts = {"bad_json": 2, "empty_document": 2, "not_utf8": 1}
    assert manifest()["drops"] == counts
    for reason, count in counts.items():
        assert f" {reason} {count} (" in done.stdout
    dropped = [json.loads(line) for line in Path("out/dropped.jsonl").read_text().splitlines()]
    start = len(json_lines(*good))
    assert [(row["reason"], row["offset"]) for row in dropped] == [
        ("bad_json", start),
        ("bad_json", start + 32),
        ("not_utf8", start + 36),
        ("empty_document", start + 17),
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
        pytest.param(("--runner", "direct"), marks=pytest.mark.exhaustive),
        pytest.param(("--direct_num_workers", "1"), marks=pytest.mark.exhaustive),
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
