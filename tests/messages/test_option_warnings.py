"""Options that are allowed, but were hardly meant so."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.files import InputFile
from bertprep.options import ReadOptions, ShardOptions
from pipelines.messages import option_warnings


def corpus(*formats: Any) -> list[InputFile]:
    return [InputFile(str(n), str(n), 600_000, "none", kind) for n, kind in enumerate(formats)]


def test_options_that_no_file_is_read_by_are_a_warning() -> None:
    def said(*formats: str, **read: Any) -> str:
        return "\n".join(option_warnings.input_warnings(corpus(*formats), ReadOptions(**read)))

    no_fields = "--text-field has no effect: no INPUT is JSON or a table"
    assert said("text", text_field="body") == no_fields
    assert said("jsonl", sentences="wrapped") == ""
    assert "--document-separator has no" in said("jsonl", document_separator="x")
    assert said("jsonl", documents="line") == "--documents has no effect: no INPUT is plain text"
    assert "--sentences has no effect" in said("ptb", "sentence-pairs", sentences="lines")
    assert "--keep-titles has no effect" in said("text", keep_titles=True)
    assert said("text", "jsonl", text_field="body", documents="line", sentences="lines") == ""
    assert said("ptb") == said("jsonl", keep_titles=True) == ""


def test_odd_files_are_told_and_many_are_counted() -> None:
    files = [InputFile(str(n), str(n), 9, warning=f"{n} is odd") for n in range(8)]
    told = option_warnings.input_warnings(files, ReadOptions())
    assert told == [*(f"{n} is odd" for n in range(5)), "3 files more are odd in such ways"]


def test_masking_options_without_masks_are_a_warning() -> None:
    def said(**options: Any) -> str:
        return "\n".join(option_warnings.shard_warnings(ShardOptions(**options)))

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
    said = "\n".join(option_warnings.shard_warnings(options))
    assert [part for part in warnings if part not in said] == []
    assert bool(said) == bool(warnings)
