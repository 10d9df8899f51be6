"""Templates, files and categories as wikis of other languages have them."""

from __future__ import annotations

import pytest

from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.wikicode import text_of


@pytest.mark.parametrize(
    ("language", "wikitext", "prose"),
    [
        ("de", "Er heißt {{enS|bear}}, {{lang-la|ursus}} oder {{\"|Petz}}.",
         "Er heißt bear, ursus oder „Petz“."),
        ("de", "Der Berg ist {{Höhe|1234|DE}} hoch, {{formatnum:12345}} Leute.",
         "Der Berg ist 1234 m hoch, 12345 Leute."),
        ("fr", "Au {{s|XIX}}, le {{1er}} {{date|3|mai|1900}}, {{unité|105|km|2}} et "
         "{{unité|5|km|h|-1}}, {{n°|5}}, {{citation|oui}}.",
         "Au XIXe siècle, le 1er 3 mai 1900, 105 km² et 5 km/h, no 5, « oui »."),
        ("ru", "Лондон ({{lang-en|London}}), {{s|5 км}}, {{нп5|Имя|имени|en|Name}}.",
         "Лондон (London), 5 км, имени."),
        ("zh", "李明{{bd|1900年|1月1日|1980年|2月2日|L}}，{{le|作家|Writer}}。",
         "李明（1900年1月1日－1980年2月2日），作家。"),
        ("ja", "{{読み仮名|熊|くま}}は{{仮リンク|動物|en|Animal}}。", "熊（くま）は動物。"),
        ("es", "Mide {{unidad|5|km}} desde el {{siglo|XIX}}.", "Mide 5 km desde el siglo XIX."),
        ("en", "It is {{lang-fr|ours}}, {{s|XIX}}so.", "It is French: ours, so."),
    ],
)  # fmt: skip
def test_rendered(language: str, wikitext: str, prose: str) -> None:
    assert text_of(wikitext, "T", Site(language=language), lambda why, what: None) == prose


@pytest.mark.parametrize(
    ("file", "category"),
    [
        ("Datei", "Kategorie"), ("Bild", "Kategorie"), ("Fichier", "Catégorie"),
        ("Файл", "Категория"), ("Изображение", "Категория"), ("文件", "分类"), ("檔案", "分類"),
        ("ファイル", "カテゴリ"), ("파일", "분류"), ("Archivo", "Categoría"), ("ملف", "تصنيف"),
        ("Plik", "Kategoria"), ("Bestand", "Categorie"), ("Ficheiro", "Categoria"),
    ],
)  # fmt: skip
def test_files_and_categories_go_in_any_language(file: str, category: str) -> None:
    """A wiki tells of one name for each; older ones, and parts of dumps, tell of none."""
    wikitext = f"A bear.[[{file}:A.jpg|thumb|A [[bear]] here.]] It eats.\n\n[[{category}:Bears]]"
    dropped: list[str] = []
    found = text_of(wikitext, "T", Site(), lambda why, what: dropped.append(why))
    assert found == "A bear. It eats."
    assert dropped == ["link", "link"]


def test_the_language_of_a_wiki_is_in_its_header() -> None:
    header = b'<mediawiki xmlns="http://x" version="0.11" xml:lang="de">\n<siteinfo>'
    assert Site.of_header(header).language == "de"
    assert Site.of_header(b"<mediawiki>").language == ""
