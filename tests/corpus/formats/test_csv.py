"""CSV and TSV: told by the name of a column, read with quotes, one line on what is wrong."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.identity import document_text
from bertprep.corpus.recognise import RefusedError
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.corpus.sizes import ReadSizes
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs
from tests.corpus.formats.tables import check, looked_at, open_file, read

TEXTS = [f'Panda {n} said, "It; is | good."\nIt sleeps,\r\n\r\nand\teats. 熊猫' for n in range(300)]
LINES = [f'Panda {n} said, "It; is | good." 熊猫' for n in range(300)]


def table(texts: list[str], delimiter: str = ",", name: str = "text", **options: Any) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, **options)
    writer.writerow(["id", name, "title"])
    writer.writerows([n, text, f"Title {n}"] for n, text in enumerate(texts))
    return stream.getvalue().encode()


def texts_of(path: Path, **options: Any) -> list[str]:
    found, counts = read(path, **options)
    assert counts == {}
    return [text for _, text in found]


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_quoted_cells(tmp_path: Path, delimiter: str, quoting: Any) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(b"\xef\xbb\xbf" + table(TEXTS, delimiter, quoting=quoting))
    kind = "tsv" if delimiter == "\t" else "csv"
    texts = [document_text(text.encode()).decode() for text in TEXTS]
    assert looked_at(path, ReadOptions()).format == kind
    assert texts_of(path) == texts
    assert texts_of(path, input_format=kind) == texts
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert texts_of(path) == texts


def test_quotes_between_tabs_are_text_where_they_enclose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    rows = [f'{n}\t"Yes," panda {n} said.' for n in range(50)]
    path.write_text("id\ttext\n" + "\n".join(rows))
    assert texts_of(path) == [row.split("\t")[1] for row in rows]


def test_a_column_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    quoted = "\n".join('"' + text.replace('"', '""') + '"' for text in LINES)
    path.write_text(f"text\n{quoted}\n")
    assert texts_of(path) == LINES


def test_an_index_without_a_name_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(",text\n" + "".join(f'{n},"{n} pandas, eating."\n' for n in range(9)))
    assert texts_of(path) == [f"{n} pandas, eating." for n in range(9)]


@pytest.mark.parametrize("name", ["review", "movie review"])
@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_what_is_advised_reads_it(tmp_path: Path, delimiter: str, name: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(table(LINES, delimiter, name, quoting=csv.QUOTE_ALL))
    with pytest.raises(RefusedError) as caught:
        looked_at(path, ReadOptions())
    assert f'("id", "{name}", "title"); name the one of text: --text-field ' in str(caught.value)
    assert texts_of(path, text_field=name) == LINES
    kind = "tsv" if delimiter == "\t" else "csv"
    assert check(path, input_format=kind) == (
        'has no column "text"; name one of its columns of text by --text-field: "id", '
        f'"{name}", "title"'
    )


@pytest.mark.parametrize(
    "prose",
    [
        "text, and so on\nThe panda, it eats, and sleeps.\nIt is good, I say.\n",
        "text\nThe panda eats.\nIt sleeps.\n",
        "text\ttitle\nThe panda eats bamboo all day.\nIt sleeps in a tree.\n",
    ],
)
def test_prose_is_no_table(tmp_path: Path, prose: str) -> None:
    path = tmp_path / "in.txt"
    path.write_text(prose)
    try:
        assert looked_at(path, ReadOptions()).format == "text"
    except RefusedError as error:  # as a table, by another rule
        assert "text\ttitle" in prose, error


def test_rows_of_another_width_are_bad(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "id,text\n" + "".join(f"{n},Panda {n}.\n" for n in range(20)) + "20,a,b\n21,c\n"
    )
    with pytest.raises(InputError, match=r": row 21 has 3 cells, not 2 as the first line; --bad-i"):
        read(path)
    found, counts = read(path, bad_input="drop")
    assert [text for _, text in found] == [*(f"Panda {n}." for n in range(20)), "c"]
    assert counts == {"bad_row": 1}


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"id,text\n1,One.\n2,b\xffd\n3,NULL\n4,5\n5,\n")
    with pytest.raises(InputError, match="row 2 has a text that is not UTF-8"):
        read(path)
    expected = [(0, "One."), (2, "NULL"), (3, "5"), (4, "")]
    assert read(path, bad_input="drop") == (expected, {"not_utf8": 1})


def test_a_quote_that_nothing_closes(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    rows = "".join(f"{n},Panda {n}.\n" for n in range(600))
    path.write_text("id,text\n" + rows + '600,"Open.\n' + rows)
    with pytest.raises(InputError, match="over 0 MiB, or a quote that nothing closes; mend it"):
        read(path, sizes=ReadSizes(table_block=1000), bad_input="drop")


def test_nothing_but_names_or_nothing_at_all(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    for content in ("id,text\n", "\n", "\ufeff"):
        path.write_text(content)
        assert read(path, input_format="csv") == ([], {})
        with open_file(str(path)) as stream:
            assert FORMATS["csv"].check(stream, str(path), ReadOptions()) == 0


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_first_row_longer_than_what_is_looked_at(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "in.csv"
    texts = [", ".join(LINES) * 9, *LINES]
    assert len(texts[0]) > HEAD_BYTES
    path.write_bytes(table(texts, delimiter, quoting=csv.QUOTE_ALL))
    assert texts_of(path) == texts
    path.write_bytes(table(texts, delimiter, "review", quoting=csv.QUOTE_ALL))
    with pytest.raises(RefusedError, match="--text-field review"):
        looked_at(path, ReadOptions())
    assert texts_of(path, text_field="review") == texts


def test_a_part_without_rows_is_a_table(tmp_path: Path) -> None:
    """As engines write of an empty partition, beside others."""
    (tmp_path / "part-0.csv").write_bytes(table(LINES))
    (tmp_path / "part-1.csv").write_text("id,text\n")
    (tmp_path / "part-2.csv").write_text("A line of text, that is no table.\n")
    found = find_inputs([str(tmp_path)], ReadOptions()).files
    assert [file.format for file in found] == ["csv", "csv", "text"]


@pytest.mark.parametrize("escape", [True, False])
def test_quotes_behind_a_backslash(tmp_path: Path, escape: bool) -> None:
    """As Spark and MySQL write them; where quotes are doubled, a backslash is one of the text."""
    texts = [f'He said "so, {n}" in C:\\\nand left.' for n in range(300)]
    stream = io.StringIO()
    escaping = {"doublequote": False, "escapechar": "\\"} if escape else {}
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, **escaping)  # type: ignore[arg-type]
    writer.writerows([["id", "text"], *enumerate(texts)])
    path = tmp_path / "in.csv"
    path.write_text(stream.getvalue(), newline="")
    assert texts_of(path) == texts
