"""The site of a dump, described before its first page: the names of its namespaces."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_NAMESPACE = re.compile(rb'<namespace key="(-?\d+)"[^<>]*>([^<]*)</namespace>')
# All of it fits, as long as the list of namespaces is.
HEADER_BYTES = 1 << 16
_FILE, _MEDIA, _CATEGORY = 6, -2, 14
_LANGUAGE = re.compile(rb'<mediawiki\b[^<>]*\bxml:lang="([a-z]+)')
# Every wiki knows the English names beside its own, and often older ones that it does not tell of;
# a part of a dump tells of none.
_NAMES = (
    "file|image|media|category|datei|bild|kategorie|fichier|catégorie|файл|изображение|категория|"
    "зображення|категорія|картинка|文件|檔案|档案|图像|圖像|媒体|分类|分類|ファイル|画像|カテゴリ|"
    "파일|그림|분류|archivo|imagen|categoría|ficheiro|arquivo|imagem|categoria|immagine|bestand|"
    "afbeelding|categorie|plik|grafika|kategoria|fil|kategori|tiedosto|kuva|luokka|soubor|obrázok|"
    "súbor|kategória|fájl|kép|dosya|resim|ملف|صورة|تصنيف|پرونده|تصویر|رده|קובץ|תמונה|קטגוריה|"
    "αρχείο|εικόνα|κατηγορία|tập tin|hình|thể loại|berkas|gambar|ไฟล์|ภาพ|หมวดหมู่|चित्र|श्रेणी|"
    "চিত্র|বিষয়শ্রেণী|fișier|imagine|slika|kategorija|datoteka|слика|категорија|датотека|attēls|vaizdas|"
    "failas|fitxer|imatge|dosiero|fitxategi|kategoriji|պատկեր|კატეგორია|ფაილი"
)
_HIDDEN = tuple(_NAMES.split("|"))


@dataclass(frozen=True)
class Site:
    """A wiki.

    Attributes:
        spaces: the names of its namespaces, in lower case.
        hidden: those whose links put nothing into the text: files and categories.
        language: of the wiki; "" if it does not say.
    """

    spaces: frozenset[str] = frozenset(_HIDDEN)
    hidden: frozenset[str] = frozenset(_HIDDEN)
    language: str = ""

    @classmethod
    def of_header(cls, header: bytes) -> Site:
        """Reads what stands before the first page."""
        found = [
            (int(key), html.unescape(name.decode("utf-8", "replace")).lower())
            for key, name in _NAMESPACE.findall(header)
        ]
        hidden = {name for key, name in found if key in (_FILE, _MEDIA, _CATEGORY)}
        spaces = {name for _, name in found}
        language = _LANGUAGE.search(header)
        return cls(
            frozenset(spaces.union(_HIDDEN)),
            frozenset(hidden.union(_HIDDEN)),
            language[1].decode() if language else "",
        )
