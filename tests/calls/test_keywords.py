"""The API's keyword options are the command's: names, defaults, and what is passed on."""

from __future__ import annotations

import inspect
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import bertprep
from bertprep.calls.keywords import PREPARE, SHARD, VOCAB, Command, arguments, as_keywords, check
from bertprep.errors import UsageError
from bertprep.options import CleanOptions
from pipelines.cli import cli

# What a program has other ways for: help, tracebacks, figures as JSON, options in a file.
NOT_KEYWORDS = {"inputs", "input", "output", "vocabulary", "help", "debug"}
FUNCTIONS = [
    (VOCAB, bertprep.train_vocabulary),
    (PREPARE, bertprep.prepare),
    (SHARD, bertprep.shard),
]


@pytest.mark.parametrize(("command", "function"), FUNCTIONS, ids=["vocab", "prepare", "shard"])
def test_the_options_are_those_of_the_command(command: Command, function: Any) -> None:
    context = cli.commands[command.name].make_context(command.name, [], resilient_parsing=True)
    options = {name: v for name, v in context.params.items() if name not in NOT_KEYWORDS}
    assert command.defaults == options
    shown = inspect.signature(function).parameters
    assert set(command.defaults) <= set(shown)
    assert all(shown[name].default == value for name, value in command.defaults.items())


def test_what_is_usual_is_not_passed_on() -> None:
    of_cleaning = {field.name for field in fields(CleanOptions)}
    others = {name: v for name, v in SHARD.defaults.items() if name not in of_cleaning}
    assert arguments(SHARD, others) == []
    assert arguments(VOCAB, {"lowercase": True, "vocab_size": 30522}) == []


def test_an_option_of_cleaning_asks_for_it() -> None:
    assert arguments(SHARD, {"duplicates": "documents"}) == ["--duplicates=documents"]
    given = {"drop_controls": False, "rules": ["c4"], "fix_mojibake": False, "max_words": None}
    assert arguments(VOCAB, given) == ["--keep-controls", "--rules=c4"]


def test_options_are_passed_on_as_they_are_typed() -> None:
    options = {
        "max_seq_length": 512,
        "pack": True,
        "lowercase": False,
        "include": ["a*", "b*"],
        "work_dir": Path("w"),
        "masked_lm_prob": 0.2,
        "overwrite": False,
        "text_field": "-x",
    }
    assert arguments(SHARD, options) == [
        "--max-seq-length=512",
        "--pack",
        "--cased",
        "--include=a*",
        "--include=b*",
        "--work-dir=w",
        "--masked-lm-prob=0.2",
        "--text-field=-x",
    ]


def test_an_unknown_option_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="'max_seq_len'; did you mean max_seq_length"):
        check(SHARD, {"max_seq_len": 1}, "shard")
    with pytest.raises(UsageError, match=r"'zzz'; see help\(shard\)"):
        check(SHARD, {"zzz": 1}, "shard")


@pytest.mark.parametrize(
    ("told", "in_python"),
    [
        ("--max-seq-length must be 8; got 7", "max_seq_length must be 8; got 7"),
        ("use --sentences wrapped (or", "use sentences='wrapped' (or"),
        ("replace it by --overwrite", "replace it by overwrite"),
        ("say by --cased or --uncased how", "say by lowercase=False or lowercase=True how"),
        ("--runner Flink: no", "--runner Flink: no"),
        ("--documents and --sentences both", "documents and sentences both"),
    ],
)
def test_messages_name_options_as_python_does(told: str, in_python: str) -> None:
    assert as_keywords(told) == in_python
