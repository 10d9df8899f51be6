"""How much there is in the inputs, by a look: against all of it, read."""

from __future__ import annotations

import bz2
import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.read import read_split
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.corpus_contents import contents_of
from pipelines.folders.input_sampler import Sampler
from pipelines.folders.inputs import find_inputs

READ = ReadOptions()
WORDS = ["river", "stone", "falls", "over", "old", "mill", "green", "valley", "bread", "house"]
# Some splits each; and of compressed files, several batches.
SPLITS = ReadSizes(least_split=1 << 17, most_split=1 << 17)


# Of a whole-numbered period, they would be in step with the splits.
LENGTHS = [random.Random(number).randrange(10, 80) for number in range(500)]


def article(number: int) -> str:
    """Of one to eight paragraphs of sentences of their own."""
    start = number * 7
    sentences = [
        f"In {1000 + start + n} the {WORDS[(start + n * n) % 10]} of {WORDS[(n + number) % 10]} "
        f"stood by the {WORDS[(start * n) % 10]}, and nobody in {number} had asked for it."
        for n in range(LENGTHS[number])
    ]
    return "\n".join(" ".join(sentences[i : i + 9]) for i in range(0, len(sentences), 9))


ARTICLES = [article(number) for number in range(500)]


def page(number: int, text: str) -> str:
    marked = text.replace(
        ", and", "<ref>{{cite book|title=A book of some length|year=1999}}</ref>, and"
    )
    body = f"'''Page {number}''' is one.\n\n{marked}\n\n[[Category:Pages]]"
    return (
        f"<page><title>Page {number}</title><ns>0</ns><id>{number + 1}</id><revision>"
        f"<id>{number}</id><model>wikitext</model><format>text/x-wiki</format>"
        f'<text xml:space="preserve">{body.replace("<", "&lt;").replace(">", "&gt;")}</text>'
        "</revision></page>\n"
    )


def write_text(folder: Path) -> Path:
    path = folder / "a.txt"
    path.write_text("\n\n".join(ARTICLES))
    return path


def write_gzip(folder: Path) -> Path:
    path = folder / "a.txt.gz"
    path.write_bytes(gzip.compress("\n\n".join(ARTICLES).encode(), 1))
    return path


def write_json_lines(folder: Path) -> Path:
    path = folder / "a.jsonl"
    lines = (json.dumps({"meta": "x" * 2000, "text": text}) for text in ARTICLES)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def write_parquet(folder: Path) -> Path:
    path = folder / "a.parquet"
    rows = pa.table({"id": range(len(ARTICLES)), "text": ARTICLES})
    pq.write_table(rows, path, row_group_size=100, compression="zstd")
    return path


def write_dump(folder: Path) -> Path:
    path = folder / "dump.xml"
    head = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11">\n'
    path.write_text(head + "".join(map(page, range(500), ARTICLES)) + "</mediawiki>\n")
    return path


def write_packed_dump(folder: Path) -> Path:
    path = folder / "dump.xml.bz2"
    path.write_bytes(bz2.compress(write_dump(folder).read_bytes(), 1))
    return path


def words_in(text: bytes) -> int:
    return len(text.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "write",
    [write_text, write_gzip, write_json_lines, write_parquet, write_dump, write_packed_dump],
)
def test_a_look_tells_about_all(write: Callable[[Path], Path], tmp_path: Path) -> None:
    inputs, _ = find_inputs([str(write(tmp_path))], READ)
    splits = plan_splits(inputs, READ, READ_SIZES if inputs[0].compression == "bzip2" else SPLITS)
    batches = [b for s in splits for b in read_split(s, files.open_input, READ, Drops())]
    found = contents_of(splits, Sampler(READ), words_in)
    texts = [
        b.text[start:end] for b in batches for start, end in zip(b.starts, b.ends, strict=True)
    ]
    assert len(texts) == 500
    assert found.documents == pytest.approx(500, rel=0.2)
    assert found.text_bytes == pytest.approx(sum(map(len, texts)), rel=0.2)
    assert found.tokens == pytest.approx(sum(map(words_in, texts)), rel=0.2)


@pytest.mark.slow
def test_kinds_of_files_are_looked_at_each(tmp_path: Path) -> None:
    write_text(tmp_path)
    write_dump(tmp_path)
    inputs, _ = find_inputs([str(tmp_path)], READ)
    found = contents_of(plan_splits(inputs, READ, SPLITS), Sampler(READ))
    assert found.documents == pytest.approx(1000, rel=0.2)
    assert found.tokens == 0  # which nobody counts


def test_small_files_are_known_to_the_byte(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(ARTICLES[number])
    inputs, _ = find_inputs([str(tmp_path)], READ)
    found = contents_of(plan_splits(inputs, READ), Sampler(READ), words_in)
    assert found[:2] == (5, sum(map(len, ARTICLES[:5])))
    assert found.tokens == pytest.approx(sum(len(a.split()) for a in ARTICLES[:5]), rel=0.01)
