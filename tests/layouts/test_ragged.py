"""The ragged layout: worked by hand, huggingface's but for padding, and checked when damaged."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.errors import InputError, UsageError
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts.registry import schema_of
from bertprep.loaders.batches import Batches
from bertprep.loaders.collate import ColumnMaker, Padding
from bertprep.loaders.order import OrderOptions
from bertprep.options import Layout, Masking, MaskingOptions, ShardOptions, Task
from bertprep.report.decode import decode_rows, read_rows, text_of
from bertprep.report.survey import Survey, survey_shard
from bertprep.shards.findings import Findings
from bertprep.shards.folder import Shards
from tests.laid_out import lay_out
from tests.made_folders import FIRST_WORD, VOCABULARY, L, options, write_folder

PAD, UNK, CLS, SEP, MASK = range(5)
A, B, C = range(FIRST_WORD, FIRST_WORD + 3)
PIECE = VOCABULARY.ids["##p0"]

# [CLS] a b ##p0 [SEP] c [SEP], of which b is hidden, and [CLS] a [SEP] c [SEP].
EXAMPLES = Examples(
    np.array([1, 2], np.uint64),
    np.array([[CLS, A, B, PIECE, SEP, C, SEP, PAD], [CLS, A, SEP, C, SEP, 0, 0, 0]], np.int32),
    np.array([7, 5]),
    np.array([5, 3]),
    np.array([1, 0], np.int8),
    np.array([[0, 0, 0, 1, 0, 0, 0, 0], [0] * 8], bool),
)
MASKS = Masks(
    np.array([[CLS, A, MASK, PIECE, SEP, C, SEP, PAD], [CLS, A, SEP, C, SEP, 0, 0, 0]], np.int32),
    np.array([[2], [0]]),
    np.array([[B], [0]], np.int32),
    np.array([1, 0]),
    np.array([1, 1]),
)
ROWS = {
    "input_ids": [[CLS, A, MASK, PIECE, SEP, C, SEP], [CLS, A, SEP, C, SEP]],
    "token_type_ids": [[0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1]],
    "labels": [[-100, -100, B, -100, -100, -100, -100], [-100] * 5],
    "next_sentence_label": [1, 0],
}
RAGGED = options(layout="ragged", masking="whole-word", masked_lm_prob=0.1)


def test_two_rows_worked_by_hand() -> None:
    columns = lay_out(EXAMPLES, MASKS, "ragged", "nsp")
    assert {name: values.tolist() for name, values in columns.items()} == ROWS
    types = [values.type for values in (columns["input_ids"], columns["token_type_ids"])]
    assert types == [pa.list_(pa.int32()), pa.list_(pa.int8())]
    unmasked = lay_out(EXAMPLES, None, "ragged", "sop")
    assert {name: unmasked[name].tolist() for name in ("word_starts", "sentence_order_label")} == {
        "word_starts": [[0, 1, 1, 0, 0, 1, 0], [0, 1, 0, 1, 0]],
        "sentence_order_label": [1, 0],
    }
    assert unmasked["input_ids"].tolist()[0] == [CLS, A, B, PIECE, SEP, C, SEP]


@pytest.mark.parametrize("masking", get_args(Masking))
@pytest.mark.parametrize("task", get_args(Task))
def test_rows_are_those_of_huggingface_without_padding(
    tmp_path: Path, task: Task, masking: Masking
) -> None:
    def stored(layout: Layout) -> list[dict[str, Any]]:
        made = options(layout=layout, masking=masking, task=task)
        folder = write_folder(tmp_path / layout, made, [30])
        (path,) = folder.glob("rows/*.parquet")
        return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]

    for found, padded in zip(stored("ragged"), stored("huggingface"), strict=True):
        length = sum(padded.pop("attention_mask"))
        expected = {n: v[:length] if isinstance(v, list) else v for n, v in padded.items()}
        assert list(found.items()) == list(expected.items())


@pytest.mark.parametrize("masking", ["span", "none"])
@pytest.mark.parametrize("layout", [None, "ragged", "huggingface"])
def test_batches_are_those_of_huggingface(
    tmp_path: Path, masking: Masking, layout: Layout | None
) -> None:
    def read(stored: Layout, asked: Layout | None) -> list[dict[str, Any]]:
        shards = Shards(
            write_folder(tmp_path / stored, options(layout=stored, masking=masking), [70])
        )
        drawn = MaskingOptions("span") if masking == "none" else None
        maker = ColumnMaker(shards, drawn, asked)
        order = OrderOptions(batch_size=16)
        steps = list(Batches(shards, maker, order, Padding(multiple_of=8)).read(1))
        assert list(steps[0]) == [column.name for column in maker.schema.columns]
        return steps

    for found, expected in zip(read("ragged", layout), read("huggingface", None), strict=True):
        assert list(found) == list(expected)
        assert all(np.array_equal(found[name], expected[name]) for name in expected)


def test_masked_rows_stay_in_their_layout(tmp_path: Path) -> None:
    shards = Shards(write_folder(tmp_path, options(layout="ragged"), [5]))
    with pytest.raises(UsageError, match="stored in the ragged layout; got layout 'google'"):
        ColumnMaker(shards, layout="google")


def test_inspect_shows_and_counts_them() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table(ROWS, schema_of(RAGGED).arrow()), stream)
    for rows in (1, 2):  # one row alone is as good as a matrix
        decoded = decode_rows(read_rows(stream, "x.parquet", rows, "parquet"), RAGGED, VOCABULARY)
        shown = [(text_of(row.a), text_of(row.b or []), row.label) for row in decoded]
        assert shown == [("w0 [MASK](w1)p0", "w2", 1), ("w0", "w2", 0)][:rows]
    rules = Rules(RAGGED, VOCABULARY)
    survey = Survey.empty(rules)
    survey_shard(stream, "x.parquet", 2, rules, survey)
    assert {n: count for n, count in enumerate(survey.lengths.tolist()) if count} == {5: 1, 7: 1}
    assert survey.counts[[A, B, C, CLS, SEP, MASK, PAD]].tolist() == [2, 1, 2, 2, 4, 0, 0]


# Verified


def problems(rows: dict[str, Any], made: ShardOptions = RAGGED) -> list[Any]:
    stream, findings = io.BytesIO(), Findings()
    pq.write_table(pa.table(rows, schema_of(made).arrow()), stream)
    verify_rows(stream, Rules(made, VOCABULARY), findings)
    return findings.problems


def changed(name: str, row: list[int | None] | None) -> dict[str, Any]:
    return {**ROWS, name: [ROWS[name][0], row]}


@pytest.mark.parametrize("masking", get_args(Masking))
@pytest.mark.parametrize("task", ["nsp", "sop"])
def test_what_bertprep_wrote_passes(tmp_path: Path, task: Task, masking: Masking) -> None:
    made = options(layout="ragged", masking=masking, task=task)
    (path,) = write_folder(tmp_path, made, [200]).glob("rows/*.parquet")
    findings = Findings()
    with path.open("rb") as stream:
        verify_rows(stream, Rules(made, VOCABULARY), findings)
    assert (findings.rows, findings.problems) == (200, [])


LONG = [CLS, *[A] * (L - 3), SEP, C, SEP]
DAMAGED: list[tuple[str, list[int | None] | None, str]] = [
    ("input_ids", [CLS, A, SEP, C], "token_type_ids: expected 4 values, as there are input_ids; "
     "got 5"),
    ("token_type_ids", [0, 0, 0, 1, 1, 0], "token_type_ids: expected 5 values, as there are "
     "input_ids; got 6"),
    ("labels", [], "labels: expected 5 values, as there are input_ids; got 0"),
    ("input_ids", LONG, f"expected at most {L} tokens, got {L + 1}"),
    ("input_ids", [CLS, A, SEP, C, A], "input_ids[4]: expected [SEP], got 5"),
    ("input_ids", [CLS, A, SEP, PAD, SEP], "input_ids[3]: expected a token of the text, [MASK] or "
     "[UNK], got 0 ([PAD])"),
    ("input_ids", [CLS, A, SEP, len(VOCABULARY), SEP], f"input_ids[3]: expected an id below "
     f"{len(VOCABULARY)}, got {len(VOCABULARY)}"),
    ("token_type_ids", [0, 0, 0, 0, 1], "token_type_ids[3]: expected 1, got 0"),
    ("labels", [-100, -100, A, -100, -100], "input_ids[2]: expected [MASK] or no special token, as "
     "it is predicted; got 3 ([SEP])"),
    ("labels", [-100, None, -100, -100, -100], "expected no null, got one"),
    ("labels", None, "expected no null, got one"),
]  # fmt: skip


def test_rows_written_by_hand_pass() -> None:
    assert problems(ROWS) == []


@pytest.mark.parametrize(("name", "row", "message"), DAMAGED)
def test_a_damaged_row_is_named(name: str, row: list[int | None] | None, message: str) -> None:
    assert problems(changed(name, row)) == [(1, message)]


def test_a_row_of_no_tokens_is_named() -> None:
    empty = {name: [*values[:1], []] for name, values in ROWS.items()}
    empty["next_sentence_label"] = ROWS["next_sentence_label"]
    assert problems(empty) == [(1, f"input_ids: expected 5 to {L} tokens, got 0")]


def test_a_row_too_long_for_a_loader_is_an_error(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, options(layout="ragged"), [3])
    (path,) = folder.glob("rows/*.parquet")
    rows = pq.read_table(path).to_pylist()
    rows[1]["input_ids"] += [A] * L
    pq.write_table(pa.Table.from_pylist(rows, schema_of(options(layout="ragged")).arrow()), path)
    manifest = folder / "manifest.json"
    content = json.loads(manifest.read_text())
    content["shards"][0]["bytes"] = path.stat().st_size  # its size is looked at first
    manifest.write_text(json.dumps(content))
    shards = Shards(folder)
    with pytest.raises(InputError, match=f"expected at most {L} values in a row, got"):
        shards.read(0, 0, 3)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"output_format": "tfrecord"}, "--layout ragged is for --output-format parquet"),
        ({"pack": True}, "--pack needs --layout huggingface"),
    ],
)
def test_what_it_has_no_rows_for(more: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        options(layout="ragged", **more)


@pytest.mark.slow
@pytest.mark.parametrize("task", get_args(Task))
def test_the_command_makes_verifies_and_shows_them(
    cli_in_process: Callable[..., Any], letters_vocab: Path, tmp_path: Path, task: Task
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("the cat sat, and it ate.\n\na dog ran.\nit hid.\n\nno one saw.\n")
    folder = tmp_path / "shards"
    how = ("--layout", "ragged", "--task", task, "--max-seq-length", 64, "--dupe-factor", 3)
    made = cli_in_process("shard", text, "--vocab", letters_vocab, "--output", folder, *how)
    assert made.returncode == 0, made.stderr
    assert "in the ragged layout" in made.stdout
    assert "all as written" in cli_in_process("verify", folder).stdout
    assert "[MASK](" in cli_in_process("inspect", folder).stdout
