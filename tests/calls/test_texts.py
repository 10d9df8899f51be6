"""What the API takes for INPUT."""

from __future__ import annotations

import json
from collections import UserDict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from bertprep.calls.texts import Inputs, paths_of, texts_of
from bertprep.errors import InputError, OutputError, UsageError


def test_paths_are_passed_on(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    here = str(tmp_path / "a")
    assert paths_of("corpus/*.txt") == ["corpus/*.txt"]
    assert paths_of(tmp_path) == [str(tmp_path)]
    assert paths_of([here, here]) == [here, here]
    assert paths_of([tmp_path / "missing", "other"]) == [str(tmp_path / "missing"), "other"]
    # A slip of the pen in a path is not taken for a text.
    assert paths_of(["corpus/wiki_00", "data.jsonl.gz"]) == ["corpus/wiki_00", "data.jsonl.gz"]
    assert paths_of(["gs://bucket/a", here]) == ["gs://bucket/a", here]


@pytest.mark.parametrize(
    "texts",
    [
        ["A text.", "Another/one that is none of a file."],
        ["one", "two"],
        ["x" * 10_000, "line\nline"],
        [""],
        iter(["corpus/wiki_00"]),
        ({"text": "a"} for _ in range(1)),
    ],
)
def test_texts_are_no_paths(texts: Any) -> None:
    assert paths_of(texts) is None


def test_what_may_be_either_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(UsageError, match=r"names a file and 'A text\.' does not; give .* iter"):
        paths_of([str(tmp_path / "a"), "A text."])
    with pytest.raises(UsageError, match="empty list"):
        paths_of([])


def test_texts_of_many_kinds() -> None:
    assert list(texts_of(iter(["a", "b"]), "text")) == ["a", "b"]
    assert list(texts_of([{"body": "a"}], "body")) == ["a"]
    assert list(texts_of(np.array(["a", "b"]), "text")) == ["a", "b"]
    assert list(texts_of(pa.array(["a"]), "text")) == ["a"]
    assert list(texts_of(pa.chunked_array([["a"], ["b"]]), "text")) == ["a", "b"]
    assert list(texts_of(pl.Series(["a", "b"]), "text")) == ["a", "b"]


def test_tables_give_their_column_of_texts() -> None:
    for table in (pa.table, pl.DataFrame):
        made = table({"id": [1, 2], "body": ["a", "b"]})
        assert paths_of(made) is None
        assert list(texts_of(made, "body")) == ["a", "b"]


def test_pandas_gives_its_column_of_texts() -> None:
    pandas = pytest.importorskip("pandas")
    assert list(texts_of(pandas.DataFrame({"text": ["a", "b"]}), "text")) == ["a", "b"]
    assert list(texts_of(pandas.Series(["a", "b"]), "text")) == ["a", "b"]


def test_splits_are_no_mixture() -> None:
    with pytest.raises(UsageError, match="of splits; give one of them"):
        Inputs(Splits(train=1, test=2), "text", None).__enter__()


class Splits(UserDict[str, Any]):
    column_names = ()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (7, "the input is int; give a path"),
        (b"bytes", "the input is bytes; give"),
        ({"text": "a"}, "the input is dict; give"),
        (pa.table({"body": ["a"]}), "the table has no column 'text'; .* name one of body"),
        (pa.table({"text": [7]}), "row 0 of the column 'text' is int and not a text; text_field"),
        (Splits(train=1, test=2), r"of splits; give one of them: dataset\['train'\] or dataset"),
        (lambda: iter(["a"]), "the input is function; call it"),
        (pl.LazyFrame({"text": ["a"]}), r"the input is LazyFrame; give what its collect\(\) gives"),
        ([None], "item 0 of the input is None and not a text"),
        (["a", None], "item 1 of the input is None and not a text"),
        ([{"body": "a"}], "item 0 of the input is dict with 'text' and not"),
    ],
)
def test_what_holds_no_texts_is_refused(source: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        list(texts_of(source, "text"))


def test_texts_are_spooled_one_by_one_and_gone_in_the_end(tmp_path: Path) -> None:
    texts = ["A\nB.", "日本", "\x1e", ""]
    with Inputs(iter(texts), "text", str(tmp_path / "not" / "yet")) as given:
        *options, dashes, path = given
        assert options == ["--input-format=json-strings", "--text-field=text"]
        assert dashes == "--"
        assert Path(path).is_relative_to(tmp_path)
        assert [json.loads(line) for line in Path(path).read_text().split("\n")[:-1]] == texts
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_texts_that_fail(tmp_path: Path) -> None:
    for texts, error in ((iter(["a", 7]), UsageError), (iter([]), InputError)):
        with pytest.raises(error), Inputs(texts, "text", str(tmp_path)):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(OutputError, match=r"cannot be written to /proc: .*; name .* work_dir"),
        Inputs(iter(["a"]), "text", "/proc/none"),
    ):
        pass


@pytest.mark.torch  # which datasets loads
def test_a_dataset_is_read_by_batches_of_its_column(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    rows = {"text": ["a", "b"], "other": [1, 2]}
    whole = datasets.Dataset.from_dict(rows)
    assert paths_of(whole) is None
    assert list(texts_of(whole, "text")) == ["a", "b"]
    assert list(texts_of(whole.to_iterable_dataset(), "text")) == ["a", "b"]
    assert list(texts_of(whole["text"], "text")) == ["a", "b"]
    with pytest.raises(UsageError, match="no column 'body'; text_field is to name one of text"):
        texts_of(whole, "body")
    with pytest.raises(UsageError, match="of splits; give one of them: dataset"):
        texts_of(datasets.DatasetDict(train=whole), "text")


def test_the_inputs_of_a_mixture_are_arguments_with_their_names() -> None:
    with Inputs({"wiki": "wiki/*.bz2", "books": ["a.txt", "b.txt"]}, "text", None) as given:
        assert given == ["--input=wiki=wiki/*.bz2", "--input=books=a.txt", "--input=books=b.txt"]
    with pytest.raises(UsageError, match="the input b of a mixture is to be a path"):
        Inputs({"a": "x.txt", "b": iter(["A text."])}, "text", None).__enter__()
