"""Other encodings than UTF-8: by their marks, named, guessed; bytes that cannot be decoded."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import Any

import pytest

from bertprep.corpus.encodings import encoding_of, likely_encoding, transcoded
from bertprep.corpus.recognise import RefusedError
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError, UsageError
from bertprep.options import ReadOptions
from tests.corpus.formats.tables import looked_at, read

ENGLISH = "\n\n".join(f"The panda number {n} eats.\nIt sleeps." for n in range(60))
GERMAN = "\n\n".join(
    f"Der große Bär Nummer {n} frißt früh. Er schläft gern im Schatten über dem Fluß, wo auch "
    "die Vögel ihre Nester bauen und Kühe grüne Gräser kauen." for n in range(40)
)  # fmt: skip
CHINESE = "\n\n".join(
    f"第{n}回：话说天下大势，分久必合，合久必分。周末七国分争，并入于秦。及秦灭之后，楚、汉分争，又并入于汉。"
    for n in range(40)
)
TRADITIONAL = "\n\n".join(
    f"第{n}回：話說天下大勢，分久必合，合久必分。周末七國分爭，併入於秦。及秦滅之後，楚、漢分爭，又併入於漢。"
    for n in range(40)
)
RUSSIAN = "\n\n".join(
    f"Большая панда номер {n} ест бамбук весь день. Потом она спит на дереве у реки, и никто её "
    "не будит до самого вечера." for n in range(40)
)  # fmt: skip


def texts(path: Path, **options: Any) -> list[str]:
    found, counts = read(path, **options)
    assert counts == {}
    return [text for _, text in found]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [ENGLISH, CHINESE, "𝔓anda.\n\nB."])
def test_a_mark_says_the_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "in.txt"
    content = ("\ufeff" + text).encode(encoding)
    for stored in (content, gzip.compress(content)):
        path.write_bytes(stored)
        assert looked_at(path, ReadOptions()).encoding == encoding
        assert texts(path) == text.split("\n\n")
        # The mark is stronger than what is said of all files.
        assert texts(path, encoding="cp1252") == text.split("\n\n")


def test_other_formats_in_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_bytes('{"text": "熊猫"}\n{"text": "One."}\n'.encode("utf-16"))
    assert texts(path) == ["熊猫", "One."]
    path.write_bytes('id,text\n1,"熊猫,\n二"\n2,One.\n'.encode("utf-16"))
    assert texts(path) == ["熊猫,\n二", "One."]


@pytest.mark.parametrize(
    ("text", "encoding", "guess"),
    [
        (GERMAN, "cp1252", "cp1252"),
        (GERMAN, "latin-1", "cp1252"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8_r"),
    ],
)
def test_the_likely_encoding_is_named_and_reads_it(
    tmp_path: Path, text: str, encoding: str, guess: str
) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(InputError) as caught:
        read(path, documents="file")
    assert f"; it looks like {guess}: say --encoding {guess}; --bad-input drop" in str(caught.value)
    assert texts(path, documents="file", encoding=guess) == [text]
    # A cut within a character makes no difference.
    assert likely_encoding(text.encode(encoding) * 20) == guess


@pytest.mark.parametrize("encoding", ["UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"])
def test_without_a_mark_the_way_out_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(ENGLISH.encode(encoding))
    with pytest.raises(
        RefusedError, match=f"without a byte order mark.* say --encoding {encoding}"
    ):
        looked_at(path, ReadOptions())
    assert texts(path, encoding=encoding) == ENGLISH.split("\n\n")


def test_damaged_utf8_is_no_other_encoding(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    for text in (CHINESE, ENGLISH):
        content = bytearray(text.encode())
        content[300] = 0xFF
        path.write_bytes(content)
        with pytest.raises(InputError, match="a few bytes of it are damaged: --bad-input replace"):
            read(path, documents="file")


@pytest.mark.parametrize("line", ["b\xffd", '{"text": "b\xffd"}', "id,text\n1,b\xffd"])
def test_undecodable_bytes_fail_drop_or_are_replaced(tmp_path: Path, line: str) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(line.encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        read(path)
    assert read(path, bad_input="drop") == ([], {"not_utf8": 1})
    found, counts = read(path, bad_input="replace")
    assert [text for _, text in found] == ["b\ufffdd"]
    assert counts == {"replaced_bytes": 1}


def test_replace_is_for_bytes_alone(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text('{"text": "a"}\n{broken\n')
    with pytest.raises(InputError, match="line 2"):
        read(path, bad_input="replace")


def test_bytes_that_the_named_encoding_has_not(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    good, bad = "熊猫。".encode("gb18030"), b"\xff\xff\x80"
    path.write_bytes(good + b"\n\n" + good + bad + b"\n\n" + good)
    with pytest.raises(InputError, match=r"line 3 \(byte 20\) is not gb18030; --bad-input replace"):
        read(path, encoding="gb18030")
    assert [t for _, t in read(path, encoding="gb18030", bad_input="drop")[0]] == ["熊猫。"] * 2
    kept = [t for _, t in read(path, encoding="gb18030", bad_input="replace")[0]]
    assert kept[1].startswith("熊猫。\ufffd")


def test_a_file_in_another_encoding_is_read_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(("熊猫。\n\n" * 500_000).encode("gb18030"))
    options = ReadOptions(encoding="gb18030")
    file = looked_at(path, options)
    assert [len(split) for split in plan_splits([file], options)] == [1]
    assert len(plan_splits([looked_at(path, ReadOptions(input_format="text"))], options)) > 1


def test_utf8_by_another_name_is_not_decoded() -> None:
    assert [encoding_of(b"a", name) for name in ("", "utf8", "ascii", "gbk")] == ["", "", "", "gbk"]
    assert encoding_of(codecs.BOM_UTF8 + b"a", "gbk") == ""


@pytest.mark.parametrize("name", ["nonsense", "rot13", "base64", "hex", "idna2"])
def test_an_encoding_that_is_none_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError, match=f"--encoding must be a text encoding.*'{name}'"):
        ReadOptions(encoding=name)


def test_a_character_that_a_piece_cuts_is_whole() -> None:
    import io

    stream = transcoded(io.BytesIO("熊a猫𝔓".encode("utf-16-le")), "utf-16-le", read_bytes=1)
    assert stream.read() == "熊a猫𝔓".encode()
