"""A look at a few places of the inputs, by streams that share a limit."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bertprep.corpus.files import ByteRange, InputFile, Split
from bertprep.options import ReadOptions
from pipelines.folders.corpus_contents import contents_of
from pipelines.folders.input_sampler import EnoughRead, Limited, Sampler


def test_streams_share_what_is_left() -> None:
    left = [10]
    one, other = (Limited(io.BytesIO(b"0123456789"), left) for _ in range(2))
    assert one.read(4) == b"0123"
    assert other.read(6) == b"012345"
    assert left == [0]
    assert other.read(0) == b""
    with pytest.raises(EnoughRead):
        one.read(1)


def test_all_else_is_the_streams() -> None:
    stream = Limited(io.BytesIO(b"0123456789"), [100])
    stream.seek(7)
    assert (stream.read(), stream.tell(), stream.closed) == (b"789", 10, False)
    stream.close()
    assert stream.closed


def split_of(path: Path, end: int) -> Split:
    return (ByteRange(InputFile(str(path), path.name, end), 0, end),)


def test_documents_are_counted_at_a_few_places(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("A document of one line.\n\n" * 400)
    size = file.stat().st_size
    about = contents_of([split_of(file, size)] * 9, Sampler(ReadOptions()))
    assert about.documents == pytest.approx(9 * 400, rel=0.15)


def test_what_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    gone = [split_of(tmp_path / "gone.txt", 9)]
    assert list(Sampler(ReadOptions()).batches(gone)) == []
    assert contents_of(gone, Sampler(ReadOptions())) == (1, 9, 0)


def test_places_lie_evenly_in_the_bytes_and_not_in_the_files(tmp_path: Path) -> None:
    splits = []
    for number, size in enumerate((10, 5000, 5000, 10, 5000, 20)):
        path = tmp_path / f"{number}.txt"
        path.write_text("x" * size)
        splits.append(Split((ByteRange(InputFile(str(path), path.name, size), 0, size),)))
    looked_at = [batch.name_of(0) for batch in Sampler(ReadOptions()).batches(splits)]
    assert looked_at == ["1.txt", "2.txt", "4.txt"]


def test_a_place_is_read_once_for_all_who_ask(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A document of one line.\n\n" * 400)
    splits = [split_of(path, path.stat().st_size)]
    sampler = Sampler(ReadOptions())
    (batch,) = sampler.batches(splits)
    path.unlink()
    assert [again is batch for again in sampler.batches(splits)] == [True]
