"""What a user is told while a run is at work, and of its result."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bertprep.corpus.inputs import InputFile
from bertprep.options import ReadOptions, ShardOptions
from pipelines.messages import progress, summary
from pipelines.messages.progress import (
    ProgressLine,
    ProgressNotes,
    describe,
    duration,
    read_notes,
    size,
)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


# The notes of the workers


def test_the_sums_of_all_workers_add_up(tmp_path: Path) -> None:
    for read in (10, 30):
        notes = ProgressNotes(str(tmp_path))
        notes.add("bytes_read", read)
        notes.add("written", 1)
        notes.flush()
    assert read_notes(str(tmp_path)) == {"bytes_read": 40, "written": 2}


def test_notes_are_written_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    notes = ProgressNotes(str(tmp_path / "made"))
    notes.add("bytes_read", 1)
    notes.add("bytes_read", 1)
    assert read_notes(str(tmp_path / "made")) == {"bytes_read": 1}
    now += 0.31
    notes.add("bytes_read", 1)
    assert read_notes(str(tmp_path / "made")) == {"bytes_read": 3}


def test_a_note_that_is_being_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"bytes_read": 5}')
    (tmp_path / "a.json.new").write_text('{"bytes_read": 6}')
    (tmp_path / "b.json").write_text("")
    assert read_notes(str(tmp_path)) == {"bytes_read": 5}
    assert read_notes(str(tmp_path / "nowhere")) == {}


# The line


@pytest.mark.parametrize(
    ("notes", "seconds", "line"),
    [
        ({}, 0.0, "read 0 bytes of 200.0 MB"),
        # Half is read in ten seconds: 10 MB/s, and ten seconds for the other half.
        (
            {"bytes_read": 100_000_000},
            10.0,
            "read 100.0 MB of 200.0 MB, 10.0 MB/s, 0:10 left to read",
        ),
        # Too little to tell how long the rest takes.
        ({"bytes_read": 2_000_000}, 1.0, "read 2.0 MB of 200.0 MB, 2.0 MB/s"),
        # A packed file may hold more than was thought.
        ({"bytes_read": 250_000_000}, 50.0, "read 200.0 MB of 200.0 MB, 4.0 MB/s"),
        (
            {"bytes_read": 190_000_000, "examples": 5_000},
            61.4,
            "read 200.0 MB, made 5,000 examples",
        ),
        # A quarter is written in ten seconds.
        (
            {"bytes_read": 190_000_000, "examples": 5_000, "written": 1_250},
            10.0,
            "read 200.0 MB, written 1,250 of 5,000 examples, 125/s, 0:30 left to write",
        ),
        (
            {"bytes_read": 190_000_000, "examples": 5_000, "written": 5_000},
            40.0,
            "read 200.0 MB, written 5,000 of 5,000 examples, 125/s",
        ),
    ],
)
def test_the_line_says_how_far_a_run_is(notes: dict[str, int], seconds: float, line: str) -> None:
    assert describe(notes, 200_000_000, seconds) == line


@pytest.mark.parametrize(
    ("notes", "line"),
    [
        ({}, "made 0 examples"),
        ({"examples": 500}, "made 500 examples"),
        (
            {"examples": 500, "written": 100},
            "written 100 of 500 examples, 10/s, 0:40 left to write",
        ),
    ],
)
def test_of_a_prepared_corpus_nothing_is_read(notes: dict[str, int], line: str) -> None:
    assert describe(notes, 0, 10.0) == line


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_940, "999.9 kB"),
        (1_000_000, "1.0 MB"),
        (12_345_600_000, "12,345.6 MB"),
    ],
)
def test_sizes_are_for_people(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0:00"), (59.6, "1:00"), (61, "1:01"), (3_599, "59:59"), (3_661, "1:01:01")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_log_gets_whole_lines_without_escape_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text('{"bytes_read": 5}')
    monkeypatch.setattr(progress, "_LOG_SECONDS", 0.01)
    with ProgressLine(str(tmp_path), 10) as line:
        line._stop.wait(0.2)
    shown = capsys.readouterr().err
    assert re.fullmatch(r"(read 5 bytes of 10 bytes, .*\n)+", shown)
    assert "\x1b" not in shown and "\r" not in shown


def test_the_rate_is_that_of_the_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Reading takes 100 seconds, and so does making examples; then 50 are written in 10.
    states = [
        (100.0, {"bytes_read": 10}),
        (200.0, {"bytes_read": 10, "examples": 100}),
        (210.0, {"bytes_read": 10, "examples": 100, "written": 50}),
    ]
    clock = iter([0.0, *(second for second, _ in states)])
    notes = iter([note for _, note in states])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(progress, "read_notes", lambda _: next(notes))
    line = ProgressLine(str(tmp_path), 10)
    turns = iter([False, False, False, True])
    monkeypatch.setattr(line, "_stop", SimpleNamespace(wait=lambda _: next(turns)))
    line._run()
    assert capsys.readouterr().err.splitlines() == [
        "read 10 bytes of 10 bytes, 0 bytes/s",
        "read 10 bytes, made 100 examples",
        "read 10 bytes, written 50 of 100 examples, 5/s, 0:10 left to write",
    ]


def test_a_short_run_says_nothing_in_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ProgressLine(str(tmp_path), 10):
        pass
    assert capsys.readouterr().err == ""


# The command with its progress lines as often as a test can wait for them.
OFTEN = """
import sys
from pipelines import cli
from pipelines.messages import progress
progress._TERMINAL_SECONDS = progress._LOG_SECONDS = 0.01
sys.argv[0] = "bertprep"
cli.main()
"""


@pytest.fixture
def command(prose_jsonl: Path, letters_vocab: Path, tmp_path: Path) -> list[str]:
    arguments = ["--vocab", letters_vocab, "--output", tmp_path / "out", "--workers", 1]
    return list(map(str, [sys.executable, "-c", OFTEN, "shard", prose_jsonl, *arguments]))


def terminal(columns: int) -> tuple[int, int]:
    """A terminal of that width: the user's end, and the command's."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    return ours, theirs


def in_terminal(command: list[str]) -> tuple[str, str]:
    """(what the terminal that standard error is got, standard output)."""
    ours, theirs = terminal(100)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, text=True) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 1 << 16)
            except OSError:  # the other end is closed
                break
        assert running.stdout is not None
        out = running.stdout.read()
    os.close(ours)
    assert running.returncode == 0
    return shown.decode().replace("\r\n", "\n"), out


def test_on_a_terminal_one_line_is_renewed_and_taken_away(command: list[str]) -> None:
    shown, out = in_terminal(command)
    assert out.startswith("documents ")
    first, _, rest = shown.partition("\n")
    assert first.startswith("reading ")
    *lines, end = rest.split("\r\x1b[K")[1:]
    assert end.startswith("warning: ") and end.count("\n") == 1  # the prose is hard-wrapped
    assert len(lines) > 3
    reading = r"read [\d.]+ \w+ of [\d.]+ kB(, [\d.]+ \w+/s)?(, \d+:\d\d left to read)?"
    written = r"written [\d,]+ of [\d,]+ examples(, [\d,]+/s)?(, \d+:\d\d left to write)?"
    making = rf"read [\d.]+ kB, (made [\d,]+ examples|{written})"
    assert [line for line in lines if not re.fullmatch(f"{reading}|{making}", line)] == []
    assert any("examples" in line for line in lines)


def test_on_a_narrow_terminal_the_line_never_wraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = terminal(30)
    with os.fdopen(theirs, "w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        line = ProgressLine(str(tmp_path), 10)
        line._show("read 100.0 MB of 200.0 MB, 10.0 MB/s, 0:10 left to read")
        assert os.read(ours, 1000) == b"\r\x1b[Kread 100.0 MB of 200.0 MB, 10"
    os.close(ours)


def test_a_log_of_the_command_has_no_escape_codes(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "read " in done.stderr and " examples" in done.stderr
    assert "\x1b" not in done.stderr and "\r" not in done.stderr


# Before and after a run


def corpus(*formats: Any) -> list[InputFile]:
    return [InputFile(str(n), str(n), 600_000, "none", kind) for n, kind in enumerate(formats)]


def test_the_first_line_says_what_is_read_and_as_what() -> None:
    files = corpus("text", "jsonl", "text", "wikiextractor")
    assert summary.describe_inputs(files, ReadOptions(), 2) == (
        "reading 2.4 MB: 1 file of JSON lines; 2 files of plain text, documents separated by blank "
        "lines (--documents file or line for others); 1 file of WikiExtractor; sentences by rules, "
        "a line break ends one; 2 processes"
    )
    read = ReadOptions(documents="file", sentences="lines")
    assert summary.describe_inputs(corpus("text"), read, 1) == (
        "reading 600.0 kB: 1 file of plain text, one document a file; one sentence a line; "
        "1 process"
    )
    assert summary.describe_inputs(corpus("sentence-pairs", "ptb"), ReadOptions(), 1) == (
        "reading 1.2 MB: 1 file of PTB, one sentence a line, 8 KiB a document, <unk> as [UNK]; "
        "1 file of sentence pairs, two a line with a tab between; 1 process"
    )
    for_words = summary.describe_inputs(corpus("text"), ReadOptions(), 1, in_sentences=False)
    assert "sentences" not in for_words
    said = summary.describe_inputs(corpus("jsonl"), ReadOptions(sentences="wrapped"), None)
    assert said.endswith("lines are hard-wrapped; as many processes as the runner starts")


def shard_manifest(**changes: Any) -> dict[str, Any]:
    """A manifest with figures that are easy to find again."""
    statistics = {
        "unknown_token_share": 0.0012,
        "positive_label_share": 0.583,
        "mean_length": 87.34,
        "full_row_share": 0.25,
        "padding_share": 0.3177,
        "masked_share": 0.1493,
        "mask_token_share": 0.8,
        "random_token_share": 0.11,
        "kept_token_share": 0.09,
        "capped_row_share": 0.0,
    }
    config = {"dupe_factor": 10, "task": "nsp", "output_format": "parquet", "layout": "google"}
    return {
        "config": {"shard": config | changes.pop("config", {})},
        "documents": 1234,
        "sentences": 56789,
        "tokens": 1_000_000,
        "rows": 4321,
        "max_seq_length": 128,
        "max_predictions_per_seq": 20,
        "vocabulary": {"size": 30522, "lowercase": False},
        "shards": [{"bytes": 1_500_000}, {"bytes": 1_000_000}],
        "sums": {"examples": 4321, "tokens_in_rows": 2_000_000, "truncated_tokens": 777},
        "random_next_pools": {"smallest": 300, "largest": 900},
        "drops": {"no_text": 3, "title_line": 1},
        "inputs": [{"format": "jsonl"}, {"format": "text"}],
        "statistics": statistics | changes.pop("statistics", {}),
        **changes,
    }


def test_the_summary_of_shards() -> None:
    assert summary.describe_shards(shard_manifest(), "out").splitlines() == [
        "documents    1,234",
        "sentences    56,789",
        "tokens       1,000,000 (0.120% [UNK]), cased vocabulary of 30,522",
        "examples     4,321 in 10 passes, 87.3 tokens of 128 each",
        "random next  58.3% of pairs, drawn from 300 to 900 documents",
        "truncated    777 tokens over the length",
        "masked       14.93% of tokens: 80.0% [MASK], 11.0% random, 9.0% kept",
        "padding      31.8%, 25.0% of rows full",
        "left out     no_text 3 (JSON lines without a text)",
        "             title_line 1 (title lines that WikiExtractor repeats in the text)",
        "output       out: 2 parquet shards in the google layout, 2.5 MB, 1.25 bytes a token",
    ]


def test_the_summary_says_what_differs() -> None:
    def said(**changes: Any) -> str:
        return summary.describe_shards(shard_manifest(**changes), "out")

    assert "swapped      58.3% of pairs\n" in said(config={"task": "sop"})
    assert "pairs" not in said(config={"task": "none"})
    assert " in 1 pass, " in said(config={"dupe_factor": 1})
    assert "1 parquet shard in the" in said(shards=[{"bytes": 10}])
    assert "drawn from 9 documents" in said(random_next_pools={"smallest": 9, "largest": 9})
    assert "left out     nothing\n" in said(drops={})
    assert "capped       40.0% of rows, at 20 predictions" in said(
        statistics={"capped_row_share": 0.4}
    )
    assert "warning" not in said(statistics={"unknown_token_share": 0.01})
    many = {"unknown_token_share": 0.06}
    assert "warning: 6% of the tokens are [UNK]" in said(statistics=many)
    # PTB has them in its text; they say nothing of the vocabulary.
    assert "warning" not in said(statistics=many, inputs=[{"format": "ptb"}])


def test_options_that_no_file_is_read_by_are_a_warning() -> None:
    def said(*formats: str, **read: Any) -> str:
        return "\n".join(summary.input_warnings(corpus(*formats), ReadOptions(**read)))

    assert said("text", text_field="body") == "--text-field has no effect: no INPUT is JSON lines"
    assert said("jsonl", documents="line") == "--documents has no effect: no INPUT is plain text"
    assert "--sentences has no effect" in said("ptb", "sentence-pairs", sentences="lines")
    assert "--keep-titles has no effect" in said("text", keep_titles=True)
    assert said("text", "jsonl", text_field="body", documents="line", sentences="lines") == ""
    assert said("ptb") == said("jsonl", keep_titles=True) == ""


def test_pairs_that_are_all_random_are_a_warning() -> None:
    def said(share: float, task: str) -> str:
        changes = {"statistics": {"positive_label_share": share}, "config": {"task": task}}
        return summary.describe_shards(shard_manifest(**changes), "out")

    assert "warning: all pairs are random, as no document has" in said(1.0, "nsp")
    assert "99.0% of the pairs are random" in said(0.99, "nsp")
    assert "warning" not in said(0.55, "nsp") + said(1.0, "sop")


def vocab_manifest(size: int) -> dict[str, Any]:
    return {
        "config": {"vocab": {"min_frequency": 2, "limit_alphabet": 1000}},
        "documents": 1234,
        "words": 56_789,
        "distinct_words": 4_321,
        "vocabulary": {"size": size, "lowercase": True},
        "drops": {},
    }


def test_the_summary_of_a_vocabulary() -> None:
    assert summary.describe_vocab(vocab_manifest(3000), 3000, "out").splitlines() == [
        "documents    1,234",
        "words        56,789, 4,321 distinct",
        "vocabulary   3,000 tokens, uncased",
        "left out     nothing",
        "output       out (vocab.txt, tokenizer.json, tokenizer_config.json)",
    ]


def test_a_vocabulary_smaller_than_asked_for_is_a_warning_with_the_way_out() -> None:
    warning = summary.describe_vocab(vocab_manifest(2500), 3000, "out").splitlines()[-1]
    assert warning.startswith("warning: the corpus gives 2,500 tokens of 3,000 asked for")
    assert "count of 2 (--min-frequency) in words of its 1,000 most frequent char" in warning
    assert warning.endswith("give more text or a smaller --vocab-size")


def test_masking_options_without_masks_are_a_warning() -> None:
    def said(**options: Any) -> str:
        return "\n".join(summary.shard_warnings(ShardOptions(**options)))

    assert "--masked-lm-prob has no effect with --masking none" in said(
        masking="none", masked_lm_prob=0.3
    )
    assert "--random-replace-prob has no" in said(masking="none", random_replace_prob=0.2)
    assert said(masking="none") == said(masking="span", random_replace_prob=0.2) == ""


@pytest.mark.parametrize(
    ("length", "predictions", "warnings"),
    [
        (128, 20, []),
        (512, 76, []),  # 77 wanted: Google's own figures cap a full row by one
        (
            512,
            75,
            ["caps every row of over 500 tokens", "have 77 predictions and keeps 97% (14.6%"],
        ),
        (512, 20, ["caps every row of over 133 tokens", "have 77 predictions and keeps 26% (3.9%"]),
        (1024, 153, ["over the 512 positions of the official BERT models"]),
        (1024, 20, ["caps every row of over 133", "154 predictions", "over the 512 positions"]),
    ],
)
def test_the_warnings_come_with_the_figure(
    length: int, predictions: int, warnings: list[str]
) -> None:
    options = ShardOptions(max_seq_length=length, max_predictions_per_seq=predictions)
    said = "\n".join(summary.shard_warnings(options))
    assert [part for part in warnings if part not in said] == []
    assert bool(said) == bool(warnings)
