"""Rows that are lines of one text: told, or named, and read as the lines that they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs
from pipelines.messages.first_lines import describe_inputs
from pipelines.messages.option_warnings import input_warnings
from tests.corpus.formats.tables import write_file, write_parquet, write_stream
from tests.corpus.published import read

SENTENCES = [f"the {n} pandas ate and ate , and then they slept ." for n in range(1000)]
WIKITEXT = [
    "",
    " = Panda = \n",
    "",
    " It eats <unk> @-@ like grass . \n",
    " = = Names = = \n",
    " Two . \n",
]
PLAIN = ["A line of it, said Ann.\n", "The second line.\n", "\n", "Another text.\n"]

Write = Callable[[Path, list[str]], object]


def _json_lines(path: Path, texts: list[str]) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


STORED: dict[str, Write] = {
    "parquet": lambda path, texts: write_parquet(path, pa.table({"text": texts})),
    "arrow stream": lambda path, texts: write_stream(path, pa.table({"text": texts})),
    "arrow file": lambda path, texts: write_file(path, pa.table({"text": texts})),
    "jsonl": _json_lines,
    "json": lambda path, texts: path.write_text(json.dumps([{"text": text} for text in texts])),
    "json-strings": lambda path, texts: path.write_text("\n".join(map(json.dumps, texts))),
    "csv": lambda path, texts: path.write_text(
        "id,text\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(texts))
    ),
}
LINES = {
    "wikitext": (WIKITEXT * 60, "".join(line or "\n" for line in WIKITEXT * 60)),
    "bookcorpus": (SENTENCES, "\n".join(SENTENCES)),
    "text": (PLAIN * 60, "".join(PLAIN * 60)),
}


@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("kind", LINES)
def test_rows_give_the_documents_of_the_file_that_they_are_lines_of(
    stored: str, kind: str, tmp_path: Path
) -> None:
    rows, text = LINES[kind]
    for name in ("rows", "lines"):
        (tmp_path / name).mkdir()
    STORED[stored](tmp_path / "rows" / "in", rows)
    (tmp_path / "lines" / "in").write_text(text)
    expected, _, formats = read(tmp_path / "lines")
    assert formats == {kind}
    assert len(expected) > 1
    texts, drops, formats = read(tmp_path / "rows")
    assert formats == {kind}
    assert texts == expected
    assert set(drops.counts) <= {"title_line"}
    if kind != "text" or stored in ("parquet", "arrow stream", "arrow file"):
        assert read(tmp_path / "rows", input_format=kind)[0] == expected


def test_what_is_taken_as_lines_is_said_and_can_be_undone(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": SENTENCES}), tmp_path / "in")
    options = ReadOptions()
    corpus = find_inputs([str(tmp_path)], options).files
    said = describe_inputs(corpus, options, 1)
    assert "1 file of a sentence a line" in said
    assert "each line is a row of Parquet (--input-format parquet makes each a document)" in said
    texts, _, formats = read(tmp_path, input_format="parquet")
    assert (texts, formats) == (SENTENCES, {"parquet"})
    named = ReadOptions(text_field="text,other")
    assert not input_warnings(find_inputs([str(tmp_path)], named).files, named)


def test_rows_with_labels_are_no_book(tmp_path: Path) -> None:
    """Reviews of one sentence look the same, but each stands for itself."""
    pq.write_table(pa.table({"text": SENTENCES, "label": [1] * 1000}), tmp_path / "in")
    assert read(tmp_path)[2] == {"parquet"}
    assert read(tmp_path, input_format="bookcorpus")[2] == {"bookcorpus"}


@pytest.mark.parametrize(
    "rows",
    [["A text.\nOf two lines.\n", "\n", "One.\n"] * 50, ["A text.", "", "One."] * 50, PLAIN * 9],
    ids=["texts of lines", "no line ends", "few"],
)
def test_other_rows_are_documents(rows: list[str], tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": rows}), tmp_path / "in")
    assert read(tmp_path)[2] == {"parquet"}


def test_a_bad_row_is_told_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "in"
    pq.write_table(pa.table({"text": [b"a sentence .", b"caf\xe9 .", b"another ."]}), path)
    with pytest.raises(InputError, match="row 2 has a text that is not UTF-8"):
        read(path, input_format="bookcorpus")
    texts, drops, _ = read(path, input_format="bookcorpus", bad_input="drop")
    assert texts == ["a sentence .\nanother ."]
    assert drops.counts == {"not_utf8": 1}
    path.write_text('{"text": "a sentence ."}\n{"text": "another ."}\nbroken\n')
    with pytest.raises(InputError, match=r"line 3 \(byte 47\) is not one JSON object"):
        read(path, input_format="bookcorpus")


def test_a_file_cut_short_gives_what_is_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "in"
    write_stream(path, pa.table({"text": SENTENCES}))
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(InputError, match="is truncated: it is no sound"):
        read(path)
    texts, drops, _ = read(path, bad_input="drop")
    assert "\n".join(texts).split("\n") == SENTENCES[: sum(t.count("\n") + 1 for t in texts)]
    assert drops.counts == {"damaged_file": 1}
