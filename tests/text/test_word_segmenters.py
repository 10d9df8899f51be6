"""Word segmenters: which there are, and what one of your own has to be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bertprep.errors import UsageError
from bertprep.text.chinese_words import Words
from bertprep.text.word_segmenters import load_segmenter, segmenter_versions


@pytest.fixture(scope="module")
def words() -> Words:
    pytest.importorskip("rjieba")
    return Words()


@pytest.mark.parametrize(
    ("name", "module", "extra"), [("jieba", "rjieba", "zh"), ("fugashi", "fugashi", "ja")]
)
def test_a_missing_segmenter_names_the_install_command(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=rf"pip install 'bertprep\[{extra}\]'"):
        Words(name)


def test_a_dictionary_adds_words_to_jiebas(tmp_path: Path, words: Words) -> None:
    text = "在云计算大学学习"
    assert words(text).going_on.tolist() == [3, 5, 7]  # 在 | 云 | 计算 | 大学 | 学习
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("\ufeff云计算大学 9000 n\n\n学习\n", encoding="utf-8")
    assert Words(f"jieba:{dictionary}")(text).going_on.tolist() == [2, 3, 4, 5, 7]
    before = segmenter_versions(f"jieba:{dictionary}")
    assert before["rjieba"]
    dictionary.write_text("云计算\n", encoding="utf-8")
    assert segmenter_versions(f"jieba:{dictionary}") != before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"\xff\xfe\x00", "it is not UTF-8"),
        ("云计算 many\n".encode(), "line 1: expected a word of a jieba dictionary"),
    ],
)
def test_what_is_no_dictionary_is_said(tmp_path: Path, content: bytes | None, message: str) -> None:
    pytest.importorskip("rjieba")
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        Words(f"jieba:{path}")


def test_japanese_words_join_kanji_and_the_kana_behind_them() -> None:
    pytest.importorskip("unidic_lite")
    # 東京 | 都 | に | 住ん | で | 食べ | ます: 京, ん of 住ん and べ of 食べ go on.
    found = Words("fugashi")("東京都に住んで食べます")
    assert found.going_on.tolist() == [1, 5, 8]
    # で and ます begin within kana, where it is for tokens to say whether a word can.
    assert found.beginning.tolist() == [6, 9]
    assert found.counts == {"segmented_words": 7, "misfit_words": 0}
    assert segmenter_versions("fugashi").keys() == {"fugashi", "unidic-lite"}


def test_a_long_japanese_text_is_cut_as_its_parts_are() -> None:
    pytest.importorskip("unidic_lite")
    cut = load_segmenter("fugashi")
    assert "".join(cut("東京都に住む" * 3000)) == "東京都に住む" * 3000
    assert list(cut("東京。\0大阪")) == ["東京", "。", "大阪"]


@pytest.mark.slow
def test_a_function_of_ones_own_finds_words_line_by_line(own: str) -> None:
    words = Words(f"{own}:Pairs.cut")
    assert words("我爱北京\nabc\n天安门").going_on.tolist() == [1, 3, 10]
    assert segmenter_versions(f"{own}:Pairs.cut")[own].startswith("sha256:")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere:cut", "No module named 'nowhere'"),
        ("{own}:missing", "has no attribute 'missing'"),
        ("{own}:number", "is a int, and no function"),
        ("{own}:broken", "failed: KeyError: 'x'"),
        ("{own}:count", r"each a str; got \[2\]"),
    ],
)
def test_a_function_that_cannot_be_used_is_said(own: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Words(name.format(own=own))("北京")
