"""Inputs that are named: on the command line, or in a file beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import UsageError
from pipelines.folders.mixture_inputs import named_inputs


def test_without_names_there_is_no_mixture() -> None:
    found = named_inputs(["a", "b"], [], None)
    assert (found.paths, found.names, dict(found.options)) == (["a", "b"], (), {})


def test_a_name_may_be_given_several_paths_and_a_path_may_hold_an_equals_sign() -> None:
    found = named_inputs([], ["wiki=dumps/a", "wiki=dumps/b", "books=x=y.txt"], None)
    assert found.paths == ["dumps/a", "dumps/b", "x=y.txt"]
    assert found.names == ("wiki", "wiki", "books")


def test_paths_of_a_file_are_beside_it_unless_they_say_where_they_are(tmp_path: Path) -> None:
    file = tmp_path / "mix.toml"
    file.write_text(
        'tokens = 500\n[input.wiki]\npath = ["wiki", "/data/more"]\nweight = 2\n'
        '[input.web]\npath = "s3://bucket/web"\n'
    )
    found = named_inputs([], [], str(file))
    assert found.paths == [str(tmp_path / "wiki"), "/data/more", "s3://bucket/web"]
    assert found.names == ("wiki", "wiki", "web")
    assert found.options == {"weight": ("wiki=2",), "smoothing": None, "mixture_tokens": 500}


@pytest.mark.parametrize(
    ("inputs", "given", "said"),
    [
        (["a"], ["b=c"], "INPUT and --input both say what to read"),
        ([], ["wiki"], "--input must be NAME=PATH.*got 'wiki'"),
        ([], ["a b=c"], "--input must be NAME=PATH.*got 'a b=c'"),
        ([], ["_a=c"], "--input must be NAME=PATH"),
    ],
)
def test_what_is_given_wrongly(inputs: list[str], given: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        named_inputs(inputs, given, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no input"),
        ("input = 3", "names no input"),
        ("[inputs.wiki]", "has 'inputs', which is unknown; it takes input, smoothing, tokens"),
        ('[input]\nwiki = "a"', r"expected a table \[input.wiki\] with a path"),
        ("[input.wiki]\nweight = 2", r"\[input.wiki\] needs a path"),
        ("[input.wiki]\npath = []", "needs a path"),
        ('[input.wiki]\npath = "a"\nwait = 2', "has 'wait', which is unknown; it takes path, "),
        ('smoothing = "much"\n[input.wiki]\npath = "a"', "smoothing must be a number"),
        ('tokens = 1.5\n[input.wiki]\npath = "a"', "tokens must be a whole number; got 1.5"),
        ("input.wiki", "cannot be read"),
    ],
)
def test_a_file_that_says_it_wrongly(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mix.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=said):
        named_inputs([], [], str(file))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none.toml cannot be read: No such file"):
        named_inputs([], [], str(tmp_path / "none.toml"))
