"""Files as columns: the same files, in little memory."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.corpus.files import InputFile
from bertprep.corpus.input_table import InputTable

TEXT = st.text(st.characters(exclude_characters="\0"), max_size=6)
FILES = st.lists(
    st.builds(
        InputFile,
        path=st.tuples(st.sampled_from(["/c/", "gs://b/", "mix/"]), TEXT).map("".join),
        name=TEXT | st.sampled_from(["mix/a", "a", "\udcff.txt"]),
        size=st.integers(0, 1 << 60),
        compression=st.sampled_from(["none", "gzip"]),
        format=st.sampled_from(["text", "jsonl"]),
        modified=st.floats(0, 1e10),
        warning=TEXT,
        text_size=st.integers(0, 1 << 60),
        encoding=st.sampled_from(["", "utf-16-le"]),
        input=st.sampled_from(["", "mix"]),
    ),
    max_size=5,
)


@given(FILES)
def test_the_files_are_those_that_were_given(files: list[InputFile]) -> None:
    table = InputTable.of(iter(files))
    assert list(table) == files == table
    assert [table[i] for i in range(len(table))] == files
    assert table[::-1] == files[::-1]
    assert table[1:3] == files[1:3]
    assert pickle.loads(pickle.dumps(table)) == files


def test_what_is_not_there_is_an_error() -> None:
    table = InputTable.of([InputFile("/a", "a", 1)])
    assert table[-1].path == "/a"
    for index in (1, -2):
        with pytest.raises(IndexError):
            table[index]


@pytest.mark.slow
def test_many_files_take_less_than_a_hundred_bytes_each() -> None:
    count = 20_000  # of several blocks
    files = (
        InputFile(f"/data/corpora/english/{i // 99:04}/wiki_{i}", f"{i // 99:04}/wiki_{i}", i)
        for i in range(count)
    )
    table = InputTable.of(files)
    assert table.nbytes < 100 * count
    assert table[count - 1].path == f"/data/corpora/english/{(count - 1) // 99:04}/wiki_{count - 1}"
    assert sum(file.size for file in table) == count * (count - 1) // 2


def test_a_path_that_its_name_does_not_end_is_kept() -> None:
    files = [InputFile("/a/b", "other", 1), InputFile("/m/x", "mix/x", 1, input="mix")]
    assert InputTable.of(files) == files
